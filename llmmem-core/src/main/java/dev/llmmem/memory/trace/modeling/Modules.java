package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/** Makes modules out of the named parameters of a model, trained or frozen, adapted or not, as the job says. */
final class Modules {

    private final Training training;

    Modules(Training training) {
        this.training = training;
    }

    Projection projection(Layer layer, String name) {
        Parameter weight = require(layer, name + ".weight");
        @Nullable Parameter bias = layer.find(name + ".bias").orElse(null);
        return projection(weight, bias);
    }

    Projection projection(Parameter weight, @Nullable Parameter bias) {
        return new Projection(
                tensor(weight),
                bias == null ? null : tensor(bias),
                weight.inputs(),
                weight.outputs(),
                adapter(weight));
    }

    RmsNorm rmsNorm(Layer layer, String name) {
        return new RmsNorm(tensor(require(layer, name + ".weight")));
    }

    LayerNorm layerNorm(Layer layer, String name) {
        return new LayerNorm(
                layer.find(name + ".weight").map(this::tensor).orElse(null),
                layer.find(name + ".bias").map(this::tensor).orElse(null));
    }

    Tensor tensor(Layer layer, String name) {
        return tensor(require(layer, name));
    }

    Tensor tensor(Parameter parameter) {
        long columns = parameter.shape().get(parameter.shape().size() - 1);
        return Tape.parameter(parameter.elements() / columns, columns, training.weights(), training.trains(parameter));
    }

    private Projection.@Nullable Adapter adapter(Parameter weight) {
        if (!training.adapts(weight)) {
            return null;
        }
        int rank = training.rank();
        DType type = training.adapterType();
        return new Projection.Adapter(
                Tape.parameter(rank, weight.inputs(), type, true),
                Tape.parameter(weight.outputs(), rank, type, true),
                rank,
                training.adapterDropout());
    }

    private static Parameter require(Layer layer, String name) {
        return layer.find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "model layer has no parameter " + name + ", which its model type needs"));
    }
}
