package dev.llmmem.bench.parity;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.chrf.ChrF;
import dev.llmmem.metrics.chrf.ChrFScore;
import dev.llmmem.metrics.ter.Ter;
import dev.llmmem.metrics.ter.TerScore;
import dev.llmmem.metrics.text.TercomTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Rows of chrF and TER as sacreBLEU 2.6.0 computes them. */
final class CorpusRows {

    private CorpusRows() {}

    static void chrF(JsonNode row, Tally tally) {
        for (JsonNode run : row.path("runs")) {
            String what = Rows.name(row) + " " + run.path("opt");
            Accumulator<ChrFScore> corpus = chrF(run.path("opt")).corpus();
            Rows.examples(row).forEach(corpus::add);
            ChrFScore score = corpus.result();
            List<Double> counts = new ArrayList<>();
            score.counts()
                    .forEach(order -> counts.addAll(List.of(
                            (double) order.hypothesis(), (double) order.reference(), (double) order.matches())));
            tally.same(what, run.path("score").asDouble(), score.score());
            tally.same(what + " name", run.path("name").asString(), score.name());
            tally.same(what + " stats", Rows.numbers(run.path("stats")), counts);
            tally.same(what + " signature", run.path("signature").asString(), score.signature());
            tally.same(what + " format", run.path("format").asString(), score.toString());
        }
    }

    private static ChrF chrF(JsonNode options) {
        ChrF chrF = ChrF.withDefaults();
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            JsonNode value = option.getValue();
            chrF = switch (option.getKey()) {
                case "char_order" -> chrF.withCharacterOrder(value.asInt());
                case "word_order" -> chrF.withWordOrder(value.asInt());
                case "beta" -> chrF.withBeta(value.asInt());
                case "lowercase" -> chrF.withLowercase(value.asBoolean());
                case "whitespace" -> chrF.withWhitespace(value.asBoolean());
                case "eps_smoothing" -> chrF.withEpsilonSmoothing(value.asBoolean());
                default -> throw new IllegalArgumentException("option " + option.getKey() + " is not known");
            };
        }
        return chrF;
    }

    static void ter(JsonNode row, Tally tally) {
        for (JsonNode run : row.path("runs")) {
            String what = Rows.name(row) + " " + run.path("opt");
            Accumulator<TerScore> corpus = ter(run.path("opt")).corpus();
            Rows.examples(row).forEach(corpus::add);
            TerScore score = corpus.result();
            tally.same(what, run.path("score").asDouble(), score.score());
            tally.same(what + " num_edits", run.path("num_edits").asLong(), score.edits());
            tally.same(what + " ref_length", run.path("ref_length").asDouble(), score.referenceLength());
            tally.same(what + " signature", run.path("signature").asString(), score.signature());
            tally.same(what + " format", run.path("format").asString(), score.toString());
        }
    }

    private static Ter ter(JsonNode options) {
        TercomTokenizer tokenizer = TercomTokenizer.withDefaults()
                .withNormalization(options.path("normalized").asBoolean(false))
                .withPunctuation(!options.path("no_punct").asBoolean(false))
                .withAsianSupport(options.path("asian_support").asBoolean(false))
                .withCaseSensitivity(options.path("case_sensitive").asBoolean(false));
        return Ter.withDefaults().withTokenizer(tokenizer);
    }
}
