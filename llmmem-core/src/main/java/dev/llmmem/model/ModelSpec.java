package dev.llmmem.model;

import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What a language model is made of: layers, their kinds, towers beside them, and every parameter by name and shape.
 *
 * <p>Tied matrices are counted once. Immutable and thread-safe. Two specs are equal when all their facts are.
 *
 * <p>Parameter inventories follow the classes of Hugging Face transformers 5.18 for each model type.
 */
public final class ModelSpec {

    private final String name;
    private final String modelType;
    private final int hiddenSize;
    private final int vocabularySize;
    private final int maxPositions;
    private final boolean tiedHead;
    private final boolean parallelBlocks;
    private final Dropout dropout;
    private final Optional<DType> storedType;
    private final List<Layer> layers;
    private final List<Parameter> outerParameters;
    private final List<Tower> towers;
    private final List<StoredExtra> storedExtras;
    private final long parameterCount;
    private final List<LayerRun> layerRuns;

    private ModelSpec(Builder builder) {
        this.name = builder.name;
        this.modelType = builder.modelType;
        this.hiddenSize = builder.hiddenSize;
        this.vocabularySize = builder.vocabularySize;
        this.maxPositions = builder.maxPositions;
        this.tiedHead = builder.tiedHead;
        this.parallelBlocks = builder.parallelBlocks;
        this.dropout = builder.dropout;
        this.storedType = builder.storedType;
        this.layers = builder.layers;
        this.outerParameters = builder.outerParameters;
        this.towers = builder.towers;
        this.storedExtras = builder.storedExtras;
        long count = 0;
        for (Tower tower : towers) {
            count = Math.addExact(count, tower.parameterCount());
        }
        for (Parameter parameter : outerParameters) {
            count = Math.addExact(count, parameter.elements());
        }
        for (Layer layer : layers) {
            for (Parameter parameter : layer.parameters()) {
                count = Math.addExact(count, parameter.elements());
            }
        }
        this.parameterCount = count;
        this.layerRuns = LayerRun.of(layers);
    }

