package dev.llmmem.model.architecture;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The model types that are known, and what each makes of its fields.
 *
 * <p>Parameter names, shapes, defaults and windows are those of Hugging Face transformers 5.18. Stateless.
 */
public final class Architectures {

    private static final int MOST_FAULTS = 20;

    private static final SortedSet<String> TYPES = Collections.unmodifiableSortedSet(new TreeSet<>(List.of(
            "PanguEmbedded",
            "RefinedWeb",
            "RefinedWebModel",
            "albert",
            "baichuan",
            "bailing_moe",
            "bamba",
            "bart",
            "bert",
            "biogpt",
            "blenderbot",
            "bloom",
            "chatglm",
            "codegen",
            "cohere",
            "ctrl",
            "dbrx",
            "deepseek",
            "deepseek_v2",
            "deepseek_v3",
            "deepseek_v32",
            "deepseek_v4",
            "distilbert",
            "electra",
            "ernie4_5",
            "ernie4_5_moe",
            "exaone",
            "exaone4",
            "falcon",
            "falcon_mamba",
            "gemma",
            "gemma2",
            "gemma3",
            "gemma3_text",
            "gemma4",
            "gemma4_text",
            "glm",
            "glm4",
            "glm4_moe",
            "glm4_moe_lite",
            "glm_moe_dsa",
            "gpt2",
            "gpt_bigcode",
            "gpt_neo",
            "gpt_neox",
            "gpt_neox_japanese",
            "gpt_oss",
            "gptj",
            "granite",
            "granitemoe",
            "granitemoehybrid",
            "hunyuan",
            "hunyuan_v1_dense",
            "hunyuan_v1_moe",
            "internlm",
            "internlm2",
            "jais2",
            "jamba",
            "kimi_k2",
            "kimi_k25",
            "lfm2",
            "lfm2_moe",
            "llama",
            "llama4",
            "llama4_text",
            "llava",
            "longt5",
            "m2m_100",
            "mamba",
            "mamba2",
            "mbart",
            "mimo",
            "mimo_v2_flash",
            "minicpm",
            "minicpm3",
            "minimax_m2",
            "ministral3",
            "mistral",
            "mistral3",
            "mixformer-sequential",
            "mixtral",
            "mllama",
            "molmo",
            "mpt",
            "mt5",
            "muse_glimmer",
            "nemotron-nas",
            "nemotron_h",
            "olmo",
            "olmo2",
            "olmo3",
            "olmoe",
            "openai-gpt",
            "opt",
            "orion",
            "pegasus",
            "persimmon",
            "phi",
            "phi-msft",
            "phi3",
            "phi3small",
            "phimoe",
            "qwen",
            "qwen2",
            "qwen2_5_vl",
            "qwen2_moe",
            "qwen2_vl",
            "qwen3",
            "qwen3_5",
            "qwen3_5_moe",
            "qwen3_5_moe_text",
            "qwen3_5_text",
            "qwen3_moe",
            "qwen3_next",
            "qwen3_vl",
            "qwen3_vl_moe",
            "roberta",
            "smollm3",
            "stablelm",
            "starcoder2",
            "t5",
            "umt5",
            "whisper",
            "xglm",
            "xlm-roberta",
            "xlstm",
            "xverse")));

    /** Types that are known to exist, but of which nothing is published that a description could be checked against. */
    private static final Set<String> UNCHECKED =
            Set.of("deepseek_ref", "kimi_k3", "minimax_m3", "rwkv5", "step3p7", "yuan");

    private Architectures() {}

    /**
     * The model types that {@link #describe(Fields)} knows.
     *
     * @return the names in order
     */
    public static SortedSet<String> types() {
        return TYPES;
    }

    /**
     * Works out a model.
     *
     * @param fields the fields of its configuration; {@code model_type} says how to read them
     * @return the model, named after its type
     * @throws IllegalArgumentException that lists every fault with name, value, permitted range and unit
     */
    public static ModelSpec describe(Fields fields) {
        Objects.requireNonNull(fields, "fields");
        Config config = new Config(fields);
        if (!(fields.get("model_type") instanceof String type) || !TYPES.contains(type)) {
            boolean unchecked = fields.get("model_type") instanceof String named && UNCHECKED.contains(named);
            String why = unchecked ? "; of this one no parameters are published to check a count against" : "";
            config.refuse("model_type", fields.get("model_type"), "one of " + String.join(", ", TYPES) + why);
            throw new IllegalArgumentException(list(config.faults()));
        }
        try {
            ModelSpec.Builder spec = readClass(type, config).describe(presentName(type));
            spec = storedType(config).map(spec::storedType).orElse(spec);
            if (config.faults().isEmpty()) {
                return spec.build();
            }
        } catch (ArithmeticException e) {
            config.require(false, "the number of parameters", "more than " + Long.MAX_VALUE, "at most that");
        } catch (IllegalArgumentException e) {
            // The values of this package refuse what they cannot be; a fault that is noted already says why.
            if (config.faults().isEmpty()) {
                throw e;
            }
        }
        throw new IllegalArgumentException(list(config.faults()));
    }

