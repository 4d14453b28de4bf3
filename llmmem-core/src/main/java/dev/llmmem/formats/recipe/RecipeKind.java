package dev.llmmem.formats.recipe;

/** The tool that a recipe is for. */
public enum RecipeKind {
    /** DeepSpeed's configuration, {@code ds_config.json}. */
    DEEPSPEED,
    /** {@code TrainingArguments} of transformers 5.18. */
    TRAINING_ARGUMENTS,
    /** Scripts of TRL and the alignment handbook. */
    TRL,
    /** The configuration of {@code accelerate launch}, that of FSDP in it. */
    ACCELERATE,
    /** Axolotl. */
    AXOLOTL,
    /** LLaMA-Factory. */
    LLAMA_FACTORY,
    /** torchtune. */
    TORCHTUNE
}
