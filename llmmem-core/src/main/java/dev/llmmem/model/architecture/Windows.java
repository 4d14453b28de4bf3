package dev.llmmem.model.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Which layers have a sliding window, and how wide it is. */
final class Windows {

    private final OptionalInt width;
    private final boolean[] sliding;

    private Windows(OptionalInt width, boolean[] sliding) {
        this.width = width;
        this.sliding = sliding;
    }

    /** The layers that {@code layer_types} calls sliding; where it is absent, those of a rule. */
    static Windows read(Config config, Shape shape, OptionalInt width, IntPredicate rule) {
        return read(config, shape, width, "sliding_attention", rule);
    }

    /** The same with another word for a layer that does not see everything. */
    static Windows read(Config config, Shape shape, OptionalInt width, String word, IntPredicate rule) {
        boolean[] sliding = new boolean[shape.layers()];
        Optional<List<?>> stated = config.list("layer_types");
        stated.ifPresent(list -> config.require(
                list.size() == sliding.length, "layer_types", list, "a list of " + sliding.length + ", one a layer"));
        List<?> types = stated.orElse(List.of());
        for (int i = 0; i < sliding.length; i++) {
            sliding[i] = i < types.size() ? isSliding(config, word, types.get(i)) : rule.test(i);
        }
        return new Windows(width, sliding);
    }

    /** Every layer. */
    static Windows everywhere(Shape shape, OptionalInt width) {
        boolean[] sliding = new boolean[shape.layers()];
        Arrays.fill(sliding, true);
        return new Windows(width, sliding);
    }

    /**
     * As {@code sliding_window_pattern} has it: a number n, where every n-th layer sees everything, or a text such as
     * LLLG that repeats, where the layers of the letter G do, and the last one.
     */
    static Windows ofPattern(Config config, Shape shape, OptionalInt width, int absent) {
        if (width.isEmpty()) {
            return read(config, shape, width, i -> false);
        }
        if (config.isText("sliding_window_pattern")) {
            String letters = config.text("sliding_window_pattern").orElse("");
            config.require(
                    letters.matches("[LG]{1,1000}"), "sliding_window_pattern", letters, "1 to 1000 letters L or G");
            return read(
                    config,
                    shape,
                    width,
                    i -> i + 1 < shape.layers() && !letters.isEmpty() && letters.charAt(i % letters.length()) == 'L');
        }
        int pattern = config.count(Range.LAYERS, absent, "sliding_window_pattern");
        return read(config, shape, width, i -> (i + 1) % pattern != 0);
    }

    /** As Qwen has it: only if {@code use_sliding_window}, and only in the layers from {@code max_window_layers} on. */
    static Windows ofUpperLayers(Config config, Shape shape) {
        return ofUpperLayers(config, shape, 28);
    }

    /** The same, with another first layer where none is stated. */
    static Windows ofUpperLayers(Config config, Shape shape, int absent) {
        OptionalInt width = widthIfUsed(config, OptionalInt.of(4096));
        int first = config.count(Range.LAYERS_OR_NONE, absent, "max_window_layers");
        return read(config, shape, width, i -> i >= first);
    }

    /** The width of the window if {@code use_sliding_window}. */
    static OptionalInt widthIfUsed(Config config, OptionalInt absent) {
        if (!config.flag(false, "use_sliding_window")) {
            return OptionalInt.empty();
        }
        return config.has("sliding_window") ? config.optional(Range.TOKENS, "sliding_window") : absent;
    }

    boolean isSliding(int layer) {
        return sliding[layer];
    }

    /** The window of a layer. */
    OptionalInt at(int layer) {
        return sliding[layer] ? width : OptionalInt.empty();
    }

    private static boolean isSliding(Config config, String word, @Nullable Object type) {
        if (!word.equals(type) && !"full_attention".equals(type) && !"attention".equals(type)) {
            config.refuse("layer_types", type, "\"full_attention\" or \"" + word + "\" for each layer");
        }
        return word.equals(type);
    }
}
