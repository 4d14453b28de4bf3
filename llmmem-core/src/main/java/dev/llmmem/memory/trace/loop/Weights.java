package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.modeling.CausalModel;
import dev.llmmem.memory.trace.modeling.Training;
import dev.llmmem.model.Layer;
import dev.llmmem.model.LayerRun;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;

/** The parameters of a job in the order of the model's modules: what they take, and which are trained. */
final class Weights {

    /** So many equal tensors of a kind of module. */
    record Group(String site, long rows, long columns, DType type, int count, boolean trained) {
        long bytes() {
            return Ledger.rounded(rows, columns, type);
        }
    }

    private final List<Group> groups = new ArrayList<>();
    private final ModelSpec model;
    private final Training training;

    Weights(ModelSpec model, Training training) {
        this.model = model;
        this.training = training;
        boolean layersDone = false;
        for (Parameter parameter : model.outerParameters()) {
            if (!layersDone && parameter.kind() != Parameter.Kind.EMBEDDING) {
                addLayers();
                layersDone = true;
            }
            add(parameter, 1);
        }
        if (!layersDone) {
            addLayers();
        }
    }

    private void addLayers() {
        for (LayerRun run : model.layerRuns()) {
            for (Layer layer : run.layers()) {
                for (Parameter parameter : layer.parameters()) {
                    add(parameter, run.repeats());
                }
            }
        }
    }

    private void add(Parameter parameter, int count) {
        long columns = parameter.shape().get(parameter.shape().size() - 1);
        groups.add(new Group(
                site(parameter),
                parameter.elements() / columns,
                columns,
                training.weights(),
                count,
                training.trains(parameter)));
        if (training.adapts(parameter)) {
            int rank = training.rank();
            DType type = training.adapterType();
            groups.add(new Group("adapters", rank, parameter.inputs(), type, count, true));
            groups.add(new Group("adapters", parameter.outputs(), rank, type, count, true));
        }
    }

    private static String site(Parameter parameter) {
        return switch (parameter.kind()) {
            case EMBEDDING -> "embedding";
            case NORM -> "norms";
            default -> {
                String name = parameter.name();
                yield name.contains("attn") || name.contains("attention")
                        ? "attention"
                        : name.contains("{i}") ? "feed-forward" : "head";
            }
        };
    }

    /** All groups, in the order of the model's modules; the groups of a run of equal layers stand once. */
    List<Group> groups() {
        return groups;
    }

    /** Counts the weights and the model's other tensors. */
    void load(Ledger ledger) {
        for (Group group : groups) {
            MemoryKind kind = group.trained() ? MemoryKind.WEIGHTS : MemoryKind.FROZEN_WEIGHTS;
            ledger.hold(kind, group.site(), group.rows(), group.columns(), group.type(), group.count());
        }
        int rotated = CausalModel.rotarySize(model.layers().get(0).attention());
        if (rotated > 0) { // inv_freq and original_inv_freq
            ledger.hold(MemoryKind.BUFFERS, "rotary frequencies", 1, rotated / 2, DType.FP32, 2);
        }
    }
}