    /** The name that a type has in transformers today. */
    private static String presentName(String type) {
        return switch (type) {
            case "RefinedWeb", "RefinedWebModel" -> "falcon";
            case "kimi_k2" -> "deepseek_v3";
            default -> type;
        };
    }

    /** The class that is named: encoders have many, other types one, with a head or without. */
    private static Decoder readClass(String type, Config config) {
        return switch (type) {
            case "albert" -> Alberts.albert(config);
            case "bart" -> Barts.bart(config);
            case "bert" -> Berts.bert(config);
            case "blenderbot" -> Barts.blenderbot(config);
            case "distilbert" -> Alberts.distilBert(config);
            case "electra" -> Berts.electra(config);
            case "longt5" -> T5s.longT5(config);
            case "m2m_100" -> Barts.m2m100(config);
            case "mbart" -> Barts.mbart(config);
            case "mt5" -> T5s.mt5(config);
            case "pegasus" -> Barts.pegasus(config);
            case "roberta" -> Berts.roberta(config);
            case "t5" -> T5s.t5(config);
            case "umt5" -> T5s.umt5(config);
            case "whisper" -> Whispers.whisper(config);
            case "xlm-roberta" -> Berts.xlmRoberta(config);
            default -> {
                Decoder decoder = read(type, config);
                yield hasHead(config) ? decoder : decoder.headless();
            }
        };
    }

    /** A switch rather than a table of functions: only the family that is asked for is loaded. */
    static Decoder read(String type, Config config) {
        return switch (type) {
            case "llama" -> Llamas.llama(config);
            case "granite" -> Llamas.granite(config);
            case "mistral" -> Llamas.mistral(config);
            case "qwen2" -> Llamas.qwen2(config);
            case "qwen3" -> Llamas.qwen3(config);
            case "smollm3" -> Llamas.smollm3(config);
            case "cohere" -> Variants.cohere(config);
            case "glm4" -> Variants.glm4(config);
            case "exaone4" -> Variants.exaone4(config);
            case "stablelm" -> Variants.stablelm(config);
            case "starcoder2" -> Variants.starcoder2(config);
            case "gemma" -> Gemmas.gemma(config);
            case "gemma2" -> Gemmas.gemma2(config);
            case "gemma3_text" -> Gemmas.gemma3Text(config);
            case "olmo" -> Olmos.olmo(config);
            case "olmo2" -> Olmos.olmo2(config);
            case "phi" -> Phis.phi(config);
            case "phi3" -> Phis.phi3(config);
            case "mixtral" -> Mixtures.mixtral(config);
            case "olmoe" -> Mixtures.olmoe(config);
            case "qwen2_moe" -> Mixtures.qwen2Moe(config);
            case "qwen3_moe" -> Mixtures.qwen3Moe(config);
            case "gpt_oss" -> Mixtures.gptOss(config);
            case "deepseek_v2" -> DeepSeeks.v2(config);
            case "deepseek_v3", "kimi_k2" -> DeepSeeks.v3(config);
            case "gpt2" -> Gpts.gpt2(config);
            case "gpt_bigcode" -> Gpts.gptBigcode(config);
            case "gpt_neo" -> Gpts.gptNeo(config);
            case "gptj" -> Gpts.gptj(config);
            case "codegen" -> Gpts.codegen(config);
            case "gpt_neox" -> Neox.gptNeox(config);
            case "bloom" -> Neox.bloom(config);
            case "falcon" -> Neox.falcon(config);
            case "RefinedWebModel" -> Neox.refinedWeb(config, false);
            case "RefinedWeb" -> Neox.refinedWeb(config, true);
            case "ernie4_5" -> Llamas.ernie(config);
            case "ministral3" -> config.states("text_config") ? Llavas.mistral3(config) : Llamas.ministral3(config);
            case "glm" -> Variants.glm(config);
            case "olmo3" -> Olmos.olmo3(config);
            case "persimmon" -> Variants.persimmon(config);
            case "jais2" -> Variants.jais2(config);
            case "gpt_neox_japanese" -> Neox.gptNeoxJapanese(config);
            case "mpt" -> Elders.mpt(config);
            case "ctrl" -> Elders.ctrl(config);
            case "openai-gpt" -> Elders.openaiGpt(config);
            case "xglm" -> Opts.xglm(config);
            case "exaone" -> RemoteLlamas.exaone(config);
            case "internlm" -> RemoteLlamas.biased(config, false);
            case "PanguEmbedded" -> RemoteLlamas.biased(config, true);
            case "internlm2" -> RemoteLlamas.internlm2(config);
            case "xverse" -> RemoteLlamas.xverse(config);
            case "orion" -> RemoteLlamas.orion(config);
            case "mimo" -> RemoteLlamas.mimo(config);
            case "qwen" -> RemoteLlamas.qwen(config);
            case "baichuan" -> RemoteLlamas.baichuan(config);
            case "chatglm" -> RemoteBlocks.chatglm(config);
            case "phi3small" -> RemoteBlocks.phi3small(config);
            case "minicpm" -> RemoteBlocks.minicpm(config);
            case "minicpm3" -> RemoteBlocks.minicpm3(config);
            case "phi-msft" -> RemoteBlocks.phiMsft(config);
            case "mixformer-sequential" -> RemoteBlocks.mixformer(config);
            case "gemma3" -> Multimodals.gemma3(config);
            case "gemma4" -> Gemma4Towers.whole(config);
            case "gemma4_text" -> Gemma4s.text(config);
            case "kimi_k25" -> KimiVision.whole(config);
            case "llama4" -> Llama4s.whole(config);
            case "llama4_text" -> Llama4s.text(config);
            case "mllama" -> Mllamas.mllama(config);
            case "molmo" -> Molmos.molmo(config);
            case "muse_glimmer" -> Muses.glimmer(config);
            case "llava" -> Llavas.llava(config);
            case "mistral3" -> Llavas.mistral3(config);
            case "qwen2_vl" -> Multimodals.qwen2Vl(config);
            case "qwen2_5_vl" -> Multimodals.qwen25Vl(config);
            case "qwen3_5" -> Multimodals.qwen35(config);
            case "qwen3_5_moe" -> Multimodals.qwen35Moe(config);
            case "qwen3_vl" -> Multimodals.qwen3Vl(config);
            case "qwen3_vl_moe" -> Multimodals.qwen3VlMoe(config);
            case "opt" -> Opts.opt(config);
            case "biogpt" -> Opts.biogpt(config);
            case "mamba", "falcon_mamba" -> StateSpaces.mamba(config);
            case "mamba2" -> StateSpaces.mamba2(config);
            case "qwen3_next" -> QwenHybrids.next(config);
            case "qwen3_5_text" -> QwenHybrids.dense(config);
            case "qwen3_5_moe_text" -> QwenHybrids.mixture(config);
            case "jamba" -> Jambas.jamba(config);
            case "granitemoehybrid" -> GraniteHybrids.granite(config);
            case "bamba" -> GraniteHybrids.bamba(config);
            case "nemotron_h" -> NemotronHs.nemotronH(config);
            case "lfm2" -> Lfms.lfm2(config);
            case "lfm2_moe" -> Lfms.lfm2Moe(config);
            case "xlstm" -> Xlstms.xlstm(config);
            case "phimoe" -> Sparse.phimoe(config);
            case "minimax_m2" -> Sparse.minimaxM2(config);
            case "granitemoe" -> Sparse.granitemoe(config);
            case "ernie4_5_moe" -> Sparse.ernie(config);
            case "glm4_moe" -> Sparse.glm4Moe(config);
            case "glm4_moe_lite" -> DeepSeeks.glm4MoeLite(config);
            case "deepseek_v32" -> DeepSeeks.v32(config);
            case "glm_moe_dsa" -> DeepSeeks.glmMoeDsa(config);
            case "mimo_v2_flash" -> Mimos.v2Flash(config);
            case "dbrx" -> Dbrx.dbrx(config);
            case "deepseek" -> RemoteMixtures.deepseek(config);
            case "bailing_moe" -> RemoteMixtures.bailing(config);
            case "hunyuan" -> Hunyuans.remote(config);
            case "hunyuan_v1_moe" -> Hunyuans.moe(config);
            case "hunyuan_v1_dense" -> Hunyuans.dense(config);
            case "nemotron-nas" -> Decis.nemotronNas(config);
            case "deepseek_v4" -> DeepSeekV4.read(config);
            default -> throw new IllegalStateException(type);
        };
    }

