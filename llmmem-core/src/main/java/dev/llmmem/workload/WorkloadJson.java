package dev.llmmem.workload;

import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A job in JSON, version 1. Every setting is written; on reading, one that is absent has its default, so that a later
 * version of the library reads what an earlier one wrote.
 */
final class WorkloadJson {

    private static final int VERSION = 1;

    private WorkloadJson() {}

    static String write(Workload job) {
        return JsonWriter.write(json -> json.field("version", VERSION)
                .object("model", () -> ModelJson.write(json, job.model()))
                .object("precision", () -> precision(json, job.precision()))
                .object("strategy", () -> strategy(json, job.strategy()))
                .optionalObject("quantization", job.quantization(), value -> quantization(json, value))
                .object("optimizer", () -> OptimizerJson.write(json, job.optimizer()))
                .field("gradients", job.gradients())
                .field("checkpointing", job.checkpointing())
                .field("batch", job.batch())
                .field("sequence", job.sequence())
                .field("accumulation", job.accumulation())
                .field("attention", job.attention())
                .field("lossKernel", job.lossKernel())
                .field("keepOutputs", job.keepOutputs())
                .field("trainingCache", job.trainingCache())
                .field("packed", job.packed())
                .object("runtime", () -> runtime(json, job.runtime())));
    }

    static Workload read(String text) {
        return JsonReader.read(text, WorkloadJson::workload);
    }

    private static Workload workload(JsonObject json) {
        JsonValue version = json.get("version");
        if (version.integer(1, Integer.MAX_VALUE, "") != VERSION) {
            throw version.refused("must be " + VERSION + ", the version of this format");
        }
        Workload.Builder job = Workload.builder()
                .model(json.get("model").object().as(ModelJson::read))
                .strategy(json.get("strategy").object().as(WorkloadJson::strategy));
        job = set(job, json, "precision", (b, v) -> b.precision(v.object().as(WorkloadJson::precision)));
        job = set(job, json, "quantization", (b, v) -> b.quantization(v.object().as(WorkloadJson::quantization)));
        job = set(job, json, "optimizer", (b, v) -> b.optimizer(v.object().as(OptimizerJson::read)));
        job = set(job, json, "gradients", (b, v) -> b.gradients(v.constant(Gradients.class)));
        job = set(job, json, "checkpointing", (b, v) -> b.checkpointing(v.constant(Checkpointing.class)));
        job = set(job, json, "batch", (b, v) -> b.batch(v.integer(1, WorkloadCheck.MOST_ROWS, "rows")));
        job = set(job, json, "sequence", (b, v) -> b.sequence(v.integer(1, WorkloadCheck.MOST_TOKENS, "tokens")));
        job = set(
                job,
                json,
                "accumulation",
                (b, v) -> b.accumulation(v.integer(1, WorkloadCheck.MOST_MICRO_STEPS, "micro-steps")));
        job = set(job, json, "attention", (b, v) -> b.attention(v.constant(AttentionKernel.class)));
        job = set(job, json, "lossKernel", (b, v) -> b.lossKernel(v.constant(LossKernel.class)));
        job = set(job, json, "keepOutputs", (b, v) -> b.keepOutputs(v.bool()));
        job = set(job, json, "trainingCache", (b, v) -> b.trainingCache(v.bool()));
        job = set(job, json, "packed", (b, v) -> b.packed(v.bool()));
        job = set(job, json, "runtime", (b, v) -> b.runtime(v.object().as(WorkloadJson::runtime)));
        return job.build();
    }

    /** The builder with a field's value where the field is there. */
    private static Workload.Builder set(
            Workload.Builder job,
            JsonObject json,
            String name,
            BiFunction<Workload.Builder, JsonValue, Workload.Builder> setter) {
        return json.has(name) ? setter.apply(job, json.get(name)) : job;
    }

    private static void precision(JsonWriter json, Precision precision) {
        json.field("weights", precision.weights());
        precision.autocast().ifPresent(type -> json.field("autocast", type));
    }

    private static Precision precision(JsonObject json) {
        Optional<DType> autocast =
                json.has("autocast") ? Optional.of(json.get("autocast").constant(DType.class)) : Optional.empty();
        return new Precision(json.get("weights").constant(DType.class), autocast);
    }

    private static void strategy(JsonWriter json, Strategy strategy) {
        if (strategy instanceof Strategy.Inference inference) {
            json.field("kind", "inference")
                    .field("generatedTokens", inference.generatedTokens())
                    .field("allLogits", inference.allLogits());
        } else if (strategy instanceof Strategy.Lora lora) {
            json.field("kind", "lora")
                    .field("rank", lora.rank())
                    .field("alpha", lora.alpha())
                    .field("dropout", lora.dropout())
                    .object("targets", () -> targets(json, lora.targets()))
                    .field("bias", lora.bias())
                    .field("adaptersInFp32", lora.adaptersInFp32())
                    .field("dora", lora.dora());
        } else if (strategy instanceof Strategy.Ia3 ia3) {
            json.field("kind", "ia3")
                    .object("targets", () -> targets(json, ia3.targets()))
                    .object("feedForward", () -> targets(json, ia3.feedForward()));
        } else if (strategy instanceof Strategy.PromptTuning prompt) {
            json.field("kind", "promptTuning").field("virtualTokens", prompt.virtualTokens());
        } else if (strategy instanceof Strategy.Bottleneck bottleneck) {
            AdapterJson.write(json, bottleneck);
        } else if (strategy instanceof Strategy.PTuning tuning) {
            AdapterJson.write(json, tuning);
        } else if (strategy instanceof Strategy.PrefixTuning prefix) {
            json.field("kind", "prefixTuning").field("virtualTokens", prefix.virtualTokens());
        } else if (strategy instanceof Strategy.FullFineTuning) {
            json.field("kind", "fullFineTuning");
        } else if (strategy instanceof Strategy.PartialFineTuning partial) {
            json.field("kind", "partialFineTuning").object("trained", () -> TrainedJson.write(json, partial.trained()));
        } else {
            throw new IllegalStateException("strategy " + strategy + " has no JSON");
        }
    }

