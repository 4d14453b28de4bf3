package dev.llmmem.bench.parity;

import dev.llmmem.metrics.rouge.Rouge;
import dev.llmmem.metrics.rouge.RougeBootstrap;
import dev.llmmem.metrics.rouge.RougeInterval;
import dev.llmmem.metrics.rouge.RougeIntervals;
import dev.llmmem.metrics.rouge.RougeScore;
import dev.llmmem.metrics.rouge.RougeScores;
import dev.llmmem.metrics.rouge.RougeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Rows of rouge_score 0.1.2. */
final class RougeRows {

    private RougeRows() {}

    static void scores(JsonNode row, Tally tally) {
        List<String> references = row.has("targets")
                ? Rows.texts(row.path("targets"))
                : List.of(row.path("target").asString());
        for (boolean stemmed : new boolean[] {false, true}) {
            JsonNode expected = row.path(stemmed ? "stem" : "nostem");
            List<RougeType> types = new ArrayList<>();
            expected.propertyNames().forEach(name -> types.add(RougeType.fromName(name)));
            RougeScores scores = Rouge.of(types)
                    .withStemmer(stemmed)
                    .score(row.path("prediction").asString(), references);
            expected.properties()
                    .forEach(type -> tally.same(
                            Rows.name(row) + " " + type.getKey() + (stemmed ? ", stemmed" : ""),
                            score(type.getValue()),
                            scores.get(RougeType.fromName(type.getKey()))));
        }
    }

    static void bootstrap(JsonNode row, Tally tally) {
        List<RougeScores> scores = new ArrayList<>();
        for (JsonNode example : row.path("scores")) {
            Map<RougeType, RougeScore> byType = new LinkedHashMap<>();
            example.properties().forEach(type -> byType.put(RougeType.fromName(type.getKey()), score(type.getValue())));
            scores.add(new RougeScores(byType));
        }
        RougeIntervals intervals = RougeBootstrap.seeded(
                        row.path("np_random_seed").asLong())
                .withSamples(row.path("n_samples").asInt())
                .withConfidence(row.path("confidence_interval").asDouble())
                .aggregate(scores);
        row.path("aggregate").properties().forEach(type -> {
            JsonNode bounds = type.getValue();
            tally.same(
                    Rows.name(row) + " " + type.getKey(),
                    new RougeInterval(score(bounds.path("low")), score(bounds.path("mid")), score(bounds.path("high"))),
                    intervals.get(RougeType.fromName(type.getKey())));
        });
    }

    private static RougeScore score(JsonNode triple) {
        return new RougeScore(
                triple.path(0).asDouble(),
                triple.path(1).asDouble(),
                triple.path(2).asDouble());
    }
}