    /** Whether the class named first predicts tokens, rather than being the model without a head. */
    private static boolean hasHead(Config config) {
        Optional<List<?>> classes = config.list("architectures").filter(list -> !list.isEmpty());
        if (classes.isEmpty()) {
            return true;
        }
        String name = String.valueOf(classes.get().get(0));
        // ChatGLM's inner model holds the head itself.
        if (name.equals("ChatGLMModel")
                || name.endsWith("ForCausalLM")
                || name.endsWith("LMHeadModel")
                || name.endsWith("ForConditionalGeneration")) {
            return true;
        }
        if (!name.endsWith("Model") || name.endsWith("HeadsModel")) {
            config.refuse(
                    "architectures", name, "a class that predicts tokens (...ForCausalLM) or has no head (...Model)");
        }
        return false;
    }

    private static Optional<DType> storedType(Config config) {
        Config spelled = config.spelling("dtype", "dtype", "torch_dtype");
        if (!spelled.states("dtype") && config.states("text_config")) {
            return config.nested("text_config").flatMap(Architectures::storedType);
        }
        Optional<String> name = spelled.text("dtype");
        Optional<DType> type = name.flatMap(DType::find);
        if (name.isPresent() && type.isEmpty()) {
            spelled.refuse("dtype", name.get(), "a number format such as \"bfloat16\"");
        }
        return type;
    }

    private static String list(List<String> faults) {
        String shown = String.join("; ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS)));
        return faults.size() <= MOST_FAULTS ? shown : shown + "; and " + (faults.size() - MOST_FAULTS) + " more";
    }
}
