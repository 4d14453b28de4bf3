package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.units.Bytes;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Goes through the tensors that stand for a model's parameters, one after another. */
final class TensorWalk {

    /** What is done with each. */
    interface Sink {
        /** A tensor by its name with <code>{i}</code> and <code>{e}</code>, and the numbers that stand for them, or -1. */
        void tensor(StoredPart tensor, int layer, long expert);

        /** A weight was quantized: its elements, what stands for them, and the elements of all that but the packed weight. */
        default void quantized(long weights, Bytes bytes, long beside) {}
    }

    private static final Set<String> MIXTRAL_NAMES = Set.of("mixtral", "phimoe", "minimax_m2");

    private final StoredQuantization quantization;
    private final Scheme scheme;
    private final ModelSpec model;
    private final SafeTensorsType plain;
    private final StepBudget budget = LeftAlone.budget();
    private final Sink sink;

    TensorWalk(StoredQuantization quantization, ModelSpec model, SafeTensorsType plain, Sink sink) {
        this.quantization = quantization;
        this.scheme = quantization.scheme();
        this.model = model;
        this.plain = plain;
        this.sink = sink;
    }

    void run() {
        for (Parameter parameter : model.outerParameters()) {
            parameter(parameter, -1, quantization.takesOuter(model, parameter));
        }
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                parameter(parameter, i, true);
            }
        }
    }

    private void parameter(Parameter parameter, int layer, boolean permitted) {
        if (parameter.kind() == Kind.EXPERTS) {
            experts(parameter, layer);
        } else if (permitted && takes(parameter)) {
            linear(parameter.module(), parameter.outputs(), parameter.inputs(), layer, -1);
        } else {
            asItIs(parameter, layer);
        }
    }

    private void asItIs(Parameter parameter, int layer) {
        sink.tensor(new StoredPart(renamed(parameter.name()), plain, parameter.shape()), layer, -1);
    }

    private boolean takes(Parameter parameter) {
        if (scheme instanceof Scheme.Mxfp4 || scheme instanceof Scheme.Unquantized) {
            return false;
        }
        boolean transposed = scheme instanceof Scheme.BitsAndBytes4 || scheme instanceof Scheme.BitsAndBytes8;
        // A parameter of a linear layer that is no weight, or one without a module, is no linear layer's.
        return (transposed ? parameter.isLinear() : parameter.kind() == Kind.LINEAR)
                && parameter.name().endsWith(".weight");
    }

    private void experts(Parameter parameter, int layer) {
        boolean gptOss = model.modelType().equals("gpt_oss");
        boolean paired = parameter.name().endsWith("gate_up_proj");
        boolean known = paired || parameter.name().endsWith(".down_proj");
        long outputs = parameter.shape().get(gptOss ? 2 : 1);
        long inputs = parameter.shape().get(gptOss ? 1 : 2);
        long experts = parameter.shape().get(0);
        if (scheme instanceof Scheme.Mxfp4) {
            if (gptOss
                    && scheme.fits(outputs, inputs)
                    && !quantization.leavesAlone(inLayer(parameter.name(), layer), budget)) {
                List<StoredPart> parts = scheme.parts(outputs, inputs, plain).stream()
                        .map(part -> part.of(experts).named(parameter.name() + part.name()))
                        .toList();
                quantized(parts, parameter.elements(), layer, -1);
            } else {
                asItIs(parameter, layer);
            }
        } else if (quantization.fusedExperts() || (scheme instanceof Scheme.Unquantized && (gptOss || !known))) {
            asItIs(parameter, layer);
        } else if (!known) {
            throw new IllegalArgumentException(
                    "experts of the model are " + parameter.name() + ", but must be gate_up_proj and down_proj");
        } else {
            for (String module : modules(parameter.name(), paired)) {
                for (long e = 0; e < experts; e++) {
                    linear(module, paired ? outputs / 2 : outputs, inputs, layer, e);
                }
            }
        }
    }

    private List<String> modules(String name, boolean paired) {
        String before = name.substring(0, name.lastIndexOf('.')) + ".{e}.";
        if (MIXTRAL_NAMES.contains(model.modelType())) {
            return paired ? List.of(before + "w1", before + "w3") : List.of(before + "w2");
        }
        return paired ? List.of(before + "gate_proj", before + "up_proj") : List.of(before + "down_proj");
    }

    private void linear(String module, long outputs, long inputs, int layer, long expert) {
        String named = renamed(module);
        String full = inLayer(named, layer).replace("{e}", Long.toString(expert));
        if (scheme instanceof Scheme.Unquantized
                || !scheme.fits(outputs, inputs)
                || quantization.leavesAlone(full, budget)) {
            sink.tensor(StoredPart.of(named + ".weight", plain, outputs, inputs), layer, expert);
            return;
        }
        List<StoredPart> parts = scheme.parts(outputs, inputs, plain).stream()
                .map(part -> part.named(named + part.name()))
                .toList();
        quantized(parts, Math.multiplyExact(outputs, inputs), layer, expert);
    }

    /** The first part is the packed weight. */
    private void quantized(List<StoredPart> parts, long weights, int layer, long expert) {
        Bytes bytes = Bytes.ZERO;
        long beside = -parts.get(0).elements();
        for (StoredPart part : parts) {
            bytes = bytes.plus(part.bytes());
            beside += part.elements();
            sink.tensor(part, layer, expert);
        }
        sink.quantized(weights, bytes, beside);
    }

    /** Checkpoints of these types keep the names that the first of them had. */
    private String renamed(String name) {
        return MIXTRAL_NAMES.contains(model.modelType()) ? name.replace(".mlp.", ".block_sparse_moe.") : name;
    }

    private static String inLayer(String name, int layer) {
        return name.replace("{i}", Integer.toString(layer));
    }

    static String whole(String name, int layer, long expert) {
        return inLayer(name, layer).replace("{e}", Long.toString(expert));
    }

    static List<Long> prepended(long first, List<Long> rest) {
        List<Long> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return List.copyOf(all);
    }
}
