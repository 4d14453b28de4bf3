package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.formats.quantization.LeftAlone.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From the fields of {@code quantization_config} to a {@link StoredQuantization}. */
final class QuantizationFields {

    private static final String KNOWN =
            "awq, bitsandbytes, compressed-tensors, fbgemm_fp8, fp8, gptq, hqq, modelopt, mxfp4 or torchao";

    private static final Outside LAYERS_ALONE = new Outside(false, false);
    private static final Outside BUT_THE_HEAD = new Outside(false, true);
    private static final Outside ALL = new Outside(true, true);

    private final Values fields;

    private QuantizationFields(Values fields) {
        this.fields = fields;
    }

    static Optional<StoredQuantization> read(Map<String, ?> config) {
        for (Map<?, ?> level : levels(config)) {
            for (String name : List.of("quantization_config", "compression_config", "quantization")) {
                if (level.get(name) instanceof Map<?, ?> found) {
                    return Optional.of(new QuantizationFields(new Values(found)).quantization());
                }
            }
        }
        return Optional.empty();
    }

    private static List<Map<?, ?>> levels(Map<?, ?> config) {
        return config.get("text_config") instanceof Map<?, ?> text ? List.of(config, text) : List.of(config);
    }

    private StoredQuantization quantization() {
        String method = fields.text("quant_method").orElse(fields.has("quant_algo") ? "modelopt" : "");
        for (String name : List.of("moe_quant_algo", "quantized_layers", "modules_to_convert", "dynamic")) {
            fields.requireAbsent(name, "weights of several schemes are not known");
        }
        return switch (method) {
            case "fp8" -> fp8();
            case "fbgemm_fp8" ->
                make(method, new Scheme.Fp8Row(), Rule.TRANSFORMERS, unlessListed(), "modules_to_not_convert");
            case "mxfp4" -> make(method, new Scheme.Mxfp4(), Rule.TRANSFORMERS, BUT_THE_HEAD, "modules_to_not_convert");
            case "bitsandbytes" ->
                make(method, bitsAndBytes(), Rule.TRANSFORMERS, unlessListed(), "llm_int8_skip_modules");
            case "gptq" -> gptq();
            case "awq" -> awq();
            case "hqq" -> hqq();
            case "torchao" ->
                make(method, TorchAoFields.scheme(fields), Rule.TRANSFORMERS, unlessListed(), "modules_to_not_convert");
            case "modelopt" -> modelOpt();
            case "compressed-tensors" ->
                make(method, CompressedFields.scheme(fields), Rule.COMPRESSED_TENSORS, ALL, "ignore");
            default -> throw fields.refused("quant_method", KNOWN);
        };
    }

    /** transformers leaves the head alone where nothing is listed, and only what is listed where something is. */
    private Outside unlessListed() {
        return fields.get("modules_to_not_convert") == null
                        && fields.get("ignored_layers") == null
                        && fields.get("llm_int8_skip_modules") == null
                ? BUT_THE_HEAD
                : ALL;
    }

    private StoredQuantization fp8() {
        if ("ue8m0".equals(fields.get("scale_fmt"))) {
            throw fields.refused("scale_fmt", "absent or \"float\": such scales are stored in one byte or in four");
        }
        Scheme scheme;
        if (fields.get("weight_block_size") != null) {
            int[] sides = fields.pair("weight_block_size", 1, 65_536);
            scheme = new Scheme.Fp8Block(sides[0], sides[1]);
        } else {
            boolean fixed = "static".equals(fields.get("activation_scheme"));
            boolean named = fields.has("weight_block_size");
            Optional<String> input =
                    Optional.of(named ? "activation_scale" : "input_scale").filter(name -> fixed);
            scheme = new Scheme.Fp8Tensor(named ? "weight_scale_inv" : "weight_scale", input);
        }
        return make("fp8", scheme, Rule.TRANSFORMERS, unlessListed(), "modules_to_not_convert", "ignored_layers");
    }

