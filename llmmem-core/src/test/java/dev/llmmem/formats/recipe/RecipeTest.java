package dev.llmmem.formats.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.MalformedInputException;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a recipe answers, whatever tool it is for. */
class RecipeTest {

    /** A whole job for one device. */
    private static final String QLORA = """
            base_model: mistralai/Mistral-7B-v0.1
            load_in_4bit: true
            adapter: qlora
            lora_r: 32
            lora_alpha: 16
            lora_dropout: 0.05
            lora_target_linear: true
            sequence_len: 2048
            micro_batch_size: 2
            gradient_accumulation_steps: 4
            optimizer: adamw_bnb_8bit
            bf16: true
            gradient_checkpointing: true
            attn_implementation: flash_attention_2
            datasets:
              - path: tatsu-lab/alpaca
                type: alpaca
            """;

    private static Recipe axolotl(String more) {
        return Recipe.parse(QLORA + more, RecipeKind.AXOLOTL);
    }

    private static Workload plain() {
        return Workload.builder()
                .model(Models.get("mistralai/Mistral-7B-v0.1"))
                .strategy(Strategy.lora(4).targetingAllLinear())
                .build();
    }

    private static List<String> keys(Recipe recipe, Status status) {
        return recipe.notes(status).stream().map(RecipeNote::key).toList();
    }

