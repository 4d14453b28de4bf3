package dev.llmmem.bench.parity;

import dev.llmmem.metrics.bleu.BleuScore;
import dev.llmmem.metrics.bleu.BleuSmoothing;
import dev.llmmem.metrics.bleu.NltkBleu;
import dev.llmmem.metrics.bleu.NltkBleuCorpus;
import dev.llmmem.metrics.bleu.NltkSmoothing;
import dev.llmmem.metrics.bleu.SacreBleu;
import dev.llmmem.metrics.bleu.SacreBleuCorpus;
import dev.llmmem.metrics.text.SacreTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Rows of BLEU as sacreBLEU 2.6.0 and as NLTK compute it. */
final class BleuRows {

    /** NLTK's scores that ought to be 0 have the exponent of a sum near -700, of which one unit in the last place is 1e-13. */
    private static final double NOTHING = 1e-70;

    private BleuRows() {}

    static void sacre(JsonNode row, Tally tally) {
        for (JsonNode run : row.path("runs")) {
            String what = Rows.name(row) + " " + run.path("opt");
            SacreBleuCorpus corpus = sacre(run.path("opt")).corpus();
            Rows.examples(row).forEach(corpus::add);
            BleuScore score = corpus.result();
            tally.close(what, run.path("score").asDouble(), score.score());
            tally.close(what + " bp", run.path("bp").asDouble(), score.brevityPenalty());
            tally.same(what + " precisions", Rows.numbers(run.path("precisions")), score.precisions());
            tally.same(what + " counts", Rows.numbers(run.path("counts")), score.counts());
            tally.same(what + " totals", Rows.numbers(run.path("totals")), score.totals());
            tally.same(what + " sys_len", run.path("sys_len").asLong(), score.hypothesisLength());
            tally.same(what + " ref_len", run.path("ref_len").asLong(), score.referenceLength());
            tally.same(what + " signature", run.path("signature").asString(), corpus.signature());
            tally.same(what + " short_signature", run.path("short_signature").asString(), corpus.shortSignature());
            tally.same(what + " format", run.path("format").asString(), score.format());
        }
    }

    private static SacreBleu sacre(JsonNode options) {
        SacreBleu bleu = SacreBleu.standard();
        if (options.has("smooth_method")) {
            BleuSmoothing smoothing = Arrays.stream(BleuSmoothing.values())
                    .filter(value -> value.signature()
                            .equals(options.path("smooth_method").asString()))
                    .findFirst()
                    .orElseThrow();
            bleu = options.has("smooth_value")
                    ? bleu.withSmoothing(smoothing, options.path("smooth_value").asDouble())
                    : bleu.withSmoothing(smoothing);
        }
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            JsonNode value = option.getValue();
            bleu = switch (option.getKey()) {
                case "tokenize" -> bleu.withTokenizer(SacreTokenizer.bySignature(value.asString()));
                case "lowercase" -> bleu.withLowercase(value.asBoolean());
                case "effective_order" -> bleu.withEffectiveOrder(value.asBoolean());
                case "max_ngram_order" -> bleu.withMaxOrder(value.asInt());
                case "smooth_method", "smooth_value" -> bleu;
                default -> throw new IllegalArgumentException("option " + option.getKey() + " is not known");
            };
        }
        return bleu;
    }

    static void nltk(JsonNode row, Tally tally) {
        for (JsonNode result : row.path("results")) {
            String what = Rows.name(row) + " " + result;
            List<Double> scores = scores(row, result);
            if (result.has("error")) {
                tally.same(what, null, scores);
                continue;
            }
            List<Double> expected = result.has("weights_list")
                    ? Rows.numbers(result.path("score"))
                    : List.of(result.path("score").asDouble());
            if (scores == null || scores.size() != expected.size()) {
                tally.same(what, expected, scores);
                continue;
            }
            for (int i = 0; i < expected.size(); i++) {
                double score = expected.get(i);
                double tolerance = score < NOTHING ? 2e-13 : Tally.ROUNDING;
                tally.close(what, score, scores.get(i), tolerance * score);
            }
        }
    }

    /** The scores, or null where there are none, which the reference says with an exception. */
    private static @Nullable List<Double> scores(JsonNode row, JsonNode result) {
        NltkBleuCorpus corpus = nltk(result).corpus();
        if (row.has("hypothesis")) {
            corpus.addTokens(Rows.texts(row.path("hypothesis")), Rows.lists(row.path("references")));
        } else {
            List<List<String>> hypotheses = Rows.lists(row.path("hypotheses"));
            for (int i = 0; i < hypotheses.size(); i++) {
                corpus.addTokens(
                        hypotheses.get(i),
                        Rows.lists(row.path("list_of_references").path(i)));
            }
        }
        try {
            return corpus.result().scores();
        } catch (IllegalStateException e) {
            return null;
        }
    }

    private static NltkBleu nltk(JsonNode result) {
        String method = result.path("smoothing").asString();
        NltkSmoothing smoothing =
                method.equals("none") ? NltkSmoothing.NONE : NltkSmoothing.of(Integer.parseInt(method.substring(6)));
        if (result.has("epsilon") && !result.path("epsilon").isNull()) {
            smoothing = smoothing
                    .withEpsilon(result.path("epsilon").asDouble())
                    .withAlpha(result.path("alpha").asDouble())
                    .withK(result.path("k").asDouble());
        }
        List<List<Double>> weights = new ArrayList<>();
        if (result.has("weights_list")) {
            result.path("weights_list").forEach(vector -> weights.add(Rows.numbers(vector)));
        } else {
            weights.add(Rows.numbers(result.path("weights")));
        }
        return NltkBleu.standard()
                .withWeightVectors(weights)
                .withSmoothing(smoothing)
                .withAutoReweigh(result.path("auto_reweigh").asBoolean(false));
    }
}
