package dev.llmmem.workload;

import dev.llmmem.units.text.Quoted;
import java.util.Objects;
import java.util.Set;

/**
 * What a Hugging Face model does with its logits before the loss is taken, which versions of transformers do differently.
 * Per logit, the forward pass holds at its highest point what is given here in bytes, for 16-bit logits and more than one
 * row.
 */
public enum LossInput {

    /**
     * The logits are cast to fp32 and the labels are padded and shifted (transformers 4.49 and later,
     * loss/loss_utils.py, ForCausalLMLoss): 2 + 4 + 4 bytes.
     */
    PADDED_LABELS,

    /**
     * The logits are cast to fp32, and those of all positions but the last are copied (transformers 4.46 to 4.48, the
     * same function): 2 + 4 + 4 + 4 bytes.
     */
    SHIFTED_LOGITS,

    /**
     * The model itself casts its logits to fp32 and returns them so; those of all positions but the last are copied
     * (transformers up to 4.45, modeling_llama.py and its like): 4 + 4 + 4 bytes.
     */
    SHIFTED_WIDE_LOGITS,

    /**
     * The logits of all positions but the last are copied in their own format, which the loss keeps unless autocast
     * widens it (transformers up to 4.48, modeling_gpt_bigcode.py and its like): 2 + 2 + 2 bytes.
     */
    SHIFTED_NARROW_LOGITS;

    /** Whose forward pass took the loss by itself, without a cast, until the library had one function for all. */
    private static final Set<String> NARROW =
            Set.of("gpt2", "gpt_bigcode", "gpt_neox", "bloom", "falcon", "opt", "biogpt");

    /** Whose forward pass cast its logits before 4.46 and used the one function from then on. */
    private static final Set<String> WIDE = Set.of(
            "llama",
            "mistral",
            "mixtral",
            "gemma",
            "gemma2",
            "granite",
            "qwen2",
            "qwen2_moe",
            "phi",
            "phi3",
            "olmo",
            "olmoe",
            "stablelm",
            "starcoder2",
            "cohere");

    /**
     * How a version of transformers does it.
     *
     * @param transformers the version, for example {@code 4.48.1}; at least 4.40
     * @param modelType the model's {@code model_type}
     * @return the form of the logits
     * @throws IllegalArgumentException if the text is not a version, or what that version does for the model type is not
     *     known here: before 4.40, and before 4.49 (for GPT-2 and its like before 5.0) for some model types
     */
    public static LossInput of(String transformers, String modelType) {
        Objects.requireNonNull(modelType, "modelType");
        Version version = Version.of("transformers version", Objects.requireNonNull(transformers, "transformers"));
        boolean narrow = NARROW.contains(modelType);
        if (!version.isBefore(5, 0) || (!narrow && !version.isBefore(4, 49))) {
            return PADDED_LABELS;
        }
        if (!version.isBefore(4, 40) && version.isBefore(4, 49)) {
            if (narrow) {
                return SHIFTED_NARROW_LOGITS;
            }
            if (WIDE.contains(modelType)) {
                return version.isBefore(4, 46) ? SHIFTED_WIDE_LOGITS : SHIFTED_LOGITS;
            }
        }
        throw new IllegalArgumentException("transformers version is " + transformers + ", but must be at least "
                + (narrow ? "5.0, or 4.40 to 4.48," : WIDE.contains(modelType) ? "4.40" : "4.49") + " for model type "
                + Quoted.text(modelType) + ": what others do with the logits is not known here");
    }
}