    @Test
    void aCompleteRecipeIsAJob() {
        Recipe recipe = axolotl("");

        assertThat(recipe.complete()).isTrue();
        Workload job = recipe.workload();
        assertThat(job)
                .isEqualTo(Workload.builder()
                        .model(Models.get("mistralai/Mistral-7B-v0.1"))
                        .precision(Precision.BF16.withAutocast(DType.BF16))
                        .strategy(Strategy.lora(32).alpha(16).dropout(0.05).targetingAllLinear())
                        .quantization(Quantization.nf4Double().withPreparation(Quantization.Preparation.NONE))
                        .optimizer(new Optimizer.AdamW8bit(false, true))
                        .checkpointing(Checkpointing.REENTRANT)
                        .attention(AttentionKernel.FLASH_ATTENTION_2)
                        .batch(2)
                        .sequence(2048)
                        .accumulation(4)
                        .build());
        // Rank 32 on widths 4096, 1024 (keys, values) and 14336 of 32 layers.
        assertThat(MemoryEstimate.of(job).trainedParameters()).isEqualTo(32 * 32 * (2 * 8192 + 2 * 5120 + 3 * 18432));
        assertThat(recipe.workload(Models.get("Qwen/Qwen2.5-7B")).model()).isEqualTo(Models.get("Qwen/Qwen2.5-7B"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fsdp: [full_shard, auto_wrap] | fsdp",
                "deepspeed: zero3.json | deepspeed",
                "tensor_parallel_size: 2 | tensor_parallel_size",
                "context_parallel_size: 4 | context_parallel_size",
                "dp_shard_size: 8 | dp_shard_size",
                "activation_offloading: true | activation_offloading",
                "sample_packing: true | sample_packing",
                "rl: dpo | rl",
                "lora_modules_to_save: [embed_tokens] | lora_modules_to_save",
                "torch_compile: true | torch_compile",
                "liger_rms_norm: true | liger_rms_norm",
            })
    void whatBearsOnMemoryAndIsNotModelledIsListedAndRefused(String line, String key) {
        Recipe recipe = axolotl(line + "\n");

        assertThat(recipe.complete()).isFalse();
        assertThat(keys(recipe, Status.NOT_MODELLED)).containsExactly(key);
        assertThat(recipe.obstacles()).isEqualTo(recipe.notes(Status.NOT_MODELLED));
        assertThatThrownBy(recipe::workload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not complete: " + key);
        assertThatThrownBy(() -> recipe.workload(plain().model())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> recipe.applyTo(plain())).isInstanceOf(IllegalStateException.class);

        Recipe without = recipe.without(key);
        assertThat(without.complete()).isTrue();
        assertThat(keys(without, Status.SET_ASIDE)).containsExactly(key);
        assertThat(without.workload()).isEqualTo(axolotl("").workload());
    }

    @ParameterizedTest
    @CsvSource({"fsdp:", "'fsdp: []'", "'deepspeed: null'", "tensor_parallel_size: 1", "sample_packing: false", "rl: ''"
    })
    void whatIsSwitchedOffIsIgnored(String line) {
        Recipe recipe = axolotl(line + "\n");
        assertThat(recipe.complete()).isTrue();
        assertThat(recipe.workload()).isEqualTo(axolotl("").workload());
    }

    @Test
    void unknownKeysAreListedAndRefused() {
        Recipe recipe = axolotl("new_trick: 3\n");
        assertThat(recipe.notes(Status.UNKNOWN))
                .containsExactly(
                        new RecipeNote("new_trick", "3", Status.UNKNOWN, "not a key that is known of this tool"));
        assertThat(recipe.complete()).isFalse();
        assertThatThrownBy(recipe::workload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the recipe is not complete: new_trick = 3 is unknown");
        assertThat(recipe.without("new_trick").complete()).isTrue();
    }

    @Test
    void everyKeyThatHasAValueIsInANote() {
        Recipe recipe = axolotl("wandb_project: x\nfsdp_config:\n  fsdp_version: 2\n  offload_params: false\n");
        assertThat(recipe.notes().stream().map(RecipeNote::key))
                .contains("base_model", "lora_alpha", "datasets", "wandb_project")
                .contains("fsdp_config.fsdp_version", "fsdp_config.offload_params");
        assertThat(keys(recipe.without("fsdp_config"), Status.NOT_MODELLED)).isEmpty();
    }

    @Test
    void onlyKeysOfTheNotesAreTakenOut() {
        assertThatThrownBy(() -> axolotl("").without("fsdp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key is fsdp, but must be one of the keys that the notes name");
    }

    @Test
    void aModelThatIsNotBundledIsMissing() {
        Recipe recipe = Recipe.parse(QLORA.replace("mistralai/Mistral-7B-v0.1", "./my-model"), RecipeKind.AXOLOTL);
        assertThat(keys(recipe, Status.MISSING)).containsExactly("model");
        assertThatThrownBy(recipe::workload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("./my-model");
        assertThat(recipe.workload(Models.get("mistralai/Mistral-7B-v0.1")))
                .isEqualTo(axolotl("").workload());
    }

    @Test
    void aPartOfAJobIsAppliedToOne() {
        Recipe arguments = Recipe.parse(
                "{\"per_device_train_batch_size\": 2, \"bf16\": true, \"optim\": \"adafactor\"}",
                RecipeKind.TRAINING_ARGUMENTS);
        assertThat(keys(arguments, Status.MISSING))
                .containsExactly("model", "strategy", "weights", "sequence", "attention");
        assertThat(arguments.applyTo(plain()))
                .isEqualTo(plain().toBuilder()
                        .batch(2)
                        .optimizer(new Optimizer.Adafactor())
                        .precision(Precision.BF16.withAutocast(DType.BF16))
                        .build());
    }

    @Test
    void recipesOfOneRunAreCombined() {
        Recipe arguments = Recipe.parse("per_device_train_batch_size: 2", RecipeKind.TRAINING_ARGUMENTS);
        Recipe launch =
                Recipe.parse("distributed_type: 'NO'\nmixed_precision: bf16\nnum_processes: 1", RecipeKind.ACCELERATE);
        Recipe both = arguments.and(launch);
        assertThat(both.kinds()).containsExactly(RecipeKind.TRAINING_ARGUMENTS, RecipeKind.ACCELERATE);
        assertThat(both.applyTo(plain()).batch()).isEqualTo(2);
        assertThat(both.applyTo(plain()).precision().autocast()).contains(DType.BF16);

        Recipe half = Recipe.parse("per_device_train_batch_size: 2\nfp16: true", RecipeKind.TRAINING_ARGUMENTS);
        assertThat(launch.and(half).applyTo(plain()).precision().autocast()).contains(DType.FP16);

        Recipe engine = Recipe.parse("{\"train_micro_batch_size_per_gpu\": 3}", RecipeKind.DEEPSPEED);
        assertThatThrownBy(() -> arguments.and(engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch is 2 and 3, but must be one value in all recipes of a run");
    }

    @Test
    void textsAreForReaders() {
        assertThat(axolotl("")).hasToString("AXOLOTL recipe of mistralai/Mistral-7B-v0.1, complete");
        Recipe recipe = axolotl("fsdp: [full_shard]\nnew_trick: 3\n");
        assertThat(recipe)
                .hasToString("AXOLOTL recipe of mistralai/Mistral-7B-v0.1, not complete: not modelled fsdp; unknown"
                        + " new_trick");
        List<String> lines = recipe.table()
                .lines()
                .map(line -> line.replaceAll(" {2,}", "  "))
                .toList();
        assertThat(lines)
                .startsWith(
                        recipe.toString(),
                        "unknown  new_trick  = 3  (not a key that is known of this tool)",
                        "not modelled  fsdp  = [full_shard]  (divides the job between devices, or moves it to the host)")
                .contains("mapped  micro_batch_size  = 2")
                .hasSize(recipe.notes().size() + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base_model: a | AXOLOTL",
                "{model_name_or_path: a, stage: sft} | LLAMA_FACTORY",
                "{model_name_or_path: a, max_length: 1} | TRL",
                "{model: {_component_: torchtune.models.llama3.llama3_8b}} | TORCHTUNE",
                "per_device_train_batch_size: 1 | TRAINING_ARGUMENTS",
                "'{\"zero_optimization\": {\"stage\": 2}}' | DEEPSPEED",
                "distributed_type: FSDP | ACCELERATE",
            })
    void keysTellTheTool(String text, RecipeKind kind, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), text);
        assertThat(Recipe.read(file).kinds()).containsExactly(kind);
        assertThat(Recipe.read(file, kind)).hasToString(Recipe.read(file).toString());
    }

    @Test
    void filesOfOtherThingsAreRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), "services: {web: {image: nginx}}");
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("do not tell which tool");
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none"))).isInstanceOf(java.io.UncheckedIOException.class);
    }
}
