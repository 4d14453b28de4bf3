package dev.llmmem.workload;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What keeps a half-made job from being one: each violation with name, value, permitted range and unit. */
final class WorkloadCheck {

    static final int MOST_ROWS = 1 << 20;
    static final int MOST_MICRO_STEPS = 1 << 20;
    static final int MOST_TOKENS = 1 << 30;
    static final int MOST_LAYERS = 10_000;
    static final int MOST_TENSORS = 1_000_000;
    private static final int LONGEST_NAME = 1000;
    private static final int MOST_PARTS = 32;

    private final Workload.Builder job;
    private final List<String> violations = new ArrayList<>();

    private WorkloadCheck(Workload.Builder job) {
        this.job = job;
    }

    static List<String> violations(Workload.Builder job) {
        WorkloadCheck check = new WorkloadCheck(job);
        check.required("model", job.model != null);
        check.required("strategy", job.strategy != null);
        check.range("batch", job.batch, MOST_ROWS, "rows");
        job.sequence.ifPresent(sequence -> check.range("sequence", sequence, MOST_TOKENS, "tokens"));
        check.range("accumulation", job.accumulation, MOST_MICRO_STEPS, "micro-steps");
        if (job.strategy instanceof Strategy.Inference) {
            check.inference();
        }
        boolean partial = job.strategy instanceof Strategy.PartialFineTuning;
        if (job.quantization.isPresent() && (partial || job.strategy instanceof Strategy.FullFineTuning)) {
            check.violations.add("quantization is " + job.quantization.get().format() + ", but must be absent for "
                    + (partial ? "partial" : "full") + " fine-tuning: quantized weights cannot be trained");
        }
        check.preparation();
        check.adapters();
        check.violations.addAll(OptimizerCheck.violations(job));
        check.flashAttention();
        check.lossKernel();
        if (job.checkpointing == Checkpointing.OFFLOADED
                && job.precision.autocast().isPresent()) {
            check.violations.add("precision is " + job.precision + ", but must have no autocast for checkpointing "
                    + job.checkpointing + ": its backward pass would run under autocast, which is not modelled");
        }
        if (job.model != null && check.size(job.model)) {
            check.tokens(job.model);
            if (job.strategy instanceof Strategy.Lora lora) {
                check.violations.addAll(TargetCheck.violations(job.model, lora.targets()));
            } else if (job.strategy instanceof Strategy.Ia3 ia3) {
                check.violations.addAll(TargetCheck.violations(job.model, ia3.targets()));
            } else if (job.strategy instanceof Strategy.Bottleneck bottleneck) {
                check.bottleneck(job.model, bottleneck);
            } else if (job.strategy instanceof Strategy.PartialFineTuning tuning) {
                check.violations.addAll(TrainedCheck.violations(job.model, tuning.trained()));
            }
        }
        return check.violations;
    }

    /** What TRL asks before it casts embeddings and head. */
    private void preparation() {
        if (job.quantization.isEmpty() || job.quantization.get().preparation() != Quantization.Preparation.TRL) {
            return;
        }
        if (job.quantization.get().format() == DType.INT8) {
            violations.add(
                    "quantization preparation is TRL, but must be NONE or PEFT for INT8: TRL casts 4-bit models alone");
        }
        if (!job.precision.autocast().equals(Optional.of(DType.BF16))) {
            violations.add("quantization preparation is TRL, but must be NONE or PEFT for precision " + job.precision
                    + ": TRL casts where its trainer runs under BF16 autocast");
        }
        if (job.strategy instanceof Strategy.Inference) {
            violations.add(
                    "quantization preparation is TRL, but must be NONE or PEFT for inference: TRL prepares for training");
        }
    }

