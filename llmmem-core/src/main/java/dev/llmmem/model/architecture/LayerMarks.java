package dev.llmmem.model.architecture;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Lists that say for each layer which of two kinds it is. */
final class LayerMarks {

    private LayerMarks() {}

    /** Which layers are of one kind and not of the other; where the list is absent, those of a rule. */
    static boolean[] read(Config config, Shape shape, String name, String one, String other, IntPredicate absent) {
        Optional<List<?>> stated = config.list(name);
        boolean[] kinds = new boolean[shape.layers()];
        stated.ifPresent(list ->
                config.require(list.size() == kinds.length, name, list, "a list of " + kinds.length + ", one a layer"));
        List<?> values = stated.orElse(List.of());
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = i < values.size() ? isOne(config, name, values.get(i), one, other) : absent.test(i);
        }
        return kinds;
    }

    private static boolean isOne(Config config, String name, @Nullable Object value, String one, String other) {
        if (!one.equals(value) && !other.equals(value)) {
            config.refuse(name, value, "\"" + one + "\" or \"" + other + "\" for each layer");
        }
        return one.equals(value);
    }

    /** The same of a text with a letter a layer. */
    static boolean[] letters(Config config, Shape shape, String name, char one, char other) {
        String letters = config.text(name).orElse("");
        boolean[] kinds = new boolean[shape.layers()];
        config.require(
                letters.length() == kinds.length && letters.chars().allMatch(c -> c == one || c == other),
                name,
                letters,
                kinds.length + " letters " + one + " or " + other + ", one a layer");
        for (int i = 0; i < kinds.length && i < letters.length(); i++) {
            kinds[i] = letters.charAt(i) == one;
        }
        return kinds;
    }
}
