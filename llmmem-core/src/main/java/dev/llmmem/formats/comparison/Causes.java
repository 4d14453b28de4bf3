package dev.llmmem.formats.comparison;

import dev.llmmem.formats.StoredTensor;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.StoredExtra;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a checkpoint holds tensors that are no parameters. */
final class Causes {

    /** Buffers of transformers' modules of all releases. */
    private static final Set<String> BUFFERS = Set.of(
            "inv_freq", "position_ids", "token_type_ids", "masked_bias", "causal_mask", "cos_cached", "sin_cached");

    private static final Set<String> SCALES = Set.of(
            "input_scale",
            "output_scale",
            "k_scale",
            "v_scale",
            "q_scale",
            "prob_scale",
            "input_zero_point",
            "output_zero_point",
            "input_global_scale");

    private static final Set<StoredExtra.Cause> FURTHER_LAYERS =
            Set.of(StoredExtra.Cause.TOKEN_PREDICTION, StoredExtra.Cause.TOKEN_PREDICTION_COPY);

    private final List<StoredExtra> extras;
    private final int layers;
    private final boolean quantized;
    private final Map<StoredExtra, Long> elements = new HashMap<>();

    Causes(ModelSpec model, boolean quantized, Collection<StoredTensor> unexpected) {
        this.extras = model.storedExtras();
        this.layers = model.layers().size();
        this.quantized = quantized;
        for (StoredTensor tensor : unexpected) {
            extra(tensor.name()).ifPresent(found -> elements.merge(found, tensor.elements(), Causes::capped));
        }
    }

    private static long capped(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    Optional<Explanation> of(StoredTensor tensor) {
        Optional<StoredExtra> extra = extra(tensor.name());
        if (extra.isPresent()) {
            return extra.filter(this::isWithin).map(found -> Explanation.of(found.cause()));
        }
        String last = tensor.name().substring(tensor.name().lastIndexOf('.') + 1);
        if (BUFFERS.contains(last)) {
            return Optional.of(Explanation.BUFFER);
        }
        if (last.equals("e_score_correction_bias") && tensor.shape().size() == 1 && isOfLayer(tensor.name())) {
            return Optional.of(Explanation.ROUTER_CORRECTION);
        }
        if (quantized && SCALES.contains(last) && tensor.elements() == 1) {
            return Optional.of(Explanation.QUANTIZATION);
        }
        return Optional.empty();
    }

    /** Further layers are quantized as the others are, so their elements are no bound. */
    private boolean isWithin(StoredExtra extra) {
        return (quantized && FURTHER_LAYERS.contains(extra.cause()))
                || elements.getOrDefault(extra, 0L) <= extra.elements();
    }

    private Optional<StoredExtra> extra(String name) {
        String folded = Texts.folded(name);
        return extras.stream()
                .filter(extra -> folded.equals(extra.name())
                        || name.equals(extra.name())
                        || name.startsWith(extra.name() + ".")
                        || folded.startsWith(extra.name() + "."))
                .findFirst();
    }

    private boolean isOfLayer(String name) {
        for (String part : name.split("\\.", 8)) {
            if (Texts.isNumber(part)) {
                return part.length() < 6 && Integer.parseInt(part) < layers;
            }
        }
        return false;
    }
}
