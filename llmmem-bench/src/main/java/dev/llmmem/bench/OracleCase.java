package dev.llmmem.bench;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.Activation;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.LossInput;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.PromptEncoder;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Trained;
import dev.llmmem.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A case of the fake-tensor oracle as a {@link Workload}.
 *
 * <p>The oracle runs Hugging Face code over fake tensors, whose values cannot be read. So transformers cannot see that the
 * rows of a training batch are not packed, and makes the mask of packed rows; the workload says {@code packed} for that.
 */
final class OracleCase {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KNOWN = Set.of(
            "config",
            "override",
            "task",
            "weights",
            "autocast",
            "batch",
            "sequence",
            "accumulation",
            "attention",
            "loss",
            "optimizer",
            "optimizer_options",
            "zero_grad",
            "step_in_backward",
            "checkpointing",
            "keep_outputs",
            "use_cache",
            "peft",
            "trained",
            "autocast_adapter_dtype",
            "decode",
            "last_logit",
            "quantization",
            "compute",
            "kbit_prepare",
            "trl_cast",
            "loss_input",
            "safe_softmax");
    /** Of PEFT's fields those that are modelled, and those that bear on no memory. */
    private static final Set<String> KNOWN_OF_PEFT = Set.of(
            "type",
            "r",
            "lora_alpha",
            "lora_dropout",
            "target_modules",
            "bias",
            "use_dora",
            "use_rslora",
            "feedforward_modules",
            "bottleneck_size",
            "non_linearity",
            "adapter_dropout",
            "use_parallel_adapter",
            "output_modules",
            "encoder_reparameterization_type",
            "encoder_hidden_size",
            "encoder_num_layers",
            "num_virtual_tokens");

    private OracleCase() {}

