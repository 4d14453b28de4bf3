package dev.llmmem.model.architecture;

import java.util.Locale;

/**
 * The whole numbers that a field may hold. The bounds are far above any model and keep a hostile file cheap.
 *
 * @param least the least permitted number
 * @param most the greatest permitted number
 * @param unit what is counted
 */
record Range(long least, long most, String unit) {

    static final Range WIDTH = new Range(1, 1 << 24, "elements");
    static final Range WIDTH_OR_NONE = new Range(0, 1 << 24, "elements");
    static final Range ROWS = new Range(1, 1 << 28, "rows");
    static final Range LAYERS = new Range(1, 10_000, "layers");
    static final Range LAYERS_OR_NONE = new Range(0, 10_000, "layers");
    static final Range HEADS = new Range(1, 1 << 10, "heads");
    static final Range EXPERTS = new Range(1, 1 << 16, "experts");
    static final Range NO_OR_MORE_EXPERTS = new Range(0, 1 << 16, "experts");
    static final Range TOKENS = new Range(1, Integer.MAX_VALUE, "tokens");
    static final Range SIDE = new Range(1, 1 << 14, "pixels or patches");
    static final Range NORMS = new Range(1, 2, "norms");

    boolean holds(long number) {
        return number >= least && number <= most;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "a whole number in [%d, %d] %s", least, most, unit);
    }
}
