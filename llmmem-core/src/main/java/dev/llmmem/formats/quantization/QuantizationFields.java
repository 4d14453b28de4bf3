package dev.llmmem.formats.quantization;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.llmmem.formats.quantization.LeftAlone.Rule;
import dev.llmmem.units.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From the fields of {@code quantization_config} to a {@link StoredQuantization}. */
final class QuantizationFields {

    private static final String KNOWN = "awq, bitsandbytes, compressed-tensors, fp8, gptq, modelopt or mxfp4";

    private final Map<?, ?> fields;

    private QuantizationFields(Map<?, ?> fields) {
        this.fields = fields;
    }

    static StoredQuantization read(Map<String, ?> config) {
        for (Map<?, ?> level : levels(config)) {
            for (String name : List.of("quantization_config", "compression_config", "quantization")) {
                if (level.get(name) instanceof Map<?, ?> found) {
                    return new QuantizationFields(found).quantization();
                }
            }
        }
        throw new IllegalArgumentException("quantization_config is absent, permitted an object");
    }

    private static List<Map<?, ?>> levels(Map<?, ?> config) {
        return config.get("text_config") instanceof Map<?, ?> text ? List.of(config, text) : List.of(config);
    }

    private StoredQuantization quantization() {
        String method = text("quant_method").orElse(fields.containsKey("quant_algo") ? "modelopt" : "");
        for (String name : List.of("moe_quant_algo", "quantized_layers", "modules_to_convert", "dynamic")) {
            Object value = fields.get(name);
            if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
                throw refused(name, value, "absent: weights of several schemes are not known");
            }
        }
        return switch (method) {
            case "fp8" -> fp8();
            case "mxfp4" -> make("mxfp4", new Scheme.Mxfp4(), Rule.TRANSFORMERS, false, "modules_to_not_convert");
            case "bitsandbytes" -> bitsAndBytes();
            case "gptq" -> gptq();
            case "awq" -> awq();
            case "modelopt" -> modelOpt();
            case "compressed-tensors" -> compressedTensors();
            default -> throw refused("quant_method", fields.get("quant_method"), KNOWN);
        };
    }

    private StoredQuantization fp8() {
        if ("ue8m0".equals(fields.get("scale_fmt"))) {
            throw refused("scale_fmt", "ue8m0", "absent or \"float\": such scales are stored in one byte or in four");
        }
        Object block = fields.get("weight_block_size");
        Scheme scheme;
        if (block instanceof List<?> sides && sides.size() == 2) {
            scheme = new Scheme.Fp8Block(side(sides.get(0)), side(sides.get(1)));
        } else if (block == null) {
            boolean fixed = "static".equals(fields.get("activation_scheme"));
            boolean named = fields.containsKey("weight_block_size");
            Optional<String> input =
                    Optional.of(named ? "activation_scale" : "input_scale").filter(name -> fixed);
            scheme = new Scheme.Fp8Tensor(named ? "weight_scale_inv" : "weight_scale", input);
        } else {
            throw refused("weight_block_size", block, "null or a list of 2 whole numbers");
        }
        return make("fp8", scheme, Rule.TRANSFORMERS, false, "modules_to_not_convert", "ignored_layers");
    }

    private int side(@Nullable Object value) {
        return number("weight_block_size", value, 1, 65_536);
    }

    private StoredQuantization bitsAndBytes() {
        Scheme scheme;
        if (flag("load_in_8bit")) {
            scheme = new Scheme.BitsAndBytes8();
        } else if (flag("load_in_4bit")) {
            String type = text("bnb_4bit_quant_type").orElse("fp4");
            if (!type.equals("nf4") && !type.equals("fp4")) {
                throw refused("bnb_4bit_quant_type", type, "\"nf4\" or \"fp4\"");
            }
            if (flag("bnb_4bit_use_double_quant")) {
                throw refused(
                        "bnb_4bit_use_double_quant", true, "false: the length of quant_state depends on the data");
            }
            if (!text("bnb_4bit_quant_storage").orElse("uint8").equals("uint8")) {
                throw refused("bnb_4bit_quant_storage", fields.get("bnb_4bit_quant_storage"), "\"uint8\"");
            }
            scheme = new Scheme.BitsAndBytes4(type);
        } else {
            throw refused("load_in_4bit", fields.get("load_in_4bit"), "true, or load_in_8bit true");
        }
        return make("bitsandbytes", scheme, Rule.TRANSFORMERS, false, "llm_int8_skip_modules");
    }

    private StoredQuantization gptq() {
        int bits = number("bits", fields.get("bits"), 2, 8);
        if (bits > 4 && bits < 8) {
            throw refused("bits", bits, "2, 3, 4 or 8");
        }
        if (fields.get("modules_in_block_to_quantize") != null) {
            throw refused("modules_in_block_to_quantize", fields.get("modules_in_block_to_quantize"), "null");
        }
        String format = text("checkpoint_format").orElse("gptq");
        if (!format.equals("gptq") && !format.equals("gptq_v2")) {
            throw refused("checkpoint_format", format, "\"gptq\" or \"gptq_v2\"");
        }
        return make("gptq", new Scheme.Gptq(bits, group(fields.get("group_size"))), Rule.TRANSFORMERS, flag("lm_head"));
    }

    private StoredQuantization awq() {
        Object bits = fields.containsKey("bits") ? fields.get("bits") : fields.get("w_bit");
        number("bits", bits, 4, 4);
        String version = text("version").orElse("gemm");
        if (!version.equalsIgnoreCase("gemm")) {
            throw refused("version", version, "\"gemm\"");
        }
        Object group = fields.containsKey("group_size") ? fields.get("group_size") : fields.get("q_group_size");
        return make("awq", new Scheme.Awq(group(group)), Rule.SUBSTRING, false, "modules_to_not_convert");
    }

    private StoredQuantization modelOpt() {
        String algorithm = text("quant_algo").orElse("");
        Scheme scheme = switch (algorithm) {
            case "FP8" -> new Scheme.Fp8Tensor("weight_scale", Optional.of("input_scale"));
            case "NVFP4" -> new Scheme.Nvfp4();
            default -> throw refused("quant_algo", fields.get("quant_algo"), "\"FP8\" or \"NVFP4\"");
        };
        return make("modelopt", scheme, Rule.MODEL_OPT, false, "ignore", "exclude_modules");
    }

    private StoredQuantization compressedTensors() {
        if (!(fields.get("config_groups") instanceof Map<?, ?> groups)
                || groups.size() != 1
                || !(groups.values().iterator().next() instanceof Map<?, ?> group)) {
            throw refused("config_groups", fields.get("config_groups"), "one group");
        }
        if (!(group.get("targets") instanceof List<?> targets) || !targets.equals(List.of("Linear"))) {
            throw refused("targets", group.get("targets"), "[\"Linear\"]");
        }
        if (!(group.get("weights") instanceof Map<?, ?> weights)) {
            throw refused("weights", group.get("weights"), "an object");
        }
        if (fields.get("sparsity_config") instanceof Map<?, ?> sparsity && !sparsity.isEmpty()) {
            throw refused("sparsity_config", sparsity, "an empty object");
        }
        Scheme scheme = compressed(text("format").orElse(""), weights, group.get("input_activations"));
        return make("compressed-tensors", scheme, Rule.COMPRESSED_TENSORS, true, "ignore");
    }

    private Scheme compressed(String format, Map<?, ?> weights, @Nullable Object inputs) {
        Object strategy = weights.get("strategy");
        if (!Boolean.TRUE.equals(weights.get("symmetric")) || weights.get("actorder") != null) {
            throw refused("weights", weights, "symmetric true and actorder null");
        }
        boolean fixedInputs = inputs instanceof Map<?, ?> map && !Boolean.TRUE.equals(map.get("dynamic"));
        if (format.equals("float-quantized") && "channel".equals(strategy) && !fixedInputs) {
            number("num_bits", weights.get("num_bits"), 8, 8);
            return new Scheme.Fp8Channel();
        }
        if (format.equals("pack-quantized") && ("group".equals(strategy) || "channel".equals(strategy))) {
            int bits = number("num_bits", weights.get("num_bits"), 4, 8);
            if (bits != 4 && bits != 8) {
                throw refused("num_bits", bits, "4 or 8");
            }
            return new Scheme.PackedIntegers(
                    bits, "group".equals(strategy) ? number("group_size", weights.get("group_size"), 1, 65_536) : -1);
        }
        throw refused(
                "format",
                format + " by " + strategy,
                "pack-quantized by group or channel, or float-quantized by channel with dynamic inputs");
    }

    private StoredQuantization make(String method, Scheme scheme, Rule rule, boolean head, String... lists) {
        List<String> names = new ArrayList<>();
        for (String list : lists) {
            Object value = fields.get(list);
            if (value != null && !(value instanceof List<?>)) {
                throw refused(list, value, "a list of texts");
            }
            for (Object name : value instanceof List<?> some ? some : List.of()) {
                if (!(name instanceof String text) || text.isEmpty()) {
                    throw refused(list, name, "texts of at least 1 character");
                }
                names.add(text);
            }
        }
        return new StoredQuantization(method, scheme, new LeftAlone(rule, names), head);
    }

    private static int group(@Nullable Object value) {
        return value instanceof Number whole && whole.doubleValue() == -1 ? -1 : number("group_size", value, 1, 65_536);
    }

    @CanIgnoreReturnValue
    private static int number(String name, @Nullable Object value, int least, int most) {
        if (value instanceof Long number && number >= least && number <= most) {
            return number.intValue();
        }
        throw refused(name, value, "a whole number in [" + least + ", " + most + "]");
    }

    private boolean flag(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw refused(name, value, "true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    private Optional<String> text(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof String)) {
            throw refused(name, value, "a text");
        }
        return Optional.ofNullable((String) value);
    }

    private static IllegalArgumentException refused(String name, @Nullable Object value, String permitted) {
        String shown = value instanceof Map<?, ?> || value instanceof List<?>
                ? "a list or object"
                : Quoted.text(String.valueOf(value));
        return new IllegalArgumentException(name + " = " + shown + ", permitted " + permitted);
    }
}
