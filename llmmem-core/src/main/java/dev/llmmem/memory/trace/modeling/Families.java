package dev.llmmem.memory.trace.modeling;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.Tower;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The model types that the engine knows, and the code that runs each. */
public final class Families {

    private static final Map<String, Function<CausalModel.Setup, CausalModel>> BY_TYPE = new TreeMap<>(Map.ofEntries(
            Map.entry("llama", LlamaFamily::new),
            Map.entry("mistral", LlamaFamily::new),
            Map.entry("opt", OptFamily::new),
            Map.entry("qwen2", LlamaFamily::new),
            Map.entry("qwen3", Qwen3Family::new),
            Map.entry("phi3", Phi3Family::new),
            Map.entry("starcoder2", Starcoder2Family::new),
            Map.entry("stablelm", StableLmFamily::new),
            Map.entry("gemma", GemmaFamily::new),
            Map.entry("gemma2", GemmaFamily::new),
            Map.entry("gemma3", GemmaFamily::new),
            Map.entry("gemma3_text", GemmaFamily::new),
            Map.entry("olmo", OlmoFamily::new),
            Map.entry("olmo2", Olmo2Family::new),
            Map.entry("cohere", CohereFamily::new),
            Map.entry("glm4", Glm4Family::new),
            Map.entry("granite", GraniteFamily::new),
            Map.entry("smollm3", LlamaFamily::new),
            Map.entry("exaone4", Exaone4Family::new),
            Map.entry("biogpt", BioGptFamily::new),
            Map.entry("bloom", BloomFamily::new),
            Map.entry("codegen", SinusoidFamily::new),
            Map.entry("falcon", FalconFamily::new),
            Map.entry("gpt2", Gpt2Family::new),
            Map.entry("gpt_bigcode", Gpt2Family::new),
            Map.entry("gpt_neo", GptNeoFamily::new),
            Map.entry("gpt_neox", NeoxFamily::new),
            Map.entry("gptj", SinusoidFamily::new),
            Map.entry("phi", PhiFamily::new),
            Map.entry("deepseek_v2", DeepSeekFamily::second),
            Map.entry("deepseek_v3", DeepSeekFamily::third),
            Map.entry("qwen2_moe", MixtureFamily::qwen),
            Map.entry("gpt_oss", GptOssFamily::new),
            Map.entry("mixtral", MixtureFamily::mixtral),
            Map.entry("olmoe", MixtureFamily::olmoe),
            Map.entry("qwen3_moe", MixtureFamily::qwen)));

    private Families() {}

    /** The model types that can be run, in order. */
    public static SortedSet<String> types() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(BY_TYPE.keySet()));
    }

    /**
     * Makes the model of a job.
     *
     * @param folded whether equal layers are traced once; the result is the same
     * @throws IllegalArgumentException if the model's type is not one that the engine knows
     */
    public static CausalModel model(CausalModel.Setup setup, boolean folded) {
        String type = setup.spec().modelType();
        Function<CausalModel.Setup, CausalModel> family = BY_TYPE.get(type);
        if (family == null) {
            throw new IllegalArgumentException(
                    "model type is " + type + ", but the memory of a pass is modelled for " + BY_TYPE.keySet());
        }
        if (!setup.spec().towers().isEmpty()) {
            List<String> names = setup.spec().towers().stream().map(Tower::name).toList();
            throw new IllegalArgumentException("model towers is " + names
                    + ", but the memory of a pass is modelled for the layers alone; take model.withoutTowers()");
        }
        for (Layer layer : setup.spec().layers()) {
            if (!isTraced(layer)) {
                throw new IllegalArgumentException("layer of model type " + type + " has " + layer.attention() + " and "
                        + layer.feedForward() + ", but the memory of a pass is modelled for grouped and latent"
                        + " attention with a dense network or gated experts");
            }
        }
        CausalModel model = family.apply(setup);
        model.build(folded);
        return model;
    }

    private static boolean isTraced(Layer layer) {
        boolean attends =
                layer.attention() instanceof Attention.Grouped || layer.attention() instanceof Attention.Latent;
        return attends
                && (layer.feedForward() instanceof FeedForward.Dense
                        || (layer.feedForward() instanceof FeedForward.Experts experts && experts.gated()));
    }
}
