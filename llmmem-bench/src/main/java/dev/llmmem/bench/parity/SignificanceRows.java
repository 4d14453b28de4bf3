package dev.llmmem.bench.parity;

import dev.llmmem.metrics.bleu.SacreBleu;
import dev.llmmem.metrics.chrf.ChrF;
import dev.llmmem.metrics.statistics.ApproximateRandomization;
import dev.llmmem.metrics.statistics.BootstrapInterval;
import dev.llmmem.metrics.statistics.Comparison;
import dev.llmmem.metrics.statistics.PairedBootstrap;
import dev.llmmem.metrics.statistics.Segments;
import dev.llmmem.metrics.statistics.SummedStatistics;
import dev.llmmem.metrics.ter.Ter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Rows of sacreBLEU's intervals and tests of significance, under NumPy 1, whose formulas are in double precision. */
final class SignificanceRows {

    /** What NumPy's pairwise sums of a thousand scores leave in their mean. */
    private static final double MEANS = 3e-14;

    private SignificanceRows() {}

    static void compare(JsonNode row, Tally tally) {
        long seed = row.path("seed").asLong();
        JsonNode expected = row.path("numpy1");
        for (JsonNode metric : row.path("metrics")) {
            String name = metric.asString();
            String what = Rows.name(row) + " " + name;
            List<Segments> systems = new ArrayList<>();
            for (JsonNode system : row.path("systems")) {
                systems.add(
                        Segments.of(scorer(name), Rows.examples(Rows.texts(system.path(1)), row.path("references"))));
            }
            Segments baseline = systems.get(0);
            JsonNode single = expected.path("single").path(name);
            interval(
                    what + " single",
                    single,
                    BootstrapInterval.of(baseline, row.path("n_bootstrap").asInt(), seed),
                    tally);
            PairedBootstrap bootstrap = new PairedBootstrap(row.path("n_bs").asInt(), seed);
            ApproximateRandomization randomization = new ApproximateRandomization(
                    row.path("n_ar").asInt(), Math.max(0, row.path("n_ar_conf").asInt()), seed);
            JsonNode bs = results(expected.path("bs"), name);
            JsonNode ar = results(expected.path("ar"), name);
            interval(what + " bs 0", bs.path(0), bootstrap.interval(baseline), tally);
            randomization
                    .interval(baseline)
                    .ifPresent(interval -> interval(what + " ar 0", ar.path(0), interval, tally));
            for (int i = 1; i < systems.size(); i++) {
                comparison(what + " bs " + i, bs.path(i), bootstrap.compare(baseline, systems.get(i)), tally);
                comparison(what + " ar " + i, ar.path(i), randomization.compare(baseline, systems.get(i)), tally);
            }
        }
    }

    private static SummedStatistics scorer(String name) {
        return switch (name) {
            case "bleu" -> SacreBleu.standard();
            case "chrf" -> ChrF.withDefaults();
            case "chrfpp" -> ChrF.plusPlus();
            case "ter" -> Ter.withDefaults();
            default -> throw new IllegalArgumentException("metric " + name + " is not known");
        };
    }

    /** Results are under what a metric calls itself. */
    private static JsonNode results(JsonNode test, String name) {
        String called = switch (name) {
            case "chrf" -> "chrF2";
            case "chrfpp" -> "chrF2++";
            default -> name.toUpperCase(Locale.ROOT);
        };
        return test.path("results").path(called);
    }

    private static void comparison(String what, JsonNode expected, Comparison comparison, Tally tally) {
        tally.same(what + " p", expected.path("p_value").asDouble(), comparison.pValue());
        tally.close(what, expected.path("score").asDouble(), comparison.score());
        comparison.interval().ifPresent(interval -> interval(what, expected, interval, tally));
    }

    private static void interval(String what, JsonNode expected, BootstrapInterval interval, Tally tally) {
        double score = expected.path("score").asDouble();
        tally.close(what + " score", score, interval.score());
        tally.close(what + " mean", expected.path("mean").asDouble(), interval.mean(), MEANS);
        tally.close(what + " ci", expected.path("ci").asDouble(), interval.halfWidth(), Tally.ROUNDING * score);
    }
}
