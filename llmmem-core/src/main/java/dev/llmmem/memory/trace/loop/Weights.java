package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.modeling.CausalModel;
import dev.llmmem.memory.trace.modeling.EncodedPrompt;
import dev.llmmem.memory.trace.modeling.LearnedPrefix;
import dev.llmmem.memory.trace.modeling.TrainedRun;
import dev.llmmem.memory.trace.modeling.Training;
import dev.llmmem.model.Layer;
import dev.llmmem.model.LayerRun;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The parameters of a job in the order of the model's modules: what they take, and which are trained. */
final class Weights {

    /** A tensor's name, as the framework has it but for the number of the layer, and what kind of module holds it. */
    record Label(String name, Parameter.Kind kind, String site) {

        static Label of(Parameter parameter) {
            return new Label(parameter.name(), parameter.kind(), Weights.site(parameter));
        }

        static Label adapter(String module, String name) {
            return new Label(module + "." + name, Parameter.Kind.OTHER, ADAPTERS);
        }
    }

    private static final String ADAPTERS = "adapters";

    /** So many equal tensors of a kind of module. */
    record Group(Label label, List<Long> shape, long rows, long columns, DType type, int count, boolean trained) {

        static Group of(Label label, List<Long> shape, DType type, int count, boolean trained) {
            int last = shape.size() - 1;
            long rows = 1;
            for (int i = 0; i < last; i++) {
                rows *= shape.get(i);
            }
            return new Group(label, shape, rows, shape.get(last), type, count, trained);
        }

        String name() {
            return label.name();
        }

        String site() {
            return label.site();
        }

        /** Whether it is the table of an embedding module. */
        boolean embedding() {
            return label.kind() == Parameter.Kind.EMBEDDING;
        }

        /** Whether it is the matrix of a linear layer of the model. */
        boolean linear() {
            return label.kind() == Parameter.Kind.LINEAR || label.kind() == Parameter.Kind.CONV1D;
        }

        /** Whether it is a matrix, or a stack of them. */
        boolean factored() {
            return shape.size() >= 2;
        }

        /** Whether it is a matrix inside the layers, as Muon takes them. */
        boolean orthogonalized() {
            return shape.size() == 2 && name().contains("{i}");
        }

        long elements() {
            return rows * columns;
        }

        /** The elements of one row of each matrix of the stack. */
        long lastRows() {
            return rows / shape.get(shape.size() - 2) * columns;
        }

        /** Counts so many tensors for each of the group. */
        void hold(Ledger ledger, MemoryKind kind, int each) {
            ledger.hold(kind, site(), rows, columns, type, Math.multiplyExact((long) each, count));
        }
    }

    /** Groups that stand so many times in a row, as the parameters of equal layers do. */
    private record Section(List<Group> groups, int repeats) {}

    private final List<Section> sections = new ArrayList<>();
    private final Training training;

    Weights(ModelSpec model, Training training) {
        this.training = training;
        List<Group> before = new ArrayList<>();
        List<Group> after = new ArrayList<>();
        for (Parameter parameter : model.outerParameters()) {
            boolean first = after.isEmpty() && parameter.kind() == Parameter.Kind.EMBEDDING;
            add(parameter, Training.OUTSIDE, 1, first ? before : after);
        }
        sections.add(new Section(before, 1));
        for (TrainedRun trained : training.runs()) {
            LayerRun run = trained.run();
            List<Group> layers = new ArrayList<>();
            int index = trained.first();
            for (Layer layer : run.layers()) {
                for (Parameter parameter : layer.parameters()) {
                    add(parameter, index, run.repeats(), layers);
                }
                index++;
            }
            sections.add(new Section(layers, run.repeats()));
        }
        if (training.strategy() instanceof Strategy.PromptTuning prompt) {
            addTable(List.of((long) prompt.virtualTokens(), (long) model.hiddenSize()), after);
        } else if (training.strategy() instanceof Strategy.PTuning tuning) {
            long width = model.hiddenSize();
            addTable(List.of((long) tuning.virtualTokens(), width), after);
            for (List<Long> shape : EncodedPrompt.shapes(tuning.encoder(), width)) {
                addAdapter("prompt_encoder", "head", shape, training.adapterType(), 1, after);
            }
        } else if (training.strategy() instanceof Strategy.PrefixTuning prefix) {
            addTable(List.of((long) prefix.virtualTokens(), LearnedPrefix.width(model)), after);
        }
        sections.add(new Section(after, 1));
    }

