package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a checkpoint's weights are quantized, and which of them.
 *
 * <p>Linear weights are, of the layers and outside of them, but for what the configuration leaves alone; embeddings,
 * norms, biases and routers never are. MXFP4 takes the experts of gpt-oss and nothing else. In all other schemes each
 * expert is taken as linear layers of its own, as the checkpoints of most libraries have them; a library that saw the
 * experts of a layer as one tensor left them alone, which is what {@link #withFusedExperts()} counts.
 *
 * <p>Not counted: buffers, layers that predict several tokens, scales of a key-value cache, and what else is no
 * parameter of the model.
 *
 * <p>Immutable and thread-safe.
 */
public final class StoredQuantization {

    private static final StoredQuantization NONE = new StoredQuantization(
            "none",
            new Scheme.Unquantized(),
            new LeftAlone(LeftAlone.Rule.TRANSFORMERS, List.of()),
            new Outside(false, false));

    private final String method;
    private final Scheme scheme;
    private final LeftAlone leftAlone;
    private final Outside outside;
    private final boolean fusedExperts;

    StoredQuantization(String method, Scheme scheme, LeftAlone leftAlone, Outside outside) {
        this(method, scheme, leftAlone, outside, false);
    }

    private StoredQuantization(
            String method, Scheme scheme, LeftAlone leftAlone, Outside outside, boolean fusedExperts) {
        this.method = method;
        this.scheme = scheme;
        this.leftAlone = leftAlone;
        this.outside = outside;
        this.fusedExperts = fusedExperts;
    }

    /**
     * No quantization: every parameter is stored as it is, and each expert by itself unless {@link #withFusedExperts()} says
     * otherwise.
     *
     * @return the quantization that does nothing, of the method {@code none}
     */
    public static StoredQuantization none() {
        return NONE;
    }

    /**
     * Reads the fields of a {@code config.json}, as plain values: text, {@link Number}, {@link Boolean}, {@link List}, {@link Map} or
     * null.
     *
     * @param config the fields
     * @return the quantization
     * @throws IllegalArgumentException if there is none, or if it is of a kind that is not known, with name, value and permitted range
     */
    public static StoredQuantization of(Map<String, ?> config) {
        return find(config)
                .orElseThrow(() -> new IllegalArgumentException("quantization_config is absent, permitted an object"));
    }

    /**
     * The same where there may be none.
     *
     * @param config the fields
     * @return the quantization, or empty where no field states one
     * @throws IllegalArgumentException if it is of a kind that is not known, with name, value and permitted range
     */
    public static Optional<StoredQuantization> find(Map<String, ?> config) {
        return QuantizationFields.read(Objects.requireNonNull(config, "config"));
    }

    /**
     * The library or method.
     *
     * @return for example {@code gptq}, as the configuration has it
     */
    public String method() {
        return method;
    }

    /**
     * How a weight is stored that is quantized.
     *
     * @return the scheme
     */
    public Scheme scheme() {
        return scheme;
    }

    /**
     * The same where the experts of a layer were one tensor when the model was quantized, and so are stored as they are.
     *
     * @return a changed quantization
     */
    public StoredQuantization withFusedExperts() {
        return new StoredQuantization(method, scheme, leftAlone, outside, true);
    }

    /**
     * Every tensor that stands for a parameter of a model.
     *
     * @param model the model, which says the format of what is not quantized
     * @return the tensors
     * @throws IllegalArgumentException if the model states no format that a file can have, has towers, or names experts in a way
     *     that is not known, or if matching the names of its modules takes too many steps
     */
    public StoredInventory inventory(ModelSpec model) {
        StoredInventory.Collector collector = new StoredInventory.Collector(this);
        walk(model, collector);
        return collector.inventory();
    }

    /**
     * The same tensors by their whole names, one after another: none is kept.
     *
     * @param model the model, which says the format of what is not quantized
     * @param each what is done with each of them
     * @throws IllegalArgumentException as {@link #inventory(ModelSpec)} does
     */
    public void forEach(ModelSpec model, Consumer<StoredPart> each) {
        Objects.requireNonNull(each, "each");
        walk(
                model,
                (tensor, layer, expert) -> each.accept(tensor.named(TensorWalk.whole(tensor.name(), layer, expert))));
    }

    /**
     * The model with what stands beside its quantized weights among {@link ModelSpec#storedExtras()}, so that
     * {@link ModelSpec#describe()} says it.
     *
     * @param model the model, which says the format of what is not quantized
     * @return a changed model, or the same if nothing is quantized
     * @throws IllegalArgumentException as {@link #inventory(ModelSpec)} does
     */
    public ModelSpec explain(ModelSpec model) {
        StoredInventory inventory = inventory(model);
        if (inventory.elementsBesideWeights() == 0) {
            return model;
        }
        List<StoredExtra> extras = new ArrayList<>(model.storedExtras());
        extras.add(new StoredExtra(
                String.format(
                        Locale.ROOT,
                        "beside weights of %s, %.6g bits per weight",
                        method,
                        inventory.bitsPerWeight().orElseThrow()),
                inventory.elementsBesideWeights(),
                StoredExtra.Cause.QUANTIZATION));
        return model.toBuilder().storedExtras(extras).build();
    }

    private void walk(ModelSpec model, TensorWalk.Sink sink) {
        if (!model.towers().isEmpty()) {
            throw new IllegalArgumentException(
                    "model " + model.name() + " has " + model.towers().size()
                            + " towers, but must have 0: what is quantized of towers is not known; see withoutTowers()");
        }
        new TensorWalk(this, model, plain(model), sink).run();
    }

    boolean fusedExperts() {
        return fusedExperts;
    }

    boolean leavesAlone(String module, StepBudget budget) {
        return leftAlone.has(module, budget);
    }

    /** Whether a parameter outside the layers may be quantized. */
    boolean takesOuter(ModelSpec model, Parameter parameter) {
        boolean isHead = parameter.kind() == Kind.LINEAR && parameter.outputs() == model.vocabularySize();
        return isHead ? outside.head() : outside.others();
    }

    private static SafeTensorsType plain(ModelSpec model) {
        return model.storedType()
                .flatMap(type -> Arrays.stream(SafeTensorsType.values())
                        .filter(stored -> stored.dtype() == type)
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException("storedType of the model is "
                        + model.storedType().map(Enum::name).orElse("absent") + ", but must be a format of a file"));
    }

    @Override
    public String toString() {
        return "StoredQuantization[" + method + ", " + scheme + "]";
    }
}
