package dev.llmmem.formats.recipe;

import java.util.Locale;

/** The parts of a job that recipes settle. */
enum Setting {
    MODEL(true),
    STRATEGY(true),
    /** A {@code DType}, or {@link #AS_STORED}. */
    WEIGHTS(true),
    /** A {@code DType}; FP32 stands for none. */
    AUTOCAST(false),
    QUANTIZATION(false),
    BATCH(true),
    SEQUENCE(true),
    ACCUMULATION(false),
    OPTIMIZER(true),
    GRADIENTS(false),
    CHECKPOINTING(true),
    ATTENTION(true),
    LOSS_KERNEL(true),
    PACKED(false);

    /** The value of {@link #WEIGHTS} for tools that load a checkpoint in its own format. */
    static final String AS_STORED = "as stored";

    private final boolean needed;

    Setting(boolean needed) {
        this.needed = needed;
    }

    /** Whether a job says nothing without it. */
    boolean needed() {
        return needed;
    }

    String shown() {
        return name().toLowerCase(Locale.ROOT);
    }
}
