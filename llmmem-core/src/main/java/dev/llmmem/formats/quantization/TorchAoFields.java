package dev.llmmem.formats.quantization;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the fields of torchao to a scheme. */
final class TorchAoFields {

    private static final List<String> KNOWN =
            List.of("Float8WeightOnlyConfig", "Int8DynamicActivationInt8WeightConfig", "Int8WeightOnlyConfig");

    private TorchAoFields() {}

    static Scheme scheme(Values fields) {
        for (String name : new String[] {"include_input_output_embeddings", "untie_embedding_weights"}) {
            if (fields.flag(name)) {
                throw fields.refused(name, "false");
            }
        }
        Values type = fields.object("quant_type").object("default");
        String name = type.text("_type").orElse("");
        if (!KNOWN.contains(name)) {
            throw type.refused("_type", String.join(", ", KNOWN) + ": how others are stored is not known");
        }
        type.number("_version", 2, 2);
        Values data = type.object("_data");
        if (data.says("granularity") && !isByRow(data.get("granularity"))) {
            throw data.refused("granularity", "PerRow");
        }
        data.requireAbsent("group_size", "weights are scaled by row");
        return name.startsWith("Float8") ? new TorchAo.Float8() : new TorchAo.Int8();
    }

    /** One for weights, or one for activations and one for weights. */
    private static boolean isByRow(@Nullable Object granularity) {
        if (granularity instanceof List<?> both) {
            return both.size() == 2 && both.stream().allMatch(TorchAoFields::isByRow);
        }
        return granularity instanceof Map<?, ?> one && "PerRow".equals(one.get("_type"));
    }
}
