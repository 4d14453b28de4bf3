package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.units.text.StepBudget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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

    private static final Set<String> MIXTRAL_NAMES = Set.of("mixtral", "phimoe", "minimax_m2");

    private final String method;
    private final Scheme scheme;
    private final LeftAlone leftAlone;
    private final boolean head;
    private final boolean fusedExperts;

    StoredQuantization(String method, Scheme scheme, LeftAlone leftAlone, boolean head) {
        this(method, scheme, leftAlone, head, false);
    }

    private StoredQuantization(String method, Scheme scheme, LeftAlone leftAlone, boolean head, boolean fusedExperts) {
        this.method = method;
        this.scheme = scheme;
        this.leftAlone = leftAlone;
        this.head = head;
        this.fusedExperts = fusedExperts;
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
        return new StoredQuantization(method, scheme, leftAlone, head, true);
    }

    /**
     * Every tensor that stands for a parameter of a model.
     *
     * @param model the model, which says the format of what is not quantized
     * @return the tensors
     * @throws IllegalArgumentException if the model states no format that a file can have, has towers, or names experts in a way that is not known, or if matching the names of its modules takes
     *     too many steps
     */
    public StoredInventory inventory(ModelSpec model) {
        if (!model.towers().isEmpty()) {
            throw new IllegalArgumentException(
                    "model " + model.name() + " has " + model.towers().size()
                            + " towers, but must have 0: what is quantized of towers is not known; see withoutTowers()");
        }
        SafeTensorsType plain = plain(model);
        Map<StoredPart, Long> tensors = new LinkedHashMap<>();
        StepBudget budget = LeftAlone.budget();
        for (Parameter parameter : model.outerParameters()) {
            boolean isHead = parameter.kind() == Kind.LINEAR && parameter.outputs() == model.vocabularySize();
            add(tensors, model, parameter, -1, plain, budget, !isHead || head);
        }
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                add(tensors, model, parameter, i, plain, budget, true);
            }
        }
        return new StoredInventory(tensors);
    }

    private void add(
            Map<StoredPart, Long> tensors,
            ModelSpec model,
            Parameter parameter,
            int layer,
            SafeTensorsType plain,
            StepBudget budget,
            boolean permitted) {
        if (parameter.kind() == Kind.EXPERTS) {
            addExperts(tensors, model, parameter, layer, plain, budget);
        } else if (permitted && takes(parameter)) {
            addLinear(tensors, parameter.module(), parameter.outputs(), parameter.inputs(), layer, plain, budget);
        } else {
            tensors.merge(new StoredPart(parameter.name(), plain, parameter.shape()), 1L, Math::addExact);
        }
    }

    private boolean takes(Parameter parameter) {
        boolean transposed = scheme instanceof Scheme.BitsAndBytes4 || scheme instanceof Scheme.BitsAndBytes8;
        return !(scheme instanceof Scheme.Mxfp4)
                && (transposed ? parameter.isLinear() : parameter.kind() == Kind.LINEAR);
    }

    private void addExperts(
            Map<StoredPart, Long> tensors,
            ModelSpec model,
            Parameter parameter,
            int layer,
            SafeTensorsType plain,
            StepBudget budget) {
        boolean transposed = model.modelType().equals("gpt_oss");
        long experts = parameter.shape().get(0);
        long outputs = parameter.shape().get(transposed ? 2 : 1);
        long inputs = parameter.shape().get(transposed ? 1 : 2);
        if (scheme instanceof Scheme.Mxfp4
                && scheme.fits(outputs, inputs)
                && transposed
                && !leftAlone.has(inLayer(parameter.name(), layer), budget)) {
            scheme.parts(outputs, inputs, plain)
                    .forEach(part -> tensors.merge(
                            new StoredPart(
                                    parameter.name() + part.name(), part.type(), prepended(experts, part.shape())),
                            1L,
                            Math::addExact));
        } else if (fusedExperts || scheme instanceof Scheme.Mxfp4) {
            tensors.merge(new StoredPart(parameter.name(), plain, parameter.shape()), 1L, Math::addExact);
        } else {
            boolean paired = parameter.name().endsWith("gate_up_proj");
            for (String module : expertModules(model, parameter.name(), paired)) {
                for (long e = 0; e < experts; e++) {
                    addLinear(tensors, module, paired ? outputs / 2 : outputs, inputs, layer, e, plain, budget);
                }
            }
        }
    }

    private static List<String> expertModules(ModelSpec model, String name, boolean paired) {
        if (!paired && !name.endsWith(".down_proj")) {
            throw new IllegalArgumentException(
                    "experts of the model are " + name + ", but must be gate_up_proj and down_proj");
        }
        String before = name.substring(0, name.lastIndexOf('.')) + ".{e}.";
        if (MIXTRAL_NAMES.contains(model.modelType())) {
            String renamed = before.replace(".mlp.experts.", ".block_sparse_moe.experts.");
            return paired ? List.of(renamed + "w1", renamed + "w3") : List.of(renamed + "w2");
        }
        return paired
                ? List.of(before + "gate_proj", before + "up_proj")
                : List.of(before + name.substring(name.lastIndexOf('.') + 1));
    }

    private void addLinear(
            Map<StoredPart, Long> tensors,
            String module,
            long outputs,
            long inputs,
            int layer,
            SafeTensorsType plain,
            StepBudget budget) {
        addLinear(tensors, module, outputs, inputs, layer, -1, plain, budget);
    }

    private void addLinear(
            Map<StoredPart, Long> tensors,
            String module,
            long outputs,
            long inputs,
            int layer,
            long expert,
            SafeTensorsType plain,
            StepBudget budget) {
        String full = inLayer(module, layer).replace("{e}", Long.toString(expert));
        List<StoredPart> parts = scheme.fits(outputs, inputs) && !leftAlone.has(full, budget)
                ? scheme.parts(outputs, inputs, plain)
                : List.of(StoredPart.of(".weight", plain, outputs, inputs));
        for (StoredPart part : parts) {
            tensors.merge(new StoredPart(module + part.name(), part.type(), part.shape()), 1L, Math::addExact);
        }
    }

    private static String inLayer(String name, int layer) {
        return name.replace("{i}", Integer.toString(layer));
    }

    private static List<Long> prepended(long first, List<Long> rest) {
        Long[] all = new Long[rest.size() + 1];
        all[0] = first;
        for (int i = 0; i < rest.size(); i++) {
            all[i + 1] = rest.get(i);
        }
        return List.of(all);
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
