package dev.llmmem.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report as one JSON object. */
final class AccuracyJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AccuracyJson() {}

    /**
     * Writes a report.
     *
     * @param report the report
     * @param withRows whether each row is told, too
     * @return one line; numbers about errors are {@code null} where no row was estimated
     */
    static String of(AccuracyReport report, boolean withRows) {
        ObjectNode json = JSON.createObjectNode();
        json.put("rows", report.outcomes().size());
        json.put("estimated", report.estimated());
        ObjectNode refused = json.putObject("refused");
        report.refused().forEach(refused::put);
        json.put("skipped", report.skipped());
        put(json.putObject("peak"), report.peak());
        ObjectNode groups = json.putObject("groups");
        report.groups().forEach((name, group) -> {
            ObjectNode numbers = groups.putObject(name);
            numbers.put("rows", group.rows());
            numbers.put("estimated", group.peak().map(ErrorStatistics::count).orElse(0));
            put(numbers, group.peak());
        });
        if (withRows) {
            putRows(json.putArray("details"), report.outcomes());
        }
        return json.toString();
    }

    private static void put(ObjectNode json, Optional<ErrorStatistics> errors) {
        json.put("meanAbsPct", errors.map(ErrorStatistics::mean).orElse(null));
        json.put("medianAbsPct", errors.map(ErrorStatistics::median).orElse(null));
        json.put("p95AbsPct", errors.map(ErrorStatistics::p95).orElse(null));
        json.put("maxAbsPct", errors.map(ErrorStatistics::max).orElse(null));
        json.put("within01Pct", errors.map(ErrorStatistics::within01).orElse(null));
        json.put("within1Pct", errors.map(ErrorStatistics::within1).orElse(null));
    }

    private static void putRows(ArrayNode json, List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            OracleRow row = outcome.row();
            ObjectNode entry = json.addObject();
            entry.put("id", row.id());
            entry.put("modelType", row.modelType());
            entry.put("group", RowGroup.job(row.oracle()));
            if (outcome instanceof Outcome.Refused refused) {
                entry.put("refused", refused.reason());
            } else if (outcome instanceof Outcome.Estimated estimated) {
                Comparison comparison = estimated.comparison();
                put(entry.putObject("peak"), comparison.peak());
                put(entry.putObject("phases"), comparison.phases());
                put(entry.putObject("alive"), comparison.alive());
            } else {
                entry.put("skipped", true);
            }
        }
    }

    private static void put(ObjectNode json, Map<String, Figure> figures) {
        figures.forEach((name, figure) -> put(json.putObject(name), figure));
    }

    private static void put(ObjectNode json, Figure figure) {
        json.put("observed", figure.truth());
        json.put("estimated", figure.estimate());
    }
}
