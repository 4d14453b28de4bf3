package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lily, whose targets of one name and shape share matrices: peft 0.21.0, {@code peft/tuners/lily/model.py}, {@code
 * _post_injection_hook}. All share B; some neighbours share A.
 */
final class Lily implements Method.Run {

    private record Group(String suffix, List<Long> shape) {}

    private final long rank;
    private final long stride;
    private final long experts;
    private final Selection selection;
    private final Map<Group, Long> seen = new HashMap<>();

    private Lily(long rank, long stride, long experts, Selection selection) {
        this.rank = rank;
        this.stride = stride;
        this.experts = experts;
        this.selection = selection;
    }

    static Method method(Settings settings, Selection selection) {
        long rank = settings.rank("r", 32);
        long stride = settings.number("stride_A", 1, 1, Settings.WIDEST, "layers");
        long experts = settings.number("num_B", 2, 2, Settings.WIDEST, "experts");
        return new Method.PerModule(
                Set.of(Kind.LINEAR), false, model -> new Lily(rank, stride, experts, selection.forModel(model)));
    }

    @Override
    public void adapt(BaseModule module, Inventory out) {
        Group group = new Group(suffix(module), module.main().shape());
        long before = seen.merge(group, 1L, Long::sum) - 1;
        if (before % stride == 0) {
            out.add(module, "lily_A.weight", rank, module.inputs());
        }
        if (before == 0) {
            out.add(module, "lily_B.weight", experts * rank, module.outputs());
        }
        out.add(module, "lily_router.weight", experts, rank);
    }

    /** The target that a module was found by; PEFT takes any of several, in no order. */
    private String suffix(BaseModule module) {
        NameRule targets = selection.targets();
        if (targets.isAllLinear()) {
            throw new IllegalArgumentException(
                    "target_modules = \"all-linear\", permitted a list or a pattern: what Lily shares hangs on the names");
        }
        if (!targets.isList()) {
            return targets.toString();
        }
        List<String> names =
                targets.names().stream().filter(module.name()::endsWith).toList();
        if (names.size() != 1) {
            throw new IllegalArgumentException("target_modules has " + names.size() + " names at the end of "
                    + module.name() + ", permitted 1: what Lily shares hangs on it");
        }
        return names.get(0);
    }
}
