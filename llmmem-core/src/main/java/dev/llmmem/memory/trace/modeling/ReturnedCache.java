package dev.llmmem.memory.trace.modeling;

import java.util.Set;

/** Whether a model's outputs hold the cache that it was called with. */
public final class ReturnedCache {

    /** Those that return it only where a cache is asked for (transformers, modeling files: {@code if use_cache else None}). */
    private static final Set<String> IF_ASKED_FOR = Set.of(
            "exaone4", "gemma", "gpt2", "mistral", "phi3", "qwen2", "qwen2_moe", "qwen3", "smollm3", "starcoder2");

    private ReturnedCache() {}

    /**
     * Whether a model type returns a cache that it was given.
     *
     * @param asked whether the call asks for a cache
     */
    public static boolean holds(String modelType, boolean asked) {
        return asked || !IF_ASKED_FOR.contains(modelType);
    }
}
