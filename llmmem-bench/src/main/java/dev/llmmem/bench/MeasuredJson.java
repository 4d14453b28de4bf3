package dev.llmmem.bench;

import java.util.List;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report about published measurements as one JSON object. */
final class MeasuredJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private MeasuredJson() {}

    /**
     * Writes a report.
     *
     * @param report the report
     * @param withRows whether each row is told, too
     * @return one line
     */
    static String of(MeasuredReport report, boolean withRows) {
        ObjectNode json = JSON.createObjectNode();
        json.put("rows", report.outcomes().size());
        json.put("compared", report.compared());
        ObjectNode incomplete = json.putObject("incomplete");
        report.incomplete().forEach(incomplete::put);
        ObjectNode notModelled = json.putObject("notModelled");
        report.notModelled().forEach(notModelled::put);
        ObjectNode groups = json.putObject("groups");
        report.groups()
                .forEach((name, errors) -> groups.putObject(name)
                        .put("rows", errors.count())
                        .put("meanAbsPct", errors.mean())
                        .put("medianAbsPct", errors.median())
                        .put("p95AbsPct", errors.p95())
                        .put("maxAbsPct", errors.max()));
        if (withRows) {
            putRows(json.putArray("details"), report.outcomes());
        }
        return json.toString();
    }

    private static void putRows(ArrayNode json, List<MeasuredOutcome> outcomes) {
        for (MeasuredOutcome outcome : outcomes) {
            ObjectNode entry = json.addObject().put("id", outcome.row().id());
            if (outcome instanceof MeasuredOutcome.Compared compared) {
                entry.put("measuredGiB", outcome.row().gib()).put("estimatedGiB", compared.estimate());
            } else if (outcome instanceof MeasuredOutcome.Incomplete missing) {
                entry.put("incomplete", missing.reason());
            } else if (outcome instanceof MeasuredOutcome.NotModelled refused) {
                entry.put("notModelled", refused.reason());
            }
        }
    }
}
