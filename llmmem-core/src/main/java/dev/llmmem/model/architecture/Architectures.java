package dev.llmmem.model.architecture;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The model types that are known, and what each makes of its fields.
 *
 * <p>Parameter names, shapes, defaults and windows are those of Hugging Face transformers 5.18. Stateless.
 */
public final class Architectures {

    private static final int MOST_FAULTS = 20;

    private static final TreeMap<String, Family> FAMILIES = new TreeMap<>(Map.ofEntries(
            Map.entry("llama", Llamas::llama),
            Map.entry("mistral", Llamas::mistral),
            Map.entry("qwen2", Llamas::qwen2),
            Map.entry("qwen3", Llamas::qwen3),
            Map.entry("smollm3", Llamas::smollm3),
            Map.entry("granite", Variants::granite),
            Map.entry("cohere", Variants::cohere),
            Map.entry("glm4", Variants::glm4),
            Map.entry("exaone4", Variants::exaone4),
            Map.entry("stablelm", Variants::stablelm),
            Map.entry("starcoder2", Variants::starcoder2),
            Map.entry("gemma", Gemmas::gemma),
            Map.entry("gemma2", Gemmas::gemma2),
            Map.entry("gemma3_text", Gemmas::gemma3Text),
            Map.entry("gemma3", Gemmas::gemma3),
            Map.entry("olmo", Olmos::olmo),
            Map.entry("olmo2", Olmos::olmo2),
            Map.entry("phi", Phis::phi),
            Map.entry("phi3", Phis::phi3),
            Map.entry("mixtral", Mixtures::mixtral),
            Map.entry("olmoe", Mixtures::olmoe),
            Map.entry("qwen2_moe", Mixtures::qwen2Moe),
            Map.entry("qwen3_moe", Mixtures::qwen3Moe),
            Map.entry("gpt_oss", Mixtures::gptOss),
            Map.entry("deepseek_v2", DeepSeeks::v2),
            Map.entry("deepseek_v3", DeepSeeks::v3),
            Map.entry("kimi_k2", DeepSeeks::v3),
            Map.entry("gpt2", Gpts::gpt2),
            Map.entry("gpt_bigcode", Gpts::gptBigcode),
            Map.entry("gpt_neo", Gpts::gptNeo),
            Map.entry("gptj", Gpts::gptj),
            Map.entry("codegen", Gpts::codegen),
            Map.entry("gpt_neox", Neox::gptNeox),
            Map.entry("bloom", Neox::bloom),
            Map.entry("falcon", Neox::falcon),
            Map.entry("RefinedWeb", Neox::refinedWeb),
            Map.entry("RefinedWebModel", Neox::falcon),
            Map.entry("opt", Opts::opt),
            Map.entry("biogpt", Opts::biogpt)));

    private Architectures() {}

    /**
     * The model types that {@link #describe(Fields)} knows.
     *
     * @return the names in order
     */
    public static SortedSet<String> types() {
        return Collections.unmodifiableSortedSet(FAMILIES.navigableKeySet());
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
        Optional<String> type = config.text("model_type");
        Family family = type.map(FAMILIES::get).orElse(null);
        if (family == null) {
            config.refuse("model_type", type.orElse(null), "one of " + String.join(", ", types()));
            throw new IllegalArgumentException(list(config.faults()));
        }
        try {
            Decoder decoder = family.read(config);
            ModelSpec.Builder spec = (hasHead(config) ? decoder : decoder.headless()).describe(type.get());
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

    /** Whether the class named first predicts tokens, rather than being the model without a head. */
    private static boolean hasHead(Config config) {
        Optional<List<?>> classes = config.list("architectures").filter(list -> !list.isEmpty());
        if (classes.isEmpty()) {
            return true;
        }
        String name = String.valueOf(classes.get().get(0));
        if (name.endsWith("ForCausalLM") || name.endsWith("LMHeadModel") || name.endsWith("ForConditionalGeneration")) {
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