    private static Strategy strategy(JsonObject json) {
        return switch (json.kind(
                "inference",
                "fullFineTuning",
                "partialFineTuning",
                "lora",
                "ia3",
                "bottleneck",
                "promptTuning",
                "pTuning",
                "prefixTuning")) {
            case "inference" ->
                new Strategy.Inference(
                        json.integer("generatedTokens", 0, "tokens"),
                        json.has("allLogits") && json.get("allLogits").bool());
            case "fullFineTuning" -> Strategy.fullFineTuning();
            case "partialFineTuning" ->
                new Strategy.PartialFineTuning(json.get("trained").object().as(TrainedJson::read));
            case "ia3" ->
                new Strategy.Ia3(
                        json.get("targets").object().as(WorkloadJson::targets),
                        json.get("feedForward").object().as(WorkloadJson::targets));
            case "promptTuning" -> new Strategy.PromptTuning(json.integer("virtualTokens", 1, "tokens"));
            case "bottleneck" -> AdapterJson.bottleneck(json);
            case "pTuning" -> AdapterJson.pTuning(json);
            case "prefixTuning" -> new Strategy.PrefixTuning(json.integer("virtualTokens", 1, "tokens"));
            default -> lora(json);
        };
    }

    private static Strategy lora(JsonObject json) {
        Strategy.Lora lora = Strategy.lora(json.integer("rank", 1, "elements"));
        if (json.has("alpha")) {
            lora = lora.alpha(json.get("alpha").number());
        }
        if (json.has("dropout")) {
            lora = lora.dropout(json.get("dropout").number());
        }
        if (json.has("targets")) {
            Targets targets = json.get("targets").object().as(WorkloadJson::targets);
            lora = lora.targeting(targets);
        }
        if (json.has("bias")) {
            lora = lora.bias(json.get("bias").constant(Strategy.Lora.Bias.class));
        }
        if (json.has("adaptersInFp32")) {
            lora = lora.adaptersInFp32(json.get("adaptersInFp32").bool());
        }
        return json.has("dora") ? lora.dora(json.get("dora").bool()) : lora;
    }

    static void targets(JsonWriter json, Targets targets) {
        if (targets instanceof Targets.Named named) {
            json.field("kind", "named").strings("names", named.names());
        } else if (targets instanceof Targets.Matching matching) {
            json.field("kind", "matching").field("pattern", matching.pattern());
        } else if (targets instanceof Targets.AllLinear) {
            json.field("kind", "allLinear");
        } else if (targets instanceof Targets.Default) {
            json.field("kind", "default");
        } else {
            throw new IllegalStateException("targets " + targets + " has no JSON");
        }
    }

    static Targets targets(JsonObject json) {
        return switch (json.kind("default", "named", "matching", "allLinear")) {
            case "default" -> new Targets.Default();
            case "named" -> new Targets.Named(strings(json.get("names")));
            case "matching" -> new Targets.Matching(json.get("pattern").string());
            default -> new Targets.AllLinear();
        };
    }

    private static List<String> strings(JsonValue array) {
        List<String> names = new ArrayList<>();
        for (JsonValue name : array.array()) {
            names.add(name.string());
        }
        return names;
    }

    private static void quantization(JsonWriter json, Quantization quantization) {
        json.field("format", quantization.format())
                .field("doubled", quantization.doubled())
                .field("compute", quantization.compute())
                .field("preparation", quantization.preparation())
                .strings("skipped", quantization.skipped());
    }

    private static Quantization quantization(JsonObject json) {
        return new Quantization(
                json.get("format").constant(DType.class),
                json.get("doubled").bool(),
                json.get("compute").constant(DType.class),
                json.get("preparation").constant(Quantization.Preparation.class),
                strings(json.get("skipped")));
    }

    private static void runtime(JsonWriter json, RuntimeProfile runtime) {
        json.field("fusedBackwardKernels", runtime.fusedBackwardKernels())
                .field("gradientsSummedInPlace", runtime.gradientsSummedInPlace())
                .field("safeSoftmax", runtime.safeSoftmax())
                .field("lossInput", runtime.lossInput())
                .field("projectionsAsCache", runtime.projectionsAsCache())
                .field("outputsInFp32", runtime.outputsInFp32());
    }

    private static RuntimeProfile runtime(JsonObject json) {
        RuntimeProfile runtime = RuntimeProfile.pytorch()
                .withFusedBackwardKernels(json.get("fusedBackwardKernels").bool())
                .withGradientsSummedInPlace(json.get("gradientsSummedInPlace").bool());
        if (json.has("safeSoftmax")) {
            runtime = runtime.withSafeSoftmax(json.get("safeSoftmax").bool());
        }
        if (json.has("lossInput")) {
            runtime = runtime.withLossInput(json.get("lossInput").constant(LossInput.class));
        }
        if (json.has("projectionsAsCache")) {
            runtime = runtime.withProjectionsAsCache(
                    json.get("projectionsAsCache").bool());
        }
        if (json.has("outputsInFp32")) {
            runtime = runtime.withOutputsInFp32(json.get("outputsInFp32").bool());
        }
        return runtime;
    }
}
