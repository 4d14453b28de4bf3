package dev.llmmem.formats;

import dev.llmmem.formats.peft.PeftConfig;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.Strategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model with an adapter on it: what the adapter adds, tensor by tensor, as PEFT 0.21 builds it.
 *
 * <p>Immutable and thread-safe.
 */
public final class AdaptedModel {

    private final PeftConfig config;
    private final String source;
    private final ModelSpec model;
    private final List<AdapterTensor> tensors;
    private final long trainableCount;

    private AdaptedModel(
            PeftConfig config, String source, ModelSpec model, List<AdapterTensor> tensors, long trainableCount) {
        this.config = config;
        this.source = source;
        this.model = model;
        this.tensors = tensors;
        this.trainableCount = trainableCount;
    }

    static AdaptedModel of(PeftConfig config, String source, ModelSpec model) {
        return guarded(source, () -> {
            List<AdapterTensor> tensors = config.tensors(model);
            long count = tensors.stream()
                    .filter(AdapterTensor::trained)
                    .mapToLong(AdapterTensor::totalElements)
                    .reduce(0, Math::addExact);
            return new AdaptedModel(config, source, model, tensors, count);
        });
    }

    /**
     * The model without the adapter.
     *
     * @return the base model
     */
    public ModelSpec model() {
        return model;
    }

    /**
     * Everything that the adapter adds.
     *
     * @return the tensors in the order of the model's modules, unmodifiable
     */
    public List<AdapterTensor> tensors() {
        return tensors;
    }

    /**
     * What is trained: every parameter that wants a gradient, biases and copies of the model's own modules included.
     *
     * @return the tensors in the order of the model's modules, unmodifiable
     */
    public List<AdapterTensor> trainedTensors() {
        return tensors.stream().filter(AdapterTensor::trained).toList();
    }

    /**
     * The number of trained parameters, as {@code get_nb_trainable_parameters} of PEFT counts them.
     *
     * @return at least 0
     */
    public long trainableCount() {
        return trainableCount;
    }

    /**
     * The strategy with which an estimate takes the adapter for what it is. LoRA, DoRA and rsLoRA, IA3, prompt tuning, prefix tuning
     * and P-tuning have one, as far as they adapt all layers alike and train nothing else.
     *
     * @return the strategy, which trains {@link #trainableCount()} parameters
     * @throws MalformedInputException if estimates do not model the adapter, with the reason
     */
    public Strategy strategy() {
        return guarded(source, () -> config.strategy(model));
    }

    /**
     * Holds the weights of the adapter against its configuration. PEFT cuts what AdaLoRA learned to the ranks that are left, so its
     * shapes are not compared.
     *
     * @param weights what {@code adapter_model.safetensors} holds
     * @return what is missing, unexpected or of another shape
     * @throws MalformedInputException if what PEFT stores for the type of adapter is not modelled
     */
    public AdapterWeights compare(CheckpointFile weights) {
        Objects.requireNonNull(weights, "weights");
        Map<String, List<Long>> expected = guarded(source, this::stored);
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        expected.forEach((name, shape) -> {
            Optional<StoredTensor> found = weights.find(name);
            if (found.isEmpty()) {
                missing.add(name);
            } else if (!found.get().shape().equals(shape) && !config.cutsRanks()) {
                misshapen.add(name + " is " + found.get().shape() + ", expected " + shape);
            }
        });
        List<String> unexpected = weights.tensors().stream()
                .map(StoredTensor::name)
                .filter(name -> !expected.containsKey(name))
                .toList();
        return new AdapterWeights(missing, unexpected, misshapen);
    }

    private Map<String, List<Long>> stored() {
        config.requireStored();
        Map<String, List<Long>> stored = new LinkedHashMap<>();
        for (AdapterTensor tensor : tensors) {
            if (tensor.stored()) {
                tensor.names().forEach(name -> stored.put(name, tensor.shape()));
            }
        }
        return stored;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "AdaptedModel[%s with %s, %,d trained of %,d parameters]",
                model.name(),
                config.type(),
                trainableCount,
                model.parameterCount());
    }

    /** Makes one exception of all that a configuration can do wrong. */
    static <T> T guarded(String source, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (ArithmeticException e) {
            throw new MalformedInputException(
                    source + ": the adapter has too many elements, permitted fewer than 2^63");
        } catch (MalformedInputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(source + ": " + e.getMessage());
        }
    }
}