    /** Combinations that PEFT refuses, or that are not modelled. */
    private void adapters() {
        boolean dora = job.strategy instanceof Strategy.Lora lora && lora.dora();
        if (job.quantization.isPresent() && dora) {
            violations.add("quantization is " + job.quantization.get().format()
                    + ", but must be absent for DoRA: that is not modelled over quantized weights");
        }
        if (job.quantization.isPresent()
                && job.strategy instanceof Strategy.Ia3
                && !job.quantization.get().prepared()
                && job.precision.weights() != DType.FP32
                && job.precision.autocast().isEmpty()) {
            violations.add("quantization prepared is false, but must be true for IA3 in " + job.precision.weights()
                    + " without autocast: PEFT's scaled layers return fp32 then, and attention takes no two formats");
        }
        if (job.quantization.isPresent()
                && job.quantization.get().format() == DType.INT8
                && job.strategy instanceof Strategy.Lora lora
                && lora.bias() != Strategy.Lora.Bias.NONE) {
            violations.add("bias is " + lora.bias() + ", but must be NONE over INT8: trained biases of 8-bit layers are"
                    + " not modelled");
        }
        boolean mixed = job.precision.weights() != DType.FP32
                && job.precision.autocast().isPresent()
                && job.precision.weights() != job.precision.autocast().get();
        if (mixed && (dora || job.strategy instanceof Strategy.PrefixTuning)) {
            violations.add("precision is " + job.precision + ", but must have one 16-bit format for "
                    + (dora ? "DoRA" : "prefix tuning") + ": two at once are not modelled");
        }
        if (job.strategy instanceof Strategy.PTuning tuning
                && tuning.encoder() instanceof PromptEncoder.Lstm
                && job.precision.autocast().isPresent()) {
            violations.add(
                    "precision is " + job.precision
                            + ", but must be without autocast for P-tuning with an LSTM: its copies of the weights are not modelled");
        }
        if (!(job.strategy instanceof Strategy.PrefixTuning)) {
            return;
        }
        if (job.model != null
                && job.model.layers().stream().anyMatch(layer -> layer.attention() instanceof Attention.Latent)) {
            violations.add("strategy is prefix tuning, but must be another for latent attention: that is not modelled");
        }
        if (job.checkpointing != Checkpointing.NONE) {
            violations.add(
                    "checkpointing is " + job.checkpointing
                            + ", but must be NONE for prefix tuning: a second run would add to the cache that holds the prefix");
        }
    }

    private void bottleneck(ModelSpec model, Strategy.Bottleneck bottleneck) {
        List<String> targets =
                TargetCheck.violations(model, bottleneck.placement().targets());
        violations.addAll(targets);
        if (job.quantization.isPresent()) {
            violations.add("quantization is " + job.quantization.get().format()
                    + ", but must be absent for bottleneck adapters: that is not modelled over quantized weights");
        }
        if (targets.isEmpty()
                && Stream.concat(
                                model.layers().stream().distinct().flatMap(layer -> layer.parameters().stream()),
                                model.outerParameters().stream())
                        .anyMatch(parameter -> parameter.kind() == Parameter.Kind.CONV1D
                                && bottleneck.placement().targets().match(model, parameter))) {
            violations.add(
                    "targets is " + Describe.targets(bottleneck.placement().targets())
                            + ", but must be plain linear layers for bottleneck adapters: LLM-Adapters takes no transposed ones");
        }
    }

    /** What the package flash-attn does not take. */
    private void flashAttention() {
        if (job.attention != AttentionKernel.FLASH_ATTENTION_2) {
            return;
        }
        if (job.precision.weights() == DType.FP32 && job.precision.autocast().isEmpty()) {
            violations.add("precision is " + job.precision + ", but must have 16-bit weights or autocast for attention "
                    + job.attention + ": the kernel takes FP16 and BF16 alone");
        }
        if (job.packed) {
            violations.add("packed is true, but must be false for attention " + job.attention
                    + ": documents in a row would need their number and lengths, which a job does not say");
        }
        if (job.strategy instanceof Strategy.PrefixTuning) {
            violations.add("strategy is prefix tuning, but must be another for attention " + job.attention
                    + ": its mask of the learned tokens is not modelled there");
        }
    }

    /** Liger replaces the loss of current transformers. */
    private void lossKernel() {
        if (job.lossKernel != LossKernel.EAGER && job.runtime.lossInput() != LossInput.PADDED_LABELS) {
            violations.add(
                    "runtime lossInput is " + job.runtime.lossInput() + ", but must be PADDED_LABELS for lossKernel "
                            + job.lossKernel + ": it is modelled in current transformers alone");
        }
    }

