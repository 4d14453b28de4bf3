package dev.llmmem.metrics.rouge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.metrics.statistics.Mt19937;
import dev.llmmem.metrics.text.PorterStemmer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every number equal to the last bit. */
class RougeGoldenTest {

    @Test
    void scoresAsRougeScore() {
        assertThat(scoreDifferences(GoldenRows.of("rouge.jsonl"))).isEmpty();
    }

    static List<String> scoreDifferences(List<Map<String, Object>> rows) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            String prediction = (String) GoldenRows.at(row, "prediction");
            List<String> references = row.containsKey("targets")
                    ? GoldenRows.list(GoldenRows.at(row, "targets"))
                    : List.of((String) GoldenRows.at(row, "target"));
            for (String key : List.of("nostem", "stem")) {
                boolean stemming = key.equals("stem");
                Map<RougeType, RougeScore> expected = new LinkedHashMap<>();
                GoldenRows.map(GoldenRows.at(row, key))
                        .forEach((type, score) -> expected.put(RougeType.fromName(type), GoldenRows.score(score)));
                Rouge rouge = Rouge.of(List.copyOf(expected.keySet())).withStemmer(stemming);
                RougeScores scores = rouge.score(prediction, references);
                // the same tokens by the way that other tokenizers take
                RougeScores slow = rouge.withTokenizer(text -> rouge.tokenizer().tokenize(text))
                        .score(prediction, references);
                Object tokens = row.get(stemming ? "prediction_tokens_stem" : "prediction_tokens");
                if (!scores.byType().equals(expected)
                        || !slow.equals(scores)
                        || (tokens != null && !tokens.equals(rouge.tokenizer().tokenize(prediction)))) {
                    differences.add(GoldenRows.at(row, "id") + " " + key + ": " + scores + " instead of " + expected);
                }
            }
        }
        return differences;
    }

    @Test
    void bootstrapsAsRougeScore() {
        assertThat(bootstrapDifferences(GoldenRows.of("rouge_bootstrap.jsonl"))).isEmpty();
    }

    static List<String> bootstrapDifferences(List<Map<String, Object>> rows) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            List<RougeScores> scores = new ArrayList<>();
            for (Object example : GoldenRows.list(GoldenRows.at(row, "scores"))) {
                Map<RougeType, RougeScore> byType = new LinkedHashMap<>();
                GoldenRows.map(example)
                        .forEach((type, score) -> byType.put(RougeType.fromName(type), GoldenRows.score(score)));
                scores.add(new RougeScores(byType));
            }
            Map<RougeType, RougeInterval> expected = new LinkedHashMap<>();
            GoldenRows.map(GoldenRows.at(row, "aggregate")).forEach((type, value) -> {
                Map<String, Object> bounds = GoldenRows.map(value);
                expected.put(
                        RougeType.fromName(type),
                        new RougeInterval(
                                GoldenRows.score(GoldenRows.at(bounds, "low")),
                                GoldenRows.score(GoldenRows.at(bounds, "mid")),
                                GoldenRows.score(GoldenRows.at(bounds, "high"))));
            });
            RougeIntervals intervals = RougeBootstrap.seeded(
                            ((Number) GoldenRows.at(row, "np_random_seed")).longValue())
                    .withSamples(((Number) GoldenRows.at(row, "n_samples")).intValue())
                    .withConfidence(((Number) GoldenRows.at(row, "confidence_interval")).doubleValue())
                    .aggregate(scores);
            if (!intervals.byType().equals(expected)) {
                differences.add(GoldenRows.at(row, "id") + ": " + intervals + " instead of " + expected);
            }
        }
        return differences;
    }

    @Test
    void stemsAsNltk() {
        assertThat(stemDifferences(GoldenRows.of("porter.jsonl"))).isEmpty();
    }

    static List<String> stemDifferences(List<Map<String, Object>> rows) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            String stem = PorterStemmer.stem((String) GoldenRows.at(row, "w"));
            if (!stem.equals(GoldenRows.at(row, "s"))) {
                differences.add(GoldenRows.at(row, "w") + ": " + stem + " instead of " + GoldenRows.at(row, "s"));
            }
        }
        return differences;
    }

    @Test
    void drawsAsNumpy() {
        assertThat(drawDifferences(GoldenRows.of("rng.jsonl"))).isEmpty();
    }

    static List<String> drawDifferences(List<Map<String, Object>> rows) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            if (!GoldenRows.at(row, "gen").equals("RandomState.choice")) {
                continue;
            }
            Mt19937 generator = new Mt19937(((Number) GoldenRows.at(row, "seed")).longValue());
            List<Long> drawn = new ArrayList<>();
            for (int i = 0; i < GoldenRows.list(GoldenRows.at(row, "values")).size(); i++) {
                drawn.add((long) generator.index(((Number) GoldenRows.at(row, "n")).intValue()));
            }
            if (!drawn.equals(GoldenRows.at(row, "values"))) {
                differences.add(GoldenRows.at(row, "seed") + ", " + GoldenRows.at(row, "n") + ": " + drawn);
            }
        }
        return differences;
    }
}
