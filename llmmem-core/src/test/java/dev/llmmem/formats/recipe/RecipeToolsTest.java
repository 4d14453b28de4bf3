package dev.llmmem.formats.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.MalformedInputException;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys mean, and what each tool supplies where its file is silent. */
class RecipeToolsTest {

    private static final ModelSpec QWEN = Models.get("Qwen/Qwen2.5-7B");
    private static final Workload PLAIN = Workload.builder()
            .model(QWEN)
            .precision(Precision.FP16)
            .strategy(Strategy.lora(1).targetingAllLinear())
            .build();

    private static Recipe axolotl(String text) {
        return Recipe.parse("base_model: Qwen/Qwen2.5-7B\n" + text, RecipeKind.AXOLOTL);
    }

    private static Recipe factory(String text) {
        return Recipe.parse("model_name_or_path: Qwen/Qwen2.5-7B\n" + text, RecipeKind.LLAMA_FACTORY);
    }

    private static Recipe trl(String text) {
        return Recipe.parse("model_name_or_path: Qwen/Qwen2.5-7B\n" + text, RecipeKind.TRL);
    }

    private static List<String> leftOut(Recipe recipe) {
        return recipe.notes(Status.NOT_MODELLED).stream().map(RecipeNote::key).toList();
    }

    private static List<String> defaults(Recipe recipe) {
        return recipe.notes(Status.DEFAULT).stream()
                .map(note -> note.key() + "=" + note.value())
                .toList();
    }

    /** Axolotl, utils/schemas/config.py, training.py, peft.py; utils/config/__init__.py for use_reentrant. */
    @Test
    void defaultsOfAxolotl() {
        Recipe recipe = axolotl("adapter: lora\nlora_r: 8\nlora_target_linear: true\ngradient_checkpointing: true\n");
        assertThat(recipe.workload())
                .isEqualTo(Workload.builder()
                        .model(QWEN)
                        .precision(Precision.BF16.withAutocast(DType.BF16))
                        .strategy(Strategy.lora(8).targetingAllLinear())
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .checkpointing(Checkpointing.REENTRANT)
                        .batch(1)
                        .sequence(512)
                        .build());
        assertThat(defaults(recipe))
                .containsExactlyInAnyOrder(
                        "micro_batch_size=1",
                        "gradient_accumulation_steps=1",
                        "sequence_len=512",
                        "optimizer=adamw_torch_fused",
                        "bf16=auto",
                        "attn_implementation=sdpa",
                        "lora_dropout=0.0",
                        "gradient_checkpointing_kwargs.use_reentrant=true");
        assertThat(recipe.notes(Status.DEFAULT))
                .allMatch(note -> note.why().contains("067b021c") || note.why().contains("transformers 5.18"));
    }

    @Test
    void axolotlPrecision() {
        String lora = "adapter: lora\nlora_r: 8\nlora_target_linear: true\n";
        assertThat(axolotl(lora + "fp16: true").workload().precision())
                .isEqualTo(Precision.FP16.withAutocast(DType.FP16));
        assertThat(axolotl(lora + "bf16: false").workload().precision()).isEqualTo(Precision.FP32);
        assertThat(axolotl(lora + "bf16: false\nfloat16: true").workload().precision())
                .isEqualTo(Precision.FP16);
        assertThat(axolotl(lora + "bf16: full").workload().precision()).isEqualTo(Precision.BF16);
        assertThat(axolotl(lora + "load_in_8bit: true").workload().quantization())
                .contains(Quantization.int8().withPreparation(Quantization.Preparation.NONE));
    }

    /** Without flash attention Axolotl leaves embeddings and norms of a trained model in fp32 (loaders/model.py). */
    @Test
    void axolotlFullFineTuning() {
        assertThat(axolotl("attn_implementation: flash_attention_2").workload().strategy())
                .isEqualTo(Strategy.fullFineTuning());
        assertThat(axolotl("flash_attention: true").workload().attention())
                .isEqualTo(AttentionKernel.FLASH_ATTENTION_2);
        assertThat(leftOut(axolotl("attn_implementation: sdpa"))).containsExactly("adapter");
        assertThat(leftOut(axolotl(""))).containsExactly("adapter");
        assertThat(axolotl("bf16: false").complete()).isTrue();
    }