    private Scheme bitsAndBytes() {
        if (fields.flag("load_in_8bit")) {
            return new Scheme.BitsAndBytes8();
        }
        if (!fields.flag("load_in_4bit")) {
            throw fields.refused("load_in_4bit", "true, or load_in_8bit true");
        }
        String type = fields.text("bnb_4bit_quant_type").orElse("fp4");
        if (!type.equals("nf4") && !type.equals("fp4")) {
            throw fields.refused("bnb_4bit_quant_type", "\"nf4\" or \"fp4\"");
        }
        SafeTensorsType storage = switch (fields.text("bnb_4bit_quant_storage").orElse("uint8")) {
            case "uint8" -> SafeTensorsType.U8;
            case "float16" -> SafeTensorsType.F16;
            case "bfloat16" -> SafeTensorsType.BF16;
            case "float32" -> SafeTensorsType.F32;
            default ->
                throw fields.refused("bnb_4bit_quant_storage", "\"uint8\", \"float16\", \"bfloat16\" or \"float32\"");
        };
        return new Scheme.BitsAndBytes4(type, fields.flag("bnb_4bit_use_double_quant"), storage);
    }

    private StoredQuantization gptq() {
        int bits = fields.number("bits", 2, 8);
        if (bits > 4 && bits < 8) {
            throw fields.refused("bits", "2, 3, 4 or 8");
        }
        fields.requireAbsent("modules_in_block_to_quantize", "which modules of a layer it names is not known");
        String format = fields.text("checkpoint_format").orElse("gptq");
        if (!format.equals("gptq") && !format.equals("gptq_v2")) {
            throw fields.refused("checkpoint_format", "\"gptq\" or \"gptq_v2\"");
        }
        return make(
                "gptq",
                new Scheme.Gptq(bits, fields.group("group_size")),
                Rule.TRANSFORMERS,
                new Outside(fields.flag("lm_head"), false));
    }

    private StoredQuantization awq() {
        fields.number(fields.named("bits", "w_bit"), 4, 4);
        String version = fields.text("version").orElse("gemm");
        if (!version.equalsIgnoreCase("gemm")) {
            throw fields.refused("version", "\"gemm\"");
        }
        int group = fields.group(fields.named("group_size", "q_group_size"));
        return make("awq", new Scheme.Awq(group), Rule.SUBSTRING, LAYERS_ALONE, "modules_to_not_convert");
    }

    private StoredQuantization hqq() {
        Values config = fields.object("quant_config");
        if (!config.has("weight_quant_params")) {
            throw config.refused("weight_quant_params", "an object: weights of several schemes are not known");
        }
        for (String name : List.of("scale_quant_params", "zero_quant_params")) {
            config.requireAbsent(name, "the library does not store quantized scales in such files");
        }
        Values weights = config.object("weight_quant_params");
        int bits = weights.number("nbits", 1, 8);
        if (bits > 4 && bits < 8) {
            throw weights.refused("nbits", "1, 2, 3, 4 or 8");
        }
        if (weights.flag("view_as_float")) {
            throw weights.refused("view_as_float", "false");
        }
        int group = weights.get("group_size") == null ? -1 : weights.number("group_size", 1, 65_536);
        Scheme scheme = new Scheme.Hqq(bits, group, weights.number("axis", 0, 1));
        Outside outside = fields.says("skip_modules") ? ALL : BUT_THE_HEAD;
        return make("hqq", scheme, Rule.SUBSTRING, outside, "skip_modules");
    }

    private StoredQuantization modelOpt() {
        Scheme scheme = switch (fields.text("quant_algo").orElse("")) {
            case "FP8" -> new Scheme.Fp8Tensor("weight_scale", Optional.of("input_scale"));
            case "NVFP4" -> new Scheme.Nvfp4();
            default -> throw fields.refused("quant_algo", "\"FP8\" or \"NVFP4\"");
        };
        return make("modelopt", scheme, Rule.MODEL_OPT, BUT_THE_HEAD, "ignore", "exclude_modules");
    }

    private StoredQuantization make(String method, Scheme scheme, Rule rule, Outside outside, String... lists) {
        List<String> names = new ArrayList<>();
        for (String list : lists) {
            names.addAll(fields.texts(list));
        }
        return new StoredQuantization(method, scheme, new LeftAlone(rule, names), outside);
    }
}
