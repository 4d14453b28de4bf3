package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.units.text.BoundedPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * OSF, a singular value decomposition of which the lower part is trained: peft 0.21.0, {@code peft/tuners/osf/model.py} ({@code
 * _create_and_replace}) and {@code peft/tuners/osf/utils.py} ({@code decompose_weight_matrix}). The rank is that of the upper part.
 * Targets of other kinds are passed over.
 */
final class Osf {

    private record Row(BoundedPattern pattern, Rank rank) {}

    /** A rank, or a share of the smaller width where there is none. */
    private record Rank(long number, double share) {
        static Rank read(Settings settings, String field) {
            boolean isShare = settings.isReal(field);
            return new Rank(
                    isShare ? 0 : settings.number(field, 0, 1, Settings.WIDEST, "elements"),
                    isShare ? settings.real(field, 0.5, Double.MIN_VALUE, 1) : 0);
        }

        long of(long width) {
            if (share > 0) {
                return (long) (width * share);
            }
            return number > 0 ? Math.min(number, width) : width / 2;
        }
    }

    private Osf() {}

    static Method method(Settings settings) {
        Rank rank = Rank.read(settings, "effective_rank");
        List<Row> rows = new ArrayList<>();
        settings.nested("rank_pattern").ifPresent(inner -> {
            for (String pattern : inner.names()) {
                try {
                    rows.add(new Row(
                            Python.between("rank_pattern", "(?s:.*?)(?:", pattern, ")"), Rank.read(inner, pattern)));
                } catch (IllegalArgumentException e) {
                    settings.refuse("rank_pattern", "ranks by pattern: " + e.getMessage());
                }
            }
            settings.takeFaults("rank_pattern", inner);
        });
        return new Method.PerModule(Set.of(Kind.LINEAR), true, model -> (module, out) -> {
            long narrow = Math.min(module.inputs(), module.outputs());
            long upper = rows.stream()
                    .filter(row -> row.pattern().matchesStart(module.name(), out.steps()))
                    .map(Row::rank)
                    .findFirst()
                    .orElse(rank)
                    .of(narrow);
            Fit.require(upper >= 1, "effective_rank", upper, "at least 1", module);
            out.add(module, "osf_svd_params.U_low", module.outputs(), narrow - upper);
            out.add(module, "osf_svd_params.S_low", narrow - upper);
            out.add(module, "osf_svd_params.V_low", narrow - upper, module.inputs());
        });
    }
}
