package dev.llmmem.formats.recipe;

import java.util.Locale;

/** The parts of a job that recipes settle. */
enum Setting {
    MODEL,
    OBJECTIVE,
    STRATEGY,
    WEIGHTS,
    AUTOCAST,
    QUANTIZATION,
    BATCH,
    SEQUENCE,
    ACCUMULATION,
    OPTIMIZER,
    GRADIENTS,
    CHECKPOINTING,
    ATTENTION,
    LOSS_KERNEL,
    PACKED;

    String shown() {
        return name().toLowerCase(Locale.ROOT);
    }
}
