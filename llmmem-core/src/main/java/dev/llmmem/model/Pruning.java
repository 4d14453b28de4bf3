package dev.llmmem.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model that was made smaller, and what that saves.
 *
 * <p>Structured pruning removes whole layers (ShortGPT, arXiv 2403.03853), heads (arXiv 1905.10650) or rows of the
 * vocabulary (arXiv 2402.01035); the result is a model like any other, which can be estimated and pruned further.
 *
 * <pre>{@code
 * Pruning pruning = Pruning.dropLayers(Models.get("meta-llama/Llama-3.1-8B"), List.of(24, 25, 26, 27));
 * pruning.model().parameterCount();      // 7157813248
 * pruning.savedParameters();             // 872448000
 * }</pre>
 *
 * @param original the model before
 * @param model the model after
 */
public record Pruning(ModelSpec original, ModelSpec model) {

    /**
     * Checks that both are there.
     *
     * @param original the model before
     * @param model the model after
     */
    public Pruning {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(model, "model");
    }

    /**
     * Drops layers.
     *
     * @param model the model
     * @param layers indexes from 0, each once, not all of them; none gives the model unchanged
     * @return the smaller model
     * @throws IllegalArgumentException if an index is out of range or given twice, no layer would be left, or a layer
     *     that is kept works with the parameters of one that is dropped
     */
    public static Pruning dropLayers(ModelSpec model, Collection<Integer> layers) {
        int count = model.layers().size();
        Set<Integer> dropped = new TreeSet<>();
        for (int layer : layers) {
            if (layer < 0 || layer >= count || !dropped.add(layer)) {
                throw new IllegalArgumentException(
                        "layer is " + layer + ", but must be an index of 0 to " + (count - 1) + ", each once");
            }
        }
        if (dropped.size() == count) {
            throw new IllegalArgumentException("layers is all " + count + ", but at least 1 layer must be left");
        }
        List<Layer> kept = new ArrayList<>();
        boolean ownerKept = false;
        for (int i = 0; i < count; i++) {
            Layer layer = model.layers().get(i);
            if (!layer.sharesParameters()) {
                ownerKept = !dropped.contains(i);
            } else if (!ownerKept && !dropped.contains(i)) {
                throw new IllegalArgumentException(
                        "layer " + i + " works with the parameters of one that is dropped, but must have its own");
            }
            if (!dropped.contains(i)) {
                kept.add(layer);
            }
        }
        return new Pruning(
                model, model.toBuilder().layers(kept).storedExtras(List.of()).build());
    }

    /**
     * Keeps fewer key-value heads of every layer, each with its group of query heads.
     *
     * @param model a model all of whose layers have grouped attention with projections, separate or fused, of the usual names
     * @param keyValueHeads how many are kept, 1 to what each layer has
     * @return the smaller model
     * @throws IllegalArgumentException if the number is out of range, or a layer has another kind of attention or a
     *     tensor whose heads cannot be told apart
     */
    public static Pruning keepHeads(ModelSpec model, int keyValueHeads) {
        List<Layer> layers = model.layers().stream()
                .map(layer -> HeadPruning.keep(layer, keyValueHeads))
                .toList();
        return new Pruning(
                model, model.toBuilder().layers(layers).storedExtras(List.of()).build());
    }

    /**
     * Cuts the vocabulary: the last rows of embedding and head go.
     *
     * @param model the model
     * @param rows how many are kept, 1 to what it has
     * @return the smaller model
     * @throws IllegalArgumentException if the number is out of range
     */
    public static Pruning cutVocabulary(ModelSpec model, int rows) {
        if (rows < 1 || rows > model.vocabularySize()) {
            throw new IllegalArgumentException(
                    "rows is " + rows + ", but must be 1 to the vocabulary's " + model.vocabularySize());
        }
        List<Parameter> outer = model.outerParameters().stream()
                .map(parameter -> cut(parameter, model, rows))
                .toList();
        return new Pruning(
                model,
                model.toBuilder()
                        .vocabularySize(rows)
                        .outerParameters(outer)
                        .storedExtras(List.of())
                        .build());
    }

    /**
     * What is saved.
     *
     * @return the parameters before, less those after
     */
    public long savedParameters() {
        return original.parameterCount() - model.parameterCount();
    }

    /**
     * What is saved of the whole.
     *
     * @return a share of 1, 0 where nothing was dropped
     */
    public double savedShare() {
        return (double) savedParameters() / original.parameterCount();
    }

    /**
     * One line: before, after, and what is saved.
     *
     * @return for example {@code 8030261248 - 872448000 = 7157813248 parameters (-10.9 %)}
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d - %d = %d parameters (-%.1f %%)",
                original.parameterCount(),
                savedParameters(),
                model.parameterCount(),
                100 * savedShare());
    }

    private static Parameter cut(Parameter parameter, ModelSpec model, int rows) {
        boolean table =
                ParameterGroup.tokenTable(model).filter(parameter::equals).isPresent();
        int axis = parameter.kind() == Parameter.Kind.CONV1D ? 1 : 0;
        boolean head = ParameterGroup.of(parameter, model) == ParameterGroup.HEAD
                && parameter.shape().get(axis) == model.vocabularySize();
        if (!table && !head) {
            return parameter;
        }
        List<Long> shape = new ArrayList<>(parameter.shape());
        shape.set(axis, (long) rows);
        return new Parameter(parameter.name(), shape, parameter.kind());
    }
}