    @Test
    void axolotlTargets() {
        String lora = "adapter: lora\nlora_r: 8\n";
        assertThat(((Strategy.Lora) axolotl(lora + "lora_target_modules: [q_proj, v_proj]")
                                .workload()
                                .strategy())
                        .targets())
                .isEqualTo(new Targets.Named(List.of("q_proj", "v_proj")));
        String pattern = "model\\.layers\\.[\\d]+\\.self_attn\\.(q|v)_proj";
        assertThat(((Strategy.Lora) axolotl(lora + "lora_target_modules: '" + pattern + "'")
                                .workload()
                                .strategy())
                        .targets())
                .isEqualTo(new Targets.Matching(pattern));
        assertThat(leftOut(axolotl(lora + "lora_target_linear: true\nlora_target_modules: [lm_head]")))
                .containsExactly("lora_target_modules");
        assertThatThrownBy(() -> axolotl("adapter: lora"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessage("recipe: lora_r is null, permitted whole numbers in [1, 2147483647], as LoRA needs a rank");
        assertThatThrownBy(() -> axolotl("adapter: qlora\nlora_r: 8"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("load_in_4bit");
    }

    @Test
    void axolotlLosses() {
        String lora = "adapter: lora\nlora_r: 8\nlora_target_linear: true\n";
        Recipe liger = axolotl(
                lora + "plugins: [axolotl.integrations.liger.LigerPlugin]\nliger_fused_linear_cross_entropy: true");
        assertThat(liger.workload().lossKernel()).isEqualTo(LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY);
        assertThat(leftOut(axolotl(lora + "plugins: [axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin]")))
                .containsExactly("plugins");
    }

    /** LLaMA-Factory, hparams; the Trainer's batch of 8; reentrant checkpointing unless it is switched off. */
    @Test
    void defaultsOfLlamaFactory() {
        Recipe recipe = factory("bf16: true");
        assertThat(recipe.workload())
                .isEqualTo(Workload.builder()
                        .model(QWEN)
                        .precision(Precision.BF16.withAutocast(DType.BF16))
                        .strategy(Strategy.lora(8).targetingAllLinear())
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .checkpointing(Checkpointing.REENTRANT)
                        .batch(8)
                        .sequence(2048)
                        .build());
        assertThat(defaults(recipe))
                .containsExactlyInAnyOrder(
                        "per_device_train_batch_size=8",
                        "gradient_accumulation_steps=1",
                        "cutoff_len=2048",
                        "optim=adamw_torch_fused",
                        "torch_dtype=auto",
                        "lora_rank=8",
                        "lora_dropout=0.0",
                        "lora_target=all",
                        "use_reentrant_gc=true");
    }

    /** Trained weights are cast to fp32, frozen ones keep the format of the checkpoint (model/adapter.py, loader.py). */
    @Test
    void llamaFactoryWeights() {
        assertThat(factory("finetuning_type: full\nbf16: true").workload().precision())
                .isEqualTo(Precision.MIXED_BF16);
        assertThat(factory("finetuning_type: full\npure_bf16: true").workload().precision())
                .isEqualTo(Precision.BF16);
        assertThat(factory("fp16: true").workload().precision()).isEqualTo(Precision.BF16.withAutocast(DType.FP16));
        assertThat(factory("fp16: true").applyTo(PLAIN).precision()).isEqualTo(Precision.FP16.withAutocast(DType.FP16));
        assertThat(((Strategy.Lora) factory("pure_bf16: true").workload().strategy()).adaptersInFp32())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "stage: dpo,stage",
        "finetuning_type: freeze,finetuning_type",
        "use_galore: true,use_galore",
        "enable_liger_kernel: true,enable_liger_kernel",
        "use_unsloth: true,use_unsloth",
        "quantization_bit: 3,quantization_bit",
        "deepspeed: ds.json,deepspeed",
        "additional_target: embed_tokens,additional_target",
        "flash_attn: fa3,flash_attn",
        "optim: adamw_apex_fused,optim",
    })
    void llamaFactoryKeysThatAreNotModelled(String line, String key) {
        assertThat(leftOut(factory("bf16: true\n" + line))).containsExactly(key);
    }

    @Test
    void llamaFactoryQuantization() {
        Quantization expected = Quantization.nf4Double().withPreparation(Quantization.Preparation.NONE);
        assertThat(factory("bf16: true\nquantization_bit: 4").workload().quantization())
                .contains(expected);
        assertThat(factory("bf16: true\nquantization_bit: 4\ndouble_quantization: false")
                        .workload()
                        .quantization())
                .contains(expected.withDoubled(false));
        assertThat(factory("bf16: true\nquantization_bit: 8\nquantization_method: bnb")
                        .workload()
                        .quantization())
                .contains(Quantization.int8().withPreparation(Quantization.Preparation.NONE));
    }

    /** transformers 5.18, training_args.py. */
    @Test
    void defaultsOfTrainingArguments() {
        Recipe recipe = Recipe.parse("{\"output_dir\": \"out\"}", RecipeKind.TRAINING_ARGUMENTS);
        assertThat(recipe.applyTo(PLAIN))
                .isEqualTo(PLAIN.toBuilder()
                        .batch(8)
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .build());
        assertThat(defaults(recipe))
                .containsExactlyInAnyOrder(
                        "per_device_train_batch_size=8",
                        "gradient_accumulation_steps=1",
                        "optim=adamw_torch_fused",
                        "bf16=false",
                        "gradient_checkpointing=false");
        Recipe more = Recipe.parse(
                "{\"gradient_checkpointing\": true, \"optim\": \"paged_adamw_8bit\"}", RecipeKind.TRAINING_ARGUMENTS);
        assertThat(more.applyTo(PLAIN).checkpointing()).isEqualTo(Checkpointing.NON_REENTRANT);
        assertThat(more.applyTo(PLAIN).optimizer()).isEqualTo(new Optimizer.AdamW8bit(true, true));
    }

    /** TRL, trainer/sft_config.py, base_config.py, model_config.py; its losses are not modelled. */
    @Test
    void defaultsOfTrl() {
        Recipe recipe = trl("use_peft: true");
        assertThat(leftOut(recipe)).containsExactly("loss_type");
        Recipe nearest = recipe.without("loss_type");
        assertThat(nearest.workload())
                .isEqualTo(Workload.builder()
                        .model(QWEN)
                        .precision(Precision.MIXED_BF16)
                        .strategy(Strategy.lora(16).dropout(0.05))
                        .optimizer(Optimizer.adamW(Optimizer.Implementation.FUSED))
                        .checkpointing(Checkpointing.NON_REENTRANT)
                        .batch(8)
                        .sequence(1024)
                        .build());
        assertThat(nearest.notes(Status.SET_ASIDE)).extracting(RecipeNote::key).containsExactly("loss_type");
    }

    @Test
    void earlierVersionsOfTrlAreNotModelled() {
        assertThat(leftOut(trl("max_seq_length: 2048"))).contains("max_seq_length");
        assertThat(leftOut(trl("max_length: 2048\nbeta: 0.1"))).contains("beta");
    }

    @Test
    void torchtuneIsNeverComplete() {
        Recipe recipe = Recipe.parse("""
                model: {_component_: torchtune.models.qwen2_5.lora_qwen2_5_7b_base, lora_attn_modules: [q_proj, output_proj]}
                checkpointer: {checkpoint_dir: /tmp/Qwen2.5-7B/}
                tokenizer: {max_seq_len: 4096}
                optimizer: {_component_: bitsandbytes.optim.PagedAdamW8bit}
                loss: {_component_: torchtune.modules.loss.LinearCrossEntropyLoss}
                batch_size: 2
                gradient_accumulation_steps: 8
                dtype: bf16
                enable_activation_checkpointing: true
                """, RecipeKind.TORCHTUNE);
        assertThat(recipe.modelId()).contains("Qwen2.5-7B");
        assertThat(leftOut(recipe)).containsExactlyInAnyOrder("torchtune", "loss._component_");
        assertThat(recipe.without("torchtune", "loss._component_").workload(QWEN))
                .isEqualTo(Workload.builder()
                        .model(QWEN)
                        .strategy(new Strategy.Lora(
                                8,
                                Strategy.lora(8).alpha(),
                                0,
                                new Targets.Named(List.of("q_proj", "o_proj")),
                                Strategy.Lora.Bias.NONE,
                                false,
                                false))
                        .optimizer(new Optimizer.AdamW8bit(true))
                        .checkpointing(Checkpointing.NON_REENTRANT)
                        .batch(2)
                        .sequence(4096)
                        .accumulation(8)
                        .build());
    }

    @Test
    void deepSpeed() {
        Recipe recipe = Recipe.parse(
                "{\"train_micro_batch_size_per_gpu\": 2, \"gradient_accumulation_steps\": 4, \"train_batch_size\": 8,"
                        + " \"bf16\": {\"enabled\": true}, \"zero_optimization\": {\"stage\": 0, \"overlap_comm\": true}}",
                RecipeKind.DEEPSPEED);
        assertThat(leftOut(recipe)).containsExactlyInAnyOrder("deepspeed", "bf16.enabled");
        assertThat(recipe.without("deepspeed", "bf16").applyTo(PLAIN).batch()).isEqualTo(2);

        Recipe sharded = Recipe.parse(
                "{\"train_micro_batch_size_per_gpu\": \"auto\", \"train_batch_size\": 64,"
                        + " \"zero_optimization\": {\"stage\": 2, \"offload_optimizer\": {\"device\": \"cpu\"}}}",
                RecipeKind.DEEPSPEED);
        assertThat(leftOut(sharded))
                .containsExactlyInAnyOrder(
                        "deepspeed",
                        "train_batch_size",
                        "zero_optimization.stage",
                        "zero_optimization.offload_optimizer.device");
        assertThat(sharded.notes(Status.OPEN))
                .extracting(RecipeNote::key)
                .containsExactly("train_micro_batch_size_per_gpu");
    }

    @Test
    void accelerate() {
        assertThat(leftOut(Recipe.parse("distributed_type: MULTI_GPU\nnum_processes: 8", RecipeKind.ACCELERATE)))
                .containsExactly("distributed_type", "num_processes");
        Recipe one = Recipe.parse(
                "distributed_type: 'NO'\nnum_processes: 1\nnum_machines: 1\nmixed_precision: fp16",
                RecipeKind.ACCELERATE);
        assertThat(one.applyTo(PLAIN).precision()).isEqualTo(Precision.FP16.withAutocast(DType.FP16));
        assertThat(leftOut(Recipe.parse("mixed_precision: fp8", RecipeKind.ACCELERATE)))
                .containsExactly("mixed_precision");
    }
}
