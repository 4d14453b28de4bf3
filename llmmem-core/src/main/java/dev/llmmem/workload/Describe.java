package dev.llmmem.workload;

import dev.llmmem.units.DType;
import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A job and its parts as a person would name them, for {@link Workload#toString()} and for messages. */
final class Describe {

    private static final int LONGEST_NAMES = 200;

    private Describe() {}

    /** One line: what is done with which model, on how much, in which format; then what differs from the defaults. */
    static String workload(Workload job) {
        List<String> parts = new ArrayList<>();
        parts.add(strategy(job.strategy()) + " of " + job.model());
        parts.add(job.batch() + " x " + job.sequence() + " tokens");
        parts.add(precision(job.precision()));
        if (job.strategy() instanceof Strategy.Inference inference) {
            inference(inference, parts);
        } else if (job.strategy() instanceof Strategy.Lora lora) {
            lora(lora, parts);
        }
        if (!(job.strategy() instanceof Strategy.Inference) || !job.optimizer().equals(Optimizer.adamW())) {
            parts.add(DescribeOptimizer.text(job.optimizer()));
        }
        job.quantization().ifPresent(quantization -> parts.add(quantization(quantization)));
        loop(job, parts);
        return String.join(", ", parts);
    }

    /** Targets, for example {@code q_proj, v_proj}. */
    static String targets(Targets targets) {
        if (targets instanceof Targets.Named named) {
            return shortened(String.join(", ", named.names()));
        }
        if (targets instanceof Targets.Matching matching) {
            return "pattern " + Quoted.text(matching.pattern());
        }
        return targets instanceof Targets.AllLinear ? "all linear layers" : "PEFT's default";
    }

    /** Trained parameters, for example {@code the last 2 layers and the head}. */
    static String trained(Trained trained) {
        if (trained instanceof Trained.LastLayers last) {
            List<String> parts = new ArrayList<>();
            if (last.count() > 0) {
                parts.add("the last " + last.count() + (last.count() == 1 ? " layer" : " layers"));
            }
            if (last.embeddings()) {
                parts.add("the embeddings");
            }
            if (last.finalNorm()) {
                parts.add("the final norm");
            }
            if (last.head()) {
                parts.add("the head");
            }
            return String.join(" and ", parts);
        }
        if (trained instanceof Trained.Named named) {
            return shortened(String.join(", ", named.names()));
        }
        return trained instanceof Trained.AllBut but ? "all but " + trained(but.frozen()) : "biases";
    }

    private static String shortened(String names) {
        return names.length() > LONGEST_NAMES ? names.substring(0, LONGEST_NAMES) + "..." : names;
    }

    private static String strategy(Strategy strategy) {
        if (strategy instanceof Strategy.Inference) {
            return "Inference";
        }
        if (strategy instanceof Strategy.Lora lora) {
            return (lora.dora() ? "DoRA rank " : "LoRA rank ") + lora.rank() + " on " + targets(lora.targets());
        }
        if (strategy instanceof Strategy.Ia3 ia3) {
            return "IA3 on " + targets(ia3.targets()) + ", of which on inputs " + targets(ia3.feedForward());
        }
        if (strategy instanceof Strategy.PromptTuning prompt) {
            return "Prompt tuning with " + prompt.virtualTokens() + " tokens";
        }
        if (strategy instanceof Strategy.Bottleneck bottleneck) {
            return bottleneck(bottleneck);
        }
        if (strategy instanceof Strategy.PTuning tuning) {
            return "P-tuning with " + tuning.virtualTokens() + " tokens through "
                    + (tuning.encoder() instanceof PromptEncoder.Lstm lstm ? lstm.layers() + "-layer LSTM " : "MLP ")
                    + tuning.encoder().hiddenSize();
        }
        if (strategy instanceof Strategy.PrefixTuning prefix) {
            return "Prefix tuning with " + prefix.virtualTokens() + " tokens";
        }
        if (strategy instanceof Strategy.PartialFineTuning partial) {
            return "Fine-tuning of " + trained(partial.trained());
        }
        return "Full fine-tuning";
    }

    private static String bottleneck(Strategy.Bottleneck bottleneck) {
        Placement placement = bottleneck.placement();
        String sides = placement instanceof Placement.Series series
                ? "series adapters " + bottleneck.size() + " on " + targets(series.targets()) + " (output: "
                        + targets(series.onOutput()) + ")"
                : "parallel adapters " + bottleneck.size() + " on " + targets(placement.targets());
        return sides + " with " + name(bottleneck.nonLinearity())
                + (bottleneck.dropout() == 0 ? "" : " and dropout " + number(bottleneck.dropout()));
    }

    private static String precision(Precision precision) {
        return precision.weights()
                + precision
                        .autocast()
                        .map(type -> " under " + type + " autocast")
                        .orElse("");
    }

    private static void inference(Strategy.Inference inference, List<String> parts) {
        parts.add(inference.generatedTokens() + " generated");
        if (inference.allLogits()) {
            parts.add("all logits");
        }
    }

    private static void lora(Strategy.Lora lora, List<String> parts) {
        Strategy.Lora usual = Strategy.lora(lora.rank());
        if (lora.alpha() != usual.alpha()) {
            parts.add("alpha " + number(lora.alpha()));
        }
        if (lora.dropout() != usual.dropout()) {
            parts.add("dropout " + number(lora.dropout()));
        }
        if (lora.bias() != usual.bias()) {
            parts.add("bias " + name(lora.bias()));
        }
        if (lora.adaptersInFp32() != usual.adaptersInFp32()) {
            parts.add("adapters in the format of the weights");
        }
    }

    private static void loop(Workload job, List<String> parts) {
        if (job.checkpointing() != Checkpointing.NONE) {
            parts.add("checkpointing " + name(job.checkpointing()));
        }
        if (job.gradients() != Gradients.SET_TO_NONE) {
            parts.add("gradients " + name(job.gradients()).replace('_', ' '));
        }
        if (job.accumulation() != 1) {
            parts.add("accumulation " + job.accumulation());
        }
        if (job.attention() != AttentionKernel.SDPA) {
            parts.add("attention " + name(job.attention()));
        }
        if (job.lossKernel() != LossKernel.EAGER) {
            parts.add("loss " + name(job.lossKernel()));
        }
        if (job.keepOutputs()) {
            parts.add("outputs kept");
        }
        if (job.trainingCache()) {
            parts.add("training cache");
        }
        if (job.packed()) {
            parts.add("packed");
        }
        if (!job.runtime().equals(RuntimeProfile.pytorch())) {
            parts.add(
                    job.runtime().equals(RuntimeProfile.pytorchFakeTensors())
                            ? "fake tensors"
                            : job.runtime().toString());
        }
    }

    private static String quantization(Quantization quantization) {
        String compute = quantization.format() == DType.INT8 ? "" : " computing in " + quantization.compute();
        return quantization.format()
                + (quantization.doubled() ? " with quantized scales" : "")
                + compute
                + preparation(quantization.preparation())
                + (quantization.skipped().equals(Quantization.nf4().skipped())
                        ? ""
                        : ", but " + quantization.skipped());
    }

    private static String preparation(Quantization.Preparation preparation) {
        return switch (preparation) {
            case PEFT -> "";
            case NONE -> ", not prepared";
            case TRL -> ", prepared by TRL";
        };
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