    /**
     * Starts a model.
     *
     * @param modelType the architecture's name as Hugging Face writes it, for example {@code llama}
     * @return an empty builder
     */
    public static Builder builder(String modelType) {
        return new Builder(modelType);
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with this model's facts
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * What the model is called.
     *
     * @return the Hub id where it is known, otherwise the architecture's name
     */
    public String name() {
        return name;
    }

    /**
     * The architecture, as Hugging Face names it.
     *
     * @return for example {@code llama}
     */
    public String modelType() {
        return modelType;
    }

    /**
     * The width of the residual stream.
     *
     * @return at least 1
     */
    public int hiddenSize() {
        return hiddenSize;
    }

    /**
     * The rows of the embedding and of the output head, padding included.
     *
     * @return at least 1
     */
    public int vocabularySize() {
        return vocabularySize;
    }

    /**
     * The longest sequence that the configuration states.
     *
     * @return tokens, at least 1
     */
    public int maxPositions() {
        return maxPositions;
    }

    /**
     * Whether the output head shares the embedding's matrix.
     *
     * @return true where they are one tensor
     */
    public boolean tiedHead() {
        return tiedHead;
    }

    /**
     * Whether attention and feed-forward network of a layer read the same residual stream side by side, where the
     * model's type allows both orders.
     *
     * @return false where the network reads what the attention has added to, the usual order
     */
    public boolean parallelBlocks() {
        return parallelBlocks;
    }

    /**
     * The dropout of the configuration.
     *
     * @return probabilities
     */
    public Dropout dropout() {
        return dropout;
    }

    /**
     * The number format that the configuration states for the weights. Where a checkpoint is quantized, its files hold others;
     * {@code dev.llmmem.formats.Checkpoint} says which.
     *
     * @return the format, or empty where none is stated
     */
    public Optional<DType> storedType() {
        return storedType;
    }

    /**
     * The layers, first to last.
     *
     * @return an unmodifiable list of at least one layer; equal layers are the same object
     */
    public List<Layer> layers() {
        return layers;
    }

    /**
     * The layers as runs of equal groups.
     *
     * @return an unmodifiable list that covers all layers in order
     */
    public List<LayerRun> layerRuns() {
        return layerRuns;
    }

    /**
     * The parameters outside the layers: embeddings, final norm, and the head unless it is tied.
     *
     * @return an unmodifiable list
     */
    public List<Parameter> outerParameters() {
        return outerParameters;
    }

    /**
     * The parts that read something before the layers do: an image tower, or the encoder of an encoder-decoder.
     *
     * @return an unmodifiable list, empty for a model of text alone
     */
    public List<Tower> towers() {
        return towers;
    }

    /**
     * What checkpoints of this model may hold besides the parameters, so that a published count differs.
     *
     * @return an unmodifiable list
     */
    public List<StoredExtra> storedExtras() {
        return storedExtras;
    }

    /**
     * The same model without its towers.
     *
     * @return this model where there are none
     */
    public ModelSpec withoutTowers() {
        return towers.isEmpty() ? this : toBuilder().towers(List.of()).build();
    }

    /**
     * Finds a parameter outside the layers by the end of its name.
     *
     * @param suffix for example {@code lm_head.weight}
     * @return the parameter
     */
    public Optional<Parameter> findOuter(String suffix) {
        return outerParameters.stream()
                .filter(p -> p.name().equals(suffix) || p.name().endsWith("." + suffix))
                .findFirst();
    }

    /**
     * The number of parameters, those of towers included; a tied matrix counts once.
     *
     * @return the exact number of elements
     */
    public long parameterCount() {
        return parameterCount;
    }

    /**
     * The parameters by what they are for, and how many of them a token meets.
     *
     * @return exact counts
     */
    public ParameterCounts parameters() {
        return ParameterCounts.of(this);
    }

    /**
     * The elements of the key-value cache per token, while the sequence is shorter than every window.
     *
     * @return the sum over the layers; 0 for encoders and for models that only recur
     */
    public long cacheElementsPerToken() {
        return sum(Attention::cacheElementsPerToken);
    }

    /**
     * The elements by which the key-value cache grows per token once every window is full.
     *
     * @return the sum over the layers of what is not in a window
     */
    public long cacheElementsPerTokenBeyondWindows() {
        return sum(Attention::cacheElementsPerTokenBeyondWindow);
    }

    private long sum(ToLongFunction<Attention> elements) {
        return layers.stream().map(Layer::attention).mapToLong(elements).reduce(0, Math::addExact);
    }

    /**
     * A card for people: layers and their kinds, parameters by group, active parameters, cache per token, and what
     * makes published counts differ.
     *
     * @return several lines, each with an end
     */
    public String describe() {
        return ModelCard.of(this);
    }

    /**
     * The whole inventory, repeats folded.
     *
     * @return each distinct parameter with the number of its instances, outer ones before and after the layers as the
     *     checkpoint orders them
     */
    public Map<Parameter, Integer> inventory() {
        Map<Parameter, Integer> folded = new LinkedHashMap<>();
        for (Parameter parameter : outerParameters) {
            folded.merge(parameter, 1, Integer::sum);
        }
        for (Layer layer : layers) {
            for (Parameter parameter : layer.parameters()) {
                folded.merge(parameter, 1, Integer::sum);
            }
        }
        for (Tower tower : towers) {
            tower.parts().forEach(part -> folded.merge(part.parameter(), part.count(), Math::addExact));
        }
        return java.util.Collections.unmodifiableMap(folded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelSpec that
                && name.equals(that.name)
                && modelType.equals(that.modelType)
                && hiddenSize == that.hiddenSize
                && vocabularySize == that.vocabularySize
                && maxPositions == that.maxPositions
                && tiedHead == that.tiedHead
                && parallelBlocks == that.parallelBlocks
                && dropout.equals(that.dropout)
                && storedType.equals(that.storedType)
                && layers.equals(that.layers)
                && outerParameters.equals(that.outerParameters)
                && towers.equals(that.towers)
                && storedExtras.equals(that.storedExtras);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, modelType, hiddenSize, vocabularySize, layers.size(), parameterCount);
    }

    /**
     * One line: name, architecture, layers, width, vocabulary and the exact parameter count.
     *
     * @return for example {@code meta-llama/Llama-3.1-8B (llama, 32 layers, hidden 4096, vocabulary 128256,
     *     8030261248 parameters)}
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s (%s, %d layers, hidden %d, vocabulary %d, %d parameters)",
                name,
                modelType,
                layers.size(),
                hiddenSize,
                vocabularySize,
                parameterCount);
    }

    /** Builds a {@link ModelSpec}. Each method returns a new builder; none is changed. */
    public static final class Builder {
        private String name;
        private final String modelType;
        private int hiddenSize;
        private int vocabularySize;
        private int maxPositions = 2048;
        private boolean tiedHead;
        private boolean parallelBlocks;
        private Dropout dropout = Dropout.NONE;
        private Optional<DType> storedType = Optional.empty();
        private List<Layer> layers = List.of();
        private List<Parameter> outerParameters = List.of();
        private List<Tower> towers = List.of();
        private List<StoredExtra> storedExtras = List.of();

        private Builder(String modelType) {
            this.modelType = Objects.requireNonNull(modelType, "modelType");
            this.name = modelType;
        }

        private Builder(ModelSpec spec) {
            this.name = spec.name;
            this.modelType = spec.modelType;
            this.hiddenSize = spec.hiddenSize;
            this.vocabularySize = spec.vocabularySize;
            this.maxPositions = spec.maxPositions;
            this.tiedHead = spec.tiedHead;
            this.parallelBlocks = spec.parallelBlocks;
            this.dropout = spec.dropout;
            this.storedType = spec.storedType;
            this.layers = spec.layers;
            this.outerParameters = spec.outerParameters;
            this.towers = spec.towers;
            this.storedExtras = spec.storedExtras;
        }

        private Builder(Builder other) {
            this.name = other.name;
            this.modelType = other.modelType;
            this.hiddenSize = other.hiddenSize;
            this.vocabularySize = other.vocabularySize;
            this.maxPositions = other.maxPositions;
            this.tiedHead = other.tiedHead;
            this.parallelBlocks = other.parallelBlocks;
            this.dropout = other.dropout;
            this.storedType = other.storedType;
            this.layers = other.layers;
            this.outerParameters = other.outerParameters;
            this.towers = other.towers;
            this.storedExtras = other.storedExtras;
        }

        /**
         * Names the model.
         *
         * @param value for example its Hub id; the default is the architecture's name
         * @return a changed builder
         */
        public Builder name(String value) {
            Builder next = new Builder(this);
            next.name = Objects.requireNonNull(value, "name");
            return next;
        }

        /**
         * Sets the width of the residual stream.
         *
         * @param value at least 1
         * @return a changed builder
         */
        public Builder hiddenSize(int value) {
            Builder next = new Builder(this);
            next.hiddenSize = value;
            return next;
        }

        /**
         * Sets the rows of embedding and head.
         *
         * @param value at least 1
         * @return a changed builder
         */
        public Builder vocabularySize(int value) {
            Builder next = new Builder(this);
            next.vocabularySize = value;
            return next;
        }

        /**
         * Sets the longest sequence.
         *
         * @param value tokens, at least 1; the default is 2048
         * @return a changed builder
         */
        public Builder maxPositions(int value) {
            Builder next = new Builder(this);
            next.maxPositions = value;
            return next;
        }

        /**
         * Says whether the head shares the embedding's matrix.
         *
         * @param value true for one tensor; the default is false
         * @return a changed builder
         */
        public Builder tiedHead(boolean value) {
            Builder next = new Builder(this);
            next.tiedHead = value;
            return next;
        }

        /**
         * Says whether attention and network of a layer work side by side.
         *
         * @param value true for side by side; the default is false
         * @return a changed builder
         */
        public Builder parallelBlocks(boolean value) {
            Builder next = new Builder(this);
            next.parallelBlocks = value;
            return next;
        }

        /**
         * Sets the dropout of training.
         *
         * @param value probabilities; the default is none
         * @return a changed builder
         */
        public Builder dropout(Dropout value) {
            Builder next = new Builder(this);
            next.dropout = Objects.requireNonNull(value, "dropout");
            return next;
        }

        /**
         * Sets the format of the checkpoint.
         *
         * @param value the stored format
         * @return a changed builder
         */
        public Builder storedType(DType value) {
            Builder next = new Builder(this);
            next.storedType = Optional.of(value);
            return next;
        }

        /**
         * Sets the layers.
         *
         * @param value first to last, at least one
         * @return a changed builder
         */
        public Builder layers(List<Layer> value) {
            Builder next = new Builder(this);
            next.layers = shareEqual(value);
            return next;
        }

        /**
         * Sets the parameters outside the layers.
         *
         * @param value embeddings, final norm, and the head unless it is tied
         * @return a changed builder
         */
        public Builder outerParameters(List<Parameter> value) {
            Builder next = new Builder(this);
            next.outerParameters = List.copyOf(value);
            return next;
        }

        /**
         * Sets the towers.
         *
         * @param value an image tower or an encoder; the default is none
         * @return a changed builder
         */
        public Builder towers(List<Tower> value) {
            Builder next = new Builder(this);
            next.towers = List.copyOf(value);
            return next;
        }

        /**
         * Sets what checkpoints may hold besides the parameters.
         *
         * @param value what there may be; the default is nothing
         * @return a changed builder
         */
        public Builder storedExtras(List<StoredExtra> value) {
            Builder next = new Builder(this);
            next.storedExtras = List.copyOf(value);
            return next;
        }

        /**
         * Checks everything and makes the model.
         *
         * @return the model
         * @throws IllegalArgumentException that lists every violation with name, value, permitted range and unit
         * @throws ArithmeticException if the parameter count exceeds {@link Long#MAX_VALUE}
         */
        public ModelSpec build() {
            List<String> violations = new ArrayList<>();
            if (hiddenSize < 1) {
                violations.add("hiddenSize is " + hiddenSize + ", but must be at least 1 element");
            }
            if (vocabularySize < 1) {
                violations.add("vocabularySize is " + vocabularySize + ", but must be at least 1 row");
            }
            if (maxPositions < 1) {
                violations.add("maxPositions is " + maxPositions + ", but must be at least 1 token");
            }
            if (layers.isEmpty()) {
                violations.add("layers is empty, but must hold at least 1 layer");
            }
            if (!violations.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", violations));
            }
            return new ModelSpec(this);
        }

        @SuppressWarnings("ReferenceEquality") // a shortcut: most layers are the same object as the one before
        private static List<Layer> shareEqual(List<Layer> layers) {
            if (areOne(layers)) {
                // The first hash of a record takes longer than all else that a model takes.
                return List.copyOf(layers);
            }
            Map<Layer, Layer> distinct = new LinkedHashMap<>();
            List<Layer> shared = new ArrayList<>(layers.size());
            Layer last = null;
            for (Layer layer : layers) {
                Layer one = layer == last ? last : distinct.computeIfAbsent(layer, l -> l);
                shared.add(one);
                last = one;
            }
            return List.copyOf(shared);
        }

        @SuppressWarnings("ReferenceEquality") // as above
        private static boolean areOne(List<Layer> layers) {
            for (Layer layer : layers) {
                if (layer != layers.get(0)) {
                    return false;
                }
            }
            return true;
        }
    }
}
