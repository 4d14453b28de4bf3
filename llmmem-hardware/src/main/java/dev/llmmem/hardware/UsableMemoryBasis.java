package dev.llmmem.hardware;

/**
 * What the usable memory of an {@link Accelerator} rests on.
 *
 * <p>New constants may come in a minor version: a {@code switch} keeps its {@code default}.
 */
public enum UsableMemoryBasis {
    /**
     * Printed on such a device: the total that a runtime reported (CUDA's memory query, an out-of-memory message of PyTorch), or the
     * driver's total less the part that the driver reserves. Both agree where both are known.
     */
    MEASURED("measured"),

    /** The driver's total as printed on such a device, less a {@linkplain #hasMargin() margin} for the part that it reserves. */
    DRIVER_TOTAL_WITH_MARGIN("driver total less a margin"),

    /** The part of memory shared with the CPU that the system lends to the accelerator unless a setting changes it. */
    UNIFIED_SHARE("share of unified memory"),

    /**
     * The memory that the vendor states, less one sixteenth where error correction takes its bits from it, less a
     * {@linkplain #hasMargin() margin} for what driver and silicon keep.
     */
    NOMINAL_WITH_MARGIN("nominal less a margin");

    private final String text;

    UsableMemoryBasis(String text) {
        this.text = text;
    }

    /**
     * Whether a margin was taken off because part of the truth is not known. Such a figure is meant to be a little low, never high.
     *
     * <p>The margin is 512 MiB and one hundredth of the total; every measured device of the catalog with a driver offers at least
     * what this rule would have left. TPUs and NPUs keep more (a TPU v4 keeps 1280 MiB of 32 GiB), so theirs is one sixteenth.
     *
     * @return whether a margin is in the figure
     */
    public boolean hasMargin() {
        return this == DRIVER_TOTAL_WITH_MARGIN || this == NOMINAL_WITH_MARGIN;
    }

    /**
     * The basis in words, such as {@code driver total less a margin}.
     *
     * @return the words
     */
    @Override
    public String toString() {
        return text;
    }
}
