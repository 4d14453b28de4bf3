package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Dropout;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Trained;
import dev.llmmem.workload.Workload;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which parameters a job trains, and in which format. */
public final class Training {

    /** The place of a parameter that is in no layer. */
    public static final int OUTSIDE = -1;

    private static final Trained ALL_BIASES = new Trained.Biases();

    private final ModelSpec model;
    private final DType weights;
    private final Strategy strategy;
    private final Strategy.@Nullable Lora lora;
    private final @Nullable Quantization quantization;

    public Training(Workload job) {
        this.model = job.model();
        this.weights = job.precision().weights();
        this.strategy = job.strategy();
        this.lora = strategy instanceof Strategy.Lora chosen ? chosen : null;
        this.quantization = job.quantization().orElse(null);
    }

    /** The dropout that is on: the model's own in training, none in inference. */
    Dropout dropout() {
        return strategy instanceof Strategy.Inference ? Dropout.NONE : model.dropout();
    }

    /** The layers as runs of groups that are equal and trained alike. */
    public List<TrainedRun> runs() {
        return TrainedRun.of(model, this, differsByLayer());
    }

    /** Whether equal layers may differ in what is trained of them. */
    boolean differsByLayer() {
        return strategy instanceof Strategy.PartialFineTuning partial
                && partial.trained().differsByLayer();
    }

    /** For each layer the index of the first one that is equal to it and of which the same is trained. */
    int[] firstAlike() {
        List<Layer> layers = model.layers();
        int[] first = new int[layers.size()];
        IdentityHashMap<Layer, Integer> equal = new IdentityHashMap<>(); // equal layers of a model are one object
        Map<List<Object>, Integer> alike = new HashMap<>();
        for (int i = 0; i < first.length; i++) {
            int index = i;
            Layer layer = layers.get(i);
            int known = equal.computeIfAbsent(layer, key -> index);
            first[i] =
                    differsByLayer() ? alike.computeIfAbsent(List.of(known, trained(layer, i)), key -> index) : known;
        }
        return first;
    }

    /** Which parameters of a layer are trained. */
    List<Boolean> trained(Layer layer, int index) {
        return layer.parameters().stream()
                .map(parameter -> trains(parameter, index))
                .toList();
    }

    /** What is done with the model. */
    public Strategy strategy() {
        return strategy;
    }

    /** The format that the model is made in, and so that of its buffers. */
    public DType weights() {
        return weights;
    }

    /** The format of a parameter of the model that is not packed. */
    public DType typeOf(Parameter parameter) {
        return quantization == null
                ? weights
                : switch (quantization.preparation()) {
                    case NONE -> weights;
                    case PEFT -> DType.FP32;
                    case TRL -> isNarrowedByTrl(parameter) ? DType.BF16 : DType.FP32;
                };
    }

    /** By the names of modules, of which those of norms are asked for first. */
    private static boolean isNarrowedByTrl(Parameter parameter) {
        String module = parameter.module();
        return parameter.kind() != Parameter.Kind.NORM
                && !module.contains("norm")
                && Stream.of("lm_head", "embed_tokens", "wte", "wpe").anyMatch(module::contains);
    }

    /** How a parameter is packed, or null where it is not. */
    public @Nullable Quantization packed(Parameter parameter) {
        if (quantization == null || !quantization.takes(parameter)) {
            return null;
        }
        for (String skipped : quantization.skipped()) {
            if (parameter.module().contains(skipped)) {
                return null;
            }
        }
        return quantization;
    }

    /** Whether the embedding's output is made to want a gradient, so that frozen layers are differentiated through. */
    public boolean inputsWantGradients(Checkpointing checkpointing) {
        boolean frozen = !(strategy instanceof Strategy.FullFineTuning) && !(strategy instanceof Strategy.Inference);
        return frozen && (checkpointing != Checkpointing.NONE || (quantization != null && quantization.prepared()));
    }

    /** Whether the parameter wants gradients: in inference all do that are not packed, though nothing is recorded. */
    boolean wantsGradient(Parameter parameter, int layer) {
        return trains(parameter, layer) || strategy instanceof Strategy.Inference;
    }

    /**
     * Whether a parameter of the model itself is trained.
     *
     * @param layer the index of the layer that it is in, or {@link #OUTSIDE}
     */
    public boolean trains(Parameter parameter, int layer) {
        if (strategy instanceof Strategy.FullFineTuning) {
            return true;
        }
        if (strategy instanceof Strategy.PartialFineTuning partial) {
            return partial.trained()
                    .contains(model, parameter, layer == OUTSIDE ? OptionalInt.empty() : OptionalInt.of(layer));
        }
        if (lora == null || !ALL_BIASES.contains(model, parameter, OptionalInt.empty())) {
            return false;
        }
        return switch (lora.bias()) {
            case NONE -> false;
            case ALL -> true;
            case LORA_ONLY ->
                parameter.kind() == Parameter.Kind.BIAS && lora.targets().match(model, parameter);
        };
    }

    /** The LoRA adapter that the module of a weight gets, or null. */
    public Strategy.@Nullable Lora lora(Parameter weight) {
        return lora != null && weight.isLinear() && lora.targets().match(model, weight) ? lora : null;
    }

    /** The IA³ vector that the module of a weight gets, or null. */
    public Strategy.@Nullable Ia3 ia3(Parameter weight) {
        return strategy instanceof Strategy.Ia3 ia3
                        && weight.isLinear()
                        && ia3.targets().match(model, weight)
                ? ia3
                : null;
    }

    /** Where the bottleneck adapter of a weight's module stands; empty without one. */
    public Optional<Placement.Side> bottleneck(Parameter weight) {
        return strategy instanceof Strategy.Bottleneck bottleneck && weight.isLinear()
                ? bottleneck.placement().side(model, weight)
                : Optional.empty();
    }

    /** Whether the module of a weight gets an adapter of any kind. */
    boolean adapts(Parameter weight) {
        return lora(weight) != null || ia3(weight) != null || bottleneck(weight).isPresent();
    }

    /** Whether a module's IA³ vector scales its input. */
    public boolean onInput(Strategy.Ia3 ia3, Parameter weight) {
        return ia3.feedForward().match(model, weight);
    }

    /** The format of the adapter of a weight: PEFT does not make adapters in a format of integers. */
    public DType adapterType(Parameter weight) {
        Quantization packed = packed(weight);
        return packed != null && packed.format() == DType.INT8 ? DType.FP32 : adapterType();
    }

    /** The format of the adapters: PEFT keeps those over 16-bit weights in fp32 unless told not to. */
    public DType adapterType() {
        return lora == null || lora.adaptersInFp32() ? DType.FP32 : weights;
    }
}
