package dev.llmmem.formats.recipe;

import dev.llmmem.formats.MalformedInputException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tool that a recipe is for. New tools may come in minor versions. */
public enum RecipeKind {
    /** DeepSpeed's configuration, {@code ds_config.json}. */
    DEEPSPEED,
    /** {@code TrainingArguments} of transformers 5.18. */
    TRAINING_ARGUMENTS,
    /** Scripts of TRL (July 2026) and the alignment handbook. */
    TRL,
    /** The configuration of {@code accelerate launch} 1.15, that of FSDP in it. */
    ACCELERATE,
    /** Axolotl (July 2026). */
    AXOLOTL,
    /** LLaMA-Factory (August 2026). */
    LLAMA_FACTORY,
    /** torchtune (April 2026). */
    TORCHTUNE;

    private static final Set<String> ENGINE =
            Set.of("zero_optimization", "train_micro_batch_size_per_gpu", "train_batch_size");
    private static final Set<String> LAUNCH =
            Set.of("compute_environment", "distributed_type", "main_training_function", "num_processes");
    private static final Set<String> FACTORY =
            Set.of("stage", "finetuning_type", "cutoff_len", "lora_rank", "template");

    /** The tool by keys that no other one has. */
    static RecipeKind of(Map<String, @Nullable Object> keys, String source) {
        boolean named = keys.containsKey("model_name_or_path");
        boolean factory = named && has(keys, FACTORY);
        if (keys.containsKey("base_model") && !named) {
            return AXOLOTL;
        }
        if (keys.get("model") instanceof Map<?, ?> model && model.containsKey("_component_")) {
            return TORCHTUNE;
        }
        if (named) {
            return factory ? LLAMA_FACTORY : TRL;
        }
        if (keys.containsKey("per_device_train_batch_size")) {
            return TRAINING_ARGUMENTS;
        }
        boolean engine = has(keys, ENGINE);
        if (engine != has(keys, LAUNCH)) {
            return engine ? DEEPSPEED : ACCELERATE;
        }
        throw new MalformedInputException(
                source + ": the keys do not tell which tool this is for, permitted are those of "
                        + "Axolotl (base_model), torchtune (model._component_), LLaMA-Factory, TRL (model_name_or_path), "
                        + "TrainingArguments (per_device_train_batch_size), DeepSpeed (zero_optimization) and accelerate "
                        + "(distributed_type); or name the tool");
    }

    private static boolean has(Map<String, @Nullable Object> keys, Set<String> marks) {
        return marks.stream().anyMatch(keys::containsKey);
    }
}
