package dev.llmmem.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Of which kind each layer is, by the names that transformers has for them. */
final class LayerKinds {

    static final String RECURRENT = "linear_attention";
    static final String FULL = "full_attention";

    /** What older files call them. */
    private static final Map<String, String> PRESENT_NAMES = Map.of("mamba", RECURRENT, "attention", FULL);

    private LayerKinds() {}

    /** The kinds of a list that says itself how many layers there are; empty where it is absent. */
    static Optional<List<String>> read(Config config, String name, Set<String> permitted) {
        return config.list(name).map(list -> {
            if (!Range.LAYERS.holds(list.size())) {
                config.refuse(name, list, "a list of 1 to " + Range.LAYERS.most() + " layers");
            }
            return read(config, name, (int) Math.min(list.size(), Range.LAYERS.most()), permitted, i -> FULL);
        });
    }

    /** The kinds that a list states; where it is absent, those of a rule. */
    static List<String> read(Config config, String name, int layers, Set<String> permitted, IntFunction<String> rule) {
        Optional<List<?>> stated = config.list(name);
        stated.ifPresent(
                list -> config.require(list.size() == layers, name, list, "a list of " + layers + ", one a layer"));
        List<?> list = stated.orElse(List.of());
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            kinds.add(i < list.size() ? kind(config, name, list.get(i), permitted) : rule.apply(i));
        }
        return kinds;
    }

    /** Attention in every so many layers, the last of each group, and a recurrence in the others. */
    static IntFunction<String> fullEvery(int interval) {
        return i -> (i + 1) % interval == 0 ? FULL : RECURRENT;
    }

    private static String kind(Config config, String name, @Nullable Object stated, Set<String> permitted) {
        String kind = PRESENT_NAMES.getOrDefault(String.valueOf(stated), String.valueOf(stated));
        if (permitted.contains(kind)) {
            return kind;
        }
        config.refuse(name, stated, "for each layer one of " + String.join(", ", new TreeSet<>(permitted)));
        return permitted.iterator().next();
    }
}
