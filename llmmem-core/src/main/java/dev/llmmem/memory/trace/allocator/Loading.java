package dev.llmmem.memory.trace.allocator;

/** How weights come onto the device. */
public enum Loading {
    /** One tensor after another, as {@code model.to("cuda")} does. */
    ONE_BY_ONE,
    /**
     * Into a block as large as all of them that was allocated and freed before, as {@code from_pretrained} of transformers
     * does where it is given a {@code device_map} (modeling_utils.py, caching_allocator_warmup).
     */
    WARMED_UP
}