    private void required(String name, boolean present) {
        if (!present) {
            violations.add(name + " is missing, but is required");
        }
    }

    private void range(String name, int value, int most, String unit) {
        if (value < 1 || value > most) {
            violations.add(name + " is " + value + ", but must be 1 to " + most + " " + unit);
        }
    }

    /** Whether the model is small enough to be looked at more closely. */
    private boolean size(ModelSpec model) {
        int before = violations.size();
        if (model.layers().size() > MOST_LAYERS) {
            violations.add(
                    "model has " + model.layers().size() + " layers, but must have 1 to " + MOST_LAYERS + " layers");
        }
        long tensors = model.outerParameters().size();
        for (Layer layer : model.layers()) {
            tensors += layer.parameters().size();
        }
        if (tensors > MOST_TENSORS) {
            violations.add("model has " + tensors + " tensors, but must have at most " + MOST_TENSORS + " tensors");
        }
        Stream.concat(model.layers().stream().distinct().map(Layer::parameters), Stream.of(model.outerParameters()))
                .flatMap(List::stream)
                .map(Parameter::name)
                .filter(name -> name.length() > LONGEST_NAME || name.split("\\.", -1).length > MOST_PARTS)
                .findFirst()
                .ifPresent(name ->
                        violations.add("model has a tensor named " + Quoted.text(name) + ", but a name must have"
                                + " at most " + LONGEST_NAME + " characters and " + MOST_PARTS + " parts"));
        return violations.size() == before;
    }

    private void tokens(ModelSpec model) {
        int sequence = job.sequenceFor(model);
        if (sequence < 1 || sequence > MOST_TOKENS || job.batch < 1 || job.batch > MOST_ROWS) {
            return;
        }
        long row = sequence;
        String shown = "sequence";
        if (job.strategy instanceof Strategy.Inference inference && inference.generatedTokens() > 0) {
            row += inference.generatedTokens();
            shown = "(sequence + generatedTokens)";
        }
        int virtual = job.strategy == null ? 0 : job.strategy.virtualTokens();
        if (virtual > 0) {
            row += virtual;
            shown = "(sequence + virtualTokens)";
        }
        if (row * job.batch > MOST_TOKENS) {
            violations.add(
                    "batch x " + shown + " is " + row * job.batch + ", but must be 1 to " + MOST_TOKENS + " tokens");
        }
        Optional<Parameter> learned = learnedPositions(model);
        if (learned.isPresent() && row > model.maxPositions()) {
            violations.add(shown + " is " + row + ", but must be 1 to " + model.maxPositions()
                    + " tokens, the positions that the model learned in "
                    + learned.get().name());
        }
    }

    /** The table of position embeddings, for example {@code transformer.wpe.weight}. Rotary models have none. */
    private static Optional<Parameter> learnedPositions(ModelSpec model) {
        return model.outerParameters().stream()
                .filter(parameter -> parameter.kind() == Parameter.Kind.EMBEDDING)
                .filter(parameter -> {
                    String module = TargetRules.lastPart(parameter.module()).toLowerCase(Locale.ROOT);
                    return module.equals("wpe") || module.contains("position");
                })
                .findFirst();
    }

    private void inference() {
        none("checkpointing", job.checkpointing, Checkpointing.NONE, "there is no backward pass");
        none("accumulation", job.accumulation, 1, "there is no optimizer step");
        none("lossKernel", job.lossKernel, LossKernel.EAGER, "there is no loss");
        none("keepOutputs", job.keepOutputs, false, "there is no training loop");
        none("trainingCache", job.trainingCache, false, "its cache is part of the strategy");
        none(
                "runtime projectionsAsCache",
                job.runtime.projectionsAsCache(),
                false,
                "how such a cache grows is not modelled");
    }

    private void none(String name, Object value, Object permitted, String because) {
        if (!value.equals(permitted)) {
            violations.add(name + " is " + value + ", but must be " + permitted + " for inference: " + because);
        }
    }
}
