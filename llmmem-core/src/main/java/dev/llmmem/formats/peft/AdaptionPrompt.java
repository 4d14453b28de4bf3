package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Map;

/**
 * LLaMA-Adapter: peft 0.21.0, {@code peft/tuners/adaption_prompt}, {@code config.py} ({@code TRANSFORMERS_MODEL_CONFIG}) and {@code
 * layer.py}. The last layers get a prompt and a gate each.
 */
record AdaptionPrompt(String target, long tokens, long layers) implements Method.Whole {

    private static final Map<String, String> ATTENTION =
            Map.of("llama", "self_attn", "mistral", "self_attn", "gpt2", "attn");

    static Method read(Settings settings) {
        return new AdaptionPrompt(
                settings.text("target_modules").orElse(""),
                settings.required("adapter_len", 1, Settings.WIDEST, "tokens"),
                settings.required("adapter_layers", 1, 1_000_000, "layers"));
    }

    @Override
    public void add(ModelSpec model, Inventory out) {
        String attention = ATTENTION.get(model.modelType());
        if (attention == null) {
            throw new IllegalArgumentException("the model type is " + model.modelType()
                    + ", permitted one that LLaMA-Adapter knows: gpt2, llama, mistral");
        }
        if (!target.isEmpty() && !target.equals(attention)) {
            throw new IllegalArgumentException(
                    "target_modules = " + Settings.shown(target) + ", permitted \"" + attention + "\"");
        }
        int all = model.layers().size();
        if (layers > all) {
            throw new IllegalArgumentException("adapter_layers = " + layers + ", permitted [1, " + all + "] layers");
        }
        for (int i = all - (int) layers; i < all; i++) {
            BaseModule module = attention(model, i, attention);
            out.addUnwidened(module, "adaption_prompt", List.of(1L, tokens, (long) model.hiddenSize()));
            out.addUnwidened(module, "adaption_gate", List.of(1L));
        }
    }

    private static BaseModule attention(ModelSpec model, int layer, String attention) {
        String folded = model.layers().get(layer).parameters().stream()
                .map(parameter -> parameter.name())
                .filter(name -> name.contains("." + attention + "."))
                .map(name -> name.substring(0, name.indexOf("." + attention + ".") + attention.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " has no " + attention));
        return new BaseModule(
                folded.replace("{i}", Integer.toString(layer)),
                folded,
                layer,
                model.layers().get(layer).parameters(),
                false);
    }
}