    /** Thrown for a case that asks for something that is not modelled. */
    static final class NotModelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotModelled(String what) {
            super(what);
        }
    }

    /**
     * The configuration of a case, its overrides applied.
     *
     * @param oracle the case
     * @param configs the folder of the configurations that cases name
     * @return the fields of a {@code config.json}
     * @throws tools.jackson.core.JacksonException if the file cannot be read, or is no object
     */
    static ObjectNode config(JsonNode oracle, Path configs) {
        JsonNode config = oracle.path("config");
        ObjectNode fields = config.isString()
                ? JSON.readTree(configs.resolve(config.asString())).asObject()
                : config.deepCopy().asObject();
        oracle.path("override").propertyStream().forEach(entry -> fields.set(entry.getKey(), entry.getValue()));
        return fields;
    }

    /**
     * The job of a case.
     *
     * @param oracle the case
     * @param config its configuration
     * @return the job that the oracle ran
     * @throws NotModelled if the case asks for something else than a workload can say
     * @throws IllegalArgumentException if the model or the job is refused
     * @throws tools.jackson.core.JacksonException if a field is missing, or is not of its type
     */
    static Workload workload(JsonNode oracle, ObjectNode config) {
        refuseUnknown("", oracle, KNOWN);
        ModelSpec model = withPositions(HuggingFace.read(config.toString()), oracle);
        boolean training = switch (oracle.path("task").asString()) {
            case "train" -> true;
            case "prefill" -> false;
            default -> throw new NotModelled("task " + text(oracle, "task"));
        };
        boolean cached = oracle.path("use_cache").asBoolean(false);
        Checkpointing checkpointing = checkpointing(oracle.path("checkpointing").asString(""));
        AttentionKernel attention = attention(oracle.path("attention").asString(""));
        Workload.Builder job = Workload.builder()
                .model(model)
                .runtime(runtime(oracle))
                .precision(precision(oracle))
                .strategy(strategy(oracle, training))
                .batch(oracle.required("batch").asInt())
                .sequence(oracle.required("sequence").asInt())
                .attention(attention);
        String quantization = oracle.path("quantization").asString("");
        if (!quantization.isEmpty()) {
            Quantization stored = quantization(quantization);
            String compute = oracle.path("compute").asString("");
            job = job.quantization((compute.isEmpty() ? stored : stored.withCompute(DType.parse(compute)))
                    .withPreparation(preparation(oracle, training))
                    .withSkipped(
                            stored.format() == DType.INT8
                                    ? new String[] {"lm_head", "embed_out"}
                                    : new String[] {"lm_head"}));
        }
        if (training) {
            job = job.lossKernel(lossKernel(oracle.path("loss").asString("")))
                    .optimizer(OracleOptimizer.of(oracle))
                    .gradients(gradients(oracle))
                    .checkpointing(checkpointing)
                    .accumulation(oracle.path("accumulation").asInt(1))
                    .keepOutputs(oracle.path("keep_outputs").asBoolean(false))
                    .trainingCache(cached)
                    .packed((!cached || checkpointing != Checkpointing.NONE)
                            && attention != AttentionKernel.FLASH_ATTENTION_2);
        }
        return job.build();
    }

    /** A model with as many positions as the case has: fake tensors have no values, so PyTorch did not look. */
    private static ModelSpec withPositions(ModelSpec model, JsonNode oracle) {
        int after = oracle.path("decode").asInt(0)
                + oracle.path("peft").path("num_virtual_tokens").asInt(0);
        int last = Math.addExact(oracle.required("sequence").asInt(), after);
        return last <= model.maxPositions()
                ? model
                : model.toBuilder().maxPositions(last).build();
    }

    static void refuseUnknown(String prefix, JsonNode fields, Set<String> known) {
        for (String name : fields.propertyNames()) {
            if (!known.contains(name)) {
                throw new NotModelled(prefix + name);
            }
        }
    }

    private static Quantization.Preparation preparation(JsonNode oracle, boolean training) {
        if (!oracle.path("kbit_prepare").asBoolean(training)) {
            return Quantization.Preparation.NONE;
        }
        return oracle.path("trl_cast").asBoolean(false) ? Quantization.Preparation.TRL : Quantization.Preparation.PEFT;
    }

    private static Quantization quantization(String name) {
        return switch (name) {
            case "nf4" -> Quantization.nf4();
            case "int8" -> Quantization.int8();
            case "nf4_double" -> Quantization.nf4().withDoubled(true);
            default -> throw new NotModelled("quantization " + name);
        };
    }

    private static AttentionKernel attention(String name) {
        return switch (name) {
            case "", "sdpa" -> AttentionKernel.SDPA;
            case "eager" -> AttentionKernel.EAGER;
            case "flash_attention_2" -> AttentionKernel.FLASH_ATTENTION_2;
            default -> throw new NotModelled("attention " + name);
        };
    }

    /** Fake tensors, with what earlier versions did where the case was recorded so. */
    private static RuntimeProfile runtime(JsonNode oracle) {
        return RuntimeProfile.pytorchFakeTensors()
                .withLossInput(LossInput.valueOf(oracle.path("loss_input").asString(LossInput.PADDED_LABELS.name())))
                .withSafeSoftmax(oracle.path("safe_softmax").asBoolean(false));
    }

    private static LossKernel lossKernel(String name) {
        return switch (name) {
            case "" -> LossKernel.EAGER;
            case "liger_ce" -> LossKernel.LIGER_CROSS_ENTROPY;
            case "liger_lce" -> LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY;
            default -> throw new NotModelled("loss " + name);
        };
    }

    private static Precision precision(JsonNode oracle) {
        Precision weights = switch (oracle.path("weights").asString()) {
            case "fp32" -> Precision.FP32;
            case "fp16" -> Precision.FP16;
            case "bf16" -> Precision.BF16;
            default -> throw new NotModelled("weights " + text(oracle, "weights"));
        };
        String autocast = oracle.path("autocast").asString("");
        return autocast.isEmpty() ? weights : weights.withAutocast(DType.parse(autocast));
    }

    private static Strategy strategy(JsonNode oracle, boolean training) {
        if (!training) {
            return new Strategy.Inference(
                    oracle.path("decode").asInt(0), !oracle.path("last_logit").asBoolean(true));
        }
        JsonNode peft = oracle.path("peft");
        if (oracle.has("trained")) {
            return new Strategy.PartialFineTuning(trained(oracle.path("trained")));
        }
        if (peft.isMissingNode()) {
            return Strategy.fullFineTuning();
        }
        refuseUnknown("peft ", peft, KNOWN_OF_PEFT);
        String type = peft.path("type").asString("");
        if (type.equals("ia3")) {
            return new Strategy.Ia3(targets(peft.path("target_modules")), targets(peft.path("feedforward_modules")));
        }
        if (type.equals("prompt")) {
            return new Strategy.PromptTuning(peft.path("num_virtual_tokens").asInt());
        }
        if (type.equals("bottleneck")) {
            return bottleneck(peft);
        }
        if (type.equals("p_tuning")) {
            return pTuning(peft);
        }
        if (type.equals("prefix")) {
            return new Strategy.PrefixTuning(peft.path("num_virtual_tokens").asInt());
        }
        if (!type.equals("lora")) {
            throw new NotModelled("peft " + type);
        }
        return Strategy.lora(peft.path("r").asInt(8))
                .alpha(peft.path("lora_alpha").asDouble(8))
                .dropout(peft.path("lora_dropout").asDouble(0))
                .targeting(targets(peft.path("target_modules")))
                .bias(bias(peft.path("bias").asString("none")))
                .dora(peft.path("use_dora").asBoolean(false))
                .adaptersInFp32(oracle.path("autocast_adapter_dtype").asBoolean(true));
    }

    private static Strategy pTuning(JsonNode peft) {
        int hiddenSize = peft.required("encoder_hidden_size").asInt();
        PromptEncoder encoder =
                switch (peft.path("encoder_reparameterization_type").asString("MLP")) {
                    case "MLP" -> new PromptEncoder.Mlp(hiddenSize);
                    case "LSTM" ->
                        new PromptEncoder.Lstm(
                                hiddenSize, peft.path("encoder_num_layers").asInt(2));
                    default ->
                        throw new NotModelled("peft encoder_reparameterization_type "
                                + text(peft, "encoder_reparameterization_type"));
                };
        return new Strategy.PTuning(peft.required("num_virtual_tokens").asInt(), encoder);
    }

    private static Strategy bottleneck(JsonNode peft) {
        Targets targets = targets(peft.required("target_modules"));
        Placement placement = peft.path("use_parallel_adapter").asBoolean(false)
                ? new Placement.Parallel(targets)
                : new Placement.Series(targets, targets(peft.required("output_modules")));
        return new Strategy.Bottleneck(
                peft.required("bottleneck_size").asInt(),
                Activation.valueOf(peft.path("non_linearity").asString("tanh").toUpperCase(Locale.ROOT)),
                peft.path("adapter_dropout").asDouble(0),
                placement);
    }

    private static Trained trained(JsonNode chosen) {
        if (chosen.has("all_but")) {
            return new Trained.AllBut(trained(chosen.path("all_but")));
        }
        if (chosen.has("names")) {
            return new Trained.Named(names(chosen.path("names")));
        }
        return chosen.has("last_layers")
                ? new Trained.LastLayers(
                        chosen.path("last_layers").asInt(),
                        chosen.path("embeddings").asBoolean(false),
                        chosen.path("final_norm").asBoolean(false),
                        chosen.path("head").asBoolean(false))
                : new Trained.Biases();
    }

    private static Strategy.Lora.Bias bias(String name) {
        return switch (name) {
            case "none" -> Strategy.Lora.Bias.NONE;
            case "all" -> Strategy.Lora.Bias.ALL;
            case "lora_only" -> Strategy.Lora.Bias.LORA_ONLY;
            default -> throw new NotModelled("peft bias " + name);
        };
    }

    private static Targets targets(JsonNode modules) {
        if (modules.isMissingNode() || modules.isNull()) {
            return new Targets.Default();
        }
        if (modules.isString()) {
            return modules.asString().equals("all-linear")
                    ? new Targets.AllLinear()
                    : new Targets.Matching(modules.asString());
        }
        return new Targets.Named(names(modules));
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(name -> names.add(name.asString()));
        return names;
    }

    private static Gradients gradients(JsonNode oracle) {
        if (oracle.path("step_in_backward").asBoolean(false)) {
            return Gradients.STEP_IN_BACKWARD;
        }
        return switch (oracle.path("zero_grad").asString("none")) {
            case "none" -> Gradients.SET_TO_NONE;
            case "zero" -> Gradients.SET_TO_ZERO;
            default -> throw new NotModelled("zero_grad " + text(oracle, "zero_grad"));
        };
    }

    private static Checkpointing checkpointing(String name) {
        return switch (name) {
            case "" -> Checkpointing.NONE;
            case "reentrant" -> Checkpointing.REENTRANT;
            case "non_reentrant" -> Checkpointing.NON_REENTRANT;
            case "selective" -> Checkpointing.SELECTIVE;
            case "offloaded" -> Checkpointing.OFFLOADED;
            default -> throw new NotModelled("checkpointing " + name);
        };
    }

    private static String text(JsonNode oracle, String field) {
        return oracle.path(field).asString();
    }
}
