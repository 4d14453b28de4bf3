package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes modules out of the named parameters of a model, trained or frozen, adapted or not, as the job says. */
final class Modules {

    private final Training training;

    /** The layer whose modules are being made. */
    private int place = Training.OUTSIDE;

    Modules(Training training) {
        this.training = training;
    }

    /** Goes on to the modules of a layer. */
    void enter(int index) {
        place = index;
    }

    Projection projection(Layer layer, String name) {
        Parameter weight = require(layer, name + ".weight");
        @Nullable Parameter bias = layer.find(name + ".bias").orElse(null);
        return projection(weight, bias);
    }

    Projection projection(Parameter weight, @Nullable Parameter bias) {
        Tensor shift = bias == null ? null : tensor(bias);
        Quantization packed = training.packed(weight);
        if (packed != null) {
            boolean eight = packed.format() == DType.INT8;
            Transform layer = eight
                    ? new Int8Layer(shift, weight.inputs(), weight.outputs())
                    : new PackedLayer(shift, weight.inputs(), weight.outputs(), packed.compute());
            return new Projection(layer, weight.inputs(), weight.outputs(), packedAdapter(weight, eight));
        }
        Tensor matrix = tensor(weight);
        return new Projection(matrix, shift, weight.inputs(), weight.outputs(), adapter(weight, matrix, shift));
    }

    /**
     * A linear layer that multiplies by a view of its weight, of which autocast keeps no cast, and adds its bias in a step of
     * its own (transformers, FalconLinear).
     */
    Projection stepwise(Layer layer, String name) {
        Parameter weight = require(layer, name + ".weight");
        Parameter bias = layer.find(name + ".bias").orElse(null);
        if (training.packed(weight) != null) {
            return projection(weight, bias);
        }
        Tensor shift = bias == null ? null : tensor(bias);
        Tensor matrix = tensor(weight);
        Transform steps = (tape, x) -> {
            Tensor transposed = Shapes.view(tape, matrix, matrix.rows(), matrix.columns());
            Tensor product = Products.linear(tape, x, transposed, null, weight.outputs());
            tape.drop(transposed);
            return shift == null ? product : tape.rebind(product, Arithmetic.add(tape, product, shift));
        };
        return new Projection(steps, weight.inputs(), weight.outputs(), adapter(weight, matrix, shift));
    }

    RmsNorm rmsNorm(Layer layer, String name) {
        return new RmsNorm(tensor(require(layer, name + ".weight")));
    }

    LayerNorm layerNorm(Layer layer, String name) {
        return new LayerNorm(
                layer.find(name + ".weight").map(this::tensor).orElse(null),
                layer.find(name + ".bias").map(this::tensor).orElse(null));
    }

    LayerNorm layerNorm(Parameter weight, Parameter bias) {
        return new LayerNorm(tensor(weight), tensor(bias));
    }

    /** The format of the model's own parameters. */
    DType weightType() {
        return training.weights();
    }

    Tensor tensor(Layer layer, String name) {
        return tensor(require(layer, name));
    }

    Tensor tensor(Parameter parameter) {
        long columns = parameter.shape().get(parameter.shape().size() - 1);
        return Tape.parameter(
                parameter.elements() / columns,
                columns,
                training.typeOf(parameter),
                training.wantsGradient(parameter, place));
    }

    private Projection.@Nullable Adapter adapter(Parameter weight, Tensor matrix, @Nullable Tensor bias) {
        LoraAdapter lora = lora(weight);
        if (lora != null) {
            Strategy.Lora strategy = Objects.requireNonNull(training.lora(weight));
            return strategy.dora() ? new DoraAdapter(lora, vector(weight.outputs()), matrix, bias) : lora;
        }
        Placement.Side side = training.bottleneck(weight).orElse(null);
        if (side != null) {
            Strategy.Bottleneck bottleneck = (Strategy.Bottleneck) training.strategy();
            DType type = training.adapterType();
            long from = side == Placement.Side.OUTPUT ? weight.outputs() : weight.inputs();
            long to = side == Placement.Side.INPUT ? weight.inputs() : weight.outputs();
            return new BottleneckAdapter(
                    Tape.parameter(bottleneck.size(), from, type, true),
                    Tape.parameter(to, bottleneck.size(), type, true),
                    bottleneck,
                    side);
        }
        return ia3(weight);
    }

    private Projection.@Nullable Adapter packedAdapter(Parameter weight, boolean eight) {
        LoraAdapter lora = lora(weight);
        if (lora != null) {
            return eight ? new Int8LoraAdapter(lora) : new PackedLoraAdapter(lora);
        }
        Ia3Adapter ia3 = ia3(weight);
        return ia3 == null ? null : new PackedIa3Adapter(ia3, !eight);
    }

    private @Nullable Ia3Adapter ia3(Parameter weight) {
        Strategy.Ia3 ia3 = training.ia3(weight);
        if (ia3 == null) {
            return null;
        }
        boolean onInput = training.onInput(ia3, weight);
        return new Ia3Adapter(vector(onInput ? weight.inputs() : weight.outputs()), onInput);
    }

    private @Nullable LoraAdapter lora(Parameter weight) {
        Strategy.Lora lora = training.lora(weight);
        if (lora == null) {
            return null;
        }
        DType type = training.adapterType(weight);
        return new LoraAdapter(
                Tape.parameter(lora.rank(), weight.inputs(), type, true),
                Tape.parameter(weight.outputs(), lora.rank(), type, true),
                lora.dropout());
    }

    private Tensor vector(long elements) {
        return Tape.parameter(1, elements, training.adapterType(), true);
    }

    private static Parameter require(Layer layer, String name) {
        return layer.find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "model layer has no parameter " + name + ", which its model type needs"));
    }
}