    private void add(Parameter parameter, int layer, int count, List<Group> groups) {
        Quantization packed = training.packed(parameter);
        if (packed == null) {
            groups.add(Group.of(
                    Label.of(parameter),
                    parameter.shape(),
                    training.typeOf(parameter),
                    count,
                    training.trains(parameter, layer)));
        } else {
            addPacked(packed, parameter, count, groups);
        }
        Strategy.Lora lora = training.lora(parameter);
        if (lora != null) {
            String module = parameter.module();
            DType type = training.adapterType(parameter);
            addAdapter(module, "lora_A", List.of((long) lora.rank(), parameter.inputs()), type, count, groups);
            addAdapter(module, "lora_B", List.of(parameter.outputs(), (long) lora.rank()), type, count, groups);
            if (lora.dora()) {
                addAdapter(module, "lora_magnitude_vector", List.of(parameter.outputs()), type, count, groups);
            }
        }
        training.bottleneck(parameter).ifPresent(side -> {
            long size = ((Strategy.Bottleneck) training.strategy()).size();
            long from = side == Placement.Side.OUTPUT ? parameter.outputs() : parameter.inputs();
            long to = side == Placement.Side.INPUT ? parameter.inputs() : parameter.outputs();
            addAdapter(parameter.module(), "adapter_down", List.of(size, from), training.adapterType(), count, groups);
            addAdapter(parameter.module(), "adapter_up", List.of(to, size), training.adapterType(), count, groups);
        });
        Strategy.Ia3 ia3 = training.ia3(parameter);
        if (ia3 != null) {
            boolean onInput = training.onInput(ia3, parameter);
            List<Long> shape = onInput ? List.of(1L, parameter.inputs()) : List.of(parameter.outputs(), 1L);
            addAdapter(parameter.module(), "ia3_l", shape, training.adapterType(), count, groups);
        }
    }

    private static void addAdapter(
            String module, String name, List<Long> shape, DType type, int count, List<Group> groups) {
        groups.add(Group.of(Label.adapter(module, name), shape, type, count, true));
    }

    /** The table of learned tokens (peft, PromptEmbedding and PrefixEncoder). */
    private void addTable(List<Long> shape, List<Group> groups) {
        Label label = new Label("prompt_encoder.embedding.weight", Parameter.Kind.EMBEDDING, ADAPTERS);
        groups.add(Group.of(label, shape, training.adapterType(), 1, true));
    }

    /**
     * Weights of half a byte, and their scales and codes (bitsandbytes, QuantState), or weights of a byte, and a scale for
     * each output (MatmulLtState).
     */
    private static void addPacked(Quantization packed, Parameter parameter, int count, List<Group> groups) {
        Label label = Label.of(parameter);
        if (packed.format() == DType.INT8) {
            List<Long> shape = List.of(parameter.outputs(), parameter.inputs());
            groups.add(Group.of(label, shape, DType.INT8, count, false));
            groups.add(Group.of(label, List.of(parameter.outputs()), DType.FP32, count, false));
            return;
        }
        long blocks = (parameter.elements() + 63) / 64;
        groups.add(Group.of(label, List.of((parameter.elements() + 1) / 2), DType.UINT8, count, false));
        if (packed.doubled()) {
            groups.add(Group.of(label, List.of(blocks), DType.UINT8, count, false));
            groups.add(Group.of(label, List.of((blocks + 255) / 256), DType.FP32, count, false));
            groups.add(Group.of(label, List.of(256L), DType.FP32, count, false));
            groups.add(Group.of(label, List.of(1L), DType.FP32, count, false));
        } else {
            groups.add(Group.of(label, List.of(blocks), DType.FP32, count, false));
        }
        groups.add(Group.of(label, List.of(16L), DType.FP32, count, false));
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

    /** The elements of all trained tensors. */
    long trainedElements() {
        long elements = 0;
        for (Section section : sections) {
            for (Group group : section.groups()) {
                if (group.trained()) {
                    elements = Math.addExact(elements, Math.multiplyExact(group.elements(), (long) group.count()));
                }
            }
        }
        return elements;
    }

    /** Each trained group, whatever its count. */
    void forEachTrained(Consumer<Group> action) {
        for (Section section : sections) {
            for (Group group : section.groups()) {
                if (group.trained()) {
                    action.accept(group);
                }
            }
        }
    }

    /**
     * Each trained tensor in the order of the model's modules; of equal layers two, so that every pair of neighbours
     * occurs.
     */
    void forEachNeighbour(Consumer<Group> action) {
        for (Section section : sections) {
            for (int round = 0; round < Math.min(section.repeats(), 2); round++) {
                for (Group group : section.groups()) {
                    if (group.trained()) {
                        action.accept(group);
                    }
                }
            }
        }
    }

    /** Counts the weights and the model's other tensors. */
    void load(Ledger ledger, List<CausalModel.Buffer> buffers) {
        for (Section section : sections) {
            for (Group group : section.groups()) {
                group.hold(ledger, group.trained() ? MemoryKind.WEIGHTS : MemoryKind.FROZEN_WEIGHTS, 1);
            }
        }
        for (CausalModel.Buffer buffer : buffers) {
            ledger.hold(
                    MemoryKind.BUFFERS, buffer.site(), buffer.rows(), buffer.columns(), buffer.type(), buffer.count());
        }
    }
}
