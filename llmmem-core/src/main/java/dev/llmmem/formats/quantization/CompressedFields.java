package dev.llmmem.formats.quantization;

import dev.llmmem.formats.quantization.CompressedTensors.Inputs;
import dev.llmmem.formats.quantization.CompressedTensors.Scales;
import dev.llmmem.formats.quantization.CompressedTensors.Strategy;
import java.util.List;
import java.util.Map;

/** From the fields of compressed-tensors to a scheme. */
final class CompressedFields {

    private static final String FORMATS =
            "pack-quantized, int-quantized, float-quantized, naive-quantized, nvfp4-pack-quantized or mxfp4-pack-quantized";

    private final Values weights;
    private final Values group;

    private CompressedFields(Values group) {
        this.group = group;
        this.weights = group.object("weights");
    }

    static Scheme scheme(Values fields) {
        if (!(fields.get("config_groups") instanceof Map<?, ?> groups)
                || groups.size() != 1
                || !(groups.values().iterator().next() instanceof Map<?, ?> only)) {
            throw fields.refused("config_groups", "one group: weights of several schemes are not known");
        }
        Values group = new Values(only);
        if (!(group.get("targets") instanceof List<?> targets) || !targets.equals(List.of("Linear"))) {
            throw group.refused("targets", "[\"Linear\"]");
        }
        fields.requireAbsent("sparsity_config", "what a sparse weight takes depends on the data");
        fields.requireAbsent("transform_config", "the tensors of transforms are not known");
        String format = group.text("format").or(() -> fields.text("format")).orElse("");
        return new CompressedFields(group).scheme(fields, format);
    }

    private Scheme scheme(Values fields, String format) {
        return switch (format) {
            case "pack-quantized" -> packed();
            case "int-quantized" -> integers();
            case "float-quantized" -> floats();
            case "naive-quantized" -> weights.text("type").orElse("int").equals("float") ? floats() : integers();
            case "nvfp4-pack-quantized" -> nvfp4();
            case "mxfp4-pack-quantized" -> mxfp4();
            default ->
                throw Values.refused(
                        group.says("format") || !fields.says("format") ? "format of the group" : "format",
                        format,
                        FORMATS);
        };
    }

    private Scheme packed() {
        requireType("int");
        int bits = weights.number("num_bits", 4, 8);
        if (bits != 4 && bits != 8) {
            throw weights.refused("num_bits", "4 or 8");
        }
        Scales scales = scales();
        boolean symmetric = weights.flag("symmetric", true);
        if (scales.strategy() != Strategy.GROUP && scales.strategy() != Strategy.CHANNEL) {
            throw weights.refused("strategy", "\"group\" or \"channel\" for pack-quantized");
        }
        return new CompressedTensors.Packed(
                bits,
                symmetric,
                scales,
                weights.text("actorder").orElse("").equals("group") && scales.strategy() == Strategy.GROUP);
    }

    private Scheme integers() {
        requireType("int");
        weights.number("num_bits", 1, 8);
        return new CompressedTensors.Integers(weights.flag("symmetric", true), scales(), inputs());
    }

    private Scheme floats() {
        requireType("float");
        weights.number("num_bits", 8, 8);
        requireSymmetric();
        return new CompressedTensors.Floats(scales(), inputs());
    }

    private Scheme nvfp4() {
        requireType("float");
        weights.number("num_bits", 4, 4);
        weights.number("group_size", 16, 16);
        requireSymmetric();
        return new CompressedTensors.Nvfp4Packed(group.says("input_activations"));
    }

    private Scheme mxfp4() {
        requireType("float");
        weights.number("num_bits", 4, 4);
        weights.number("group_size", 32, 32);
        requireSymmetric();
        if (!weights.text("scale_dtype").orElse("").equals("torch.uint8")) {
            throw weights.refused("scale_dtype", "\"torch.uint8\": releases differ in the format of the scales");
        }
        return new CompressedTensors.Mxfp4Packed();
    }

    private void requireType(String type) {
        if (!weights.text("type").orElse("int").equals(type)) {
            throw weights.refused("type", '"' + type + "\" for this format");
        }
    }

    private void requireSymmetric() {
        if (!weights.flag("symmetric", true)) {
            throw weights.refused("symmetric", "true for floating-point weights");
        }
    }

    private Scales scales() {
        String strategy = weights.text("strategy").orElse(weights.says("group_size") ? "group" : "tensor");
        return switch (strategy) {
            case "tensor" -> new Scales(Strategy.TENSOR, 1, 1);
            case "channel" -> new Scales(Strategy.CHANNEL, 1, 1);
            case "group" -> new Scales(Strategy.GROUP, 1, weights.number("group_size", 1, 65_536));
            case "block" -> {
                int[] sides = weights.pair("block_structure", 1, 65_536);
                yield new Scales(Strategy.BLOCK, sides[0], sides[1]);
            }
            default -> throw weights.refused("strategy", "\"tensor\", \"channel\", \"group\" or \"block\"");
        };
    }

    private Inputs inputs() {
        if (!group.says("input_activations")) {
            return Inputs.UNSTORED;
        }
        Values inputs = group.object("input_activations");
        if (inputs.get("dynamic") instanceof Boolean dynamic && dynamic) {
            return Inputs.UNSTORED;
        }
        if (!inputs.text("strategy").orElse("tensor").equals("tensor")) {
            throw inputs.refused("strategy", "\"tensor\" for inputs that are not dynamic");
        }
        return inputs.flag("symmetric", true) ? Inputs.SCALED : Inputs.SCALED_FROM_ZERO;
    }
}
