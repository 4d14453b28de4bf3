package dev.llmmem.formats.peft;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the tensors of an adapter follow from its fields.
 *
 * @param method what its type adds
 * @param selection the modules that it is for
 * @param bias what it trains of the model's own biases
 * @param tokens rows of embeddings that are trained besides, by the end of a module's name
 * @param parameters ends of the names of parameters that are adapted as such
 * @param lora the fields of LoRA, where it is one
 * @param ia3 the fields of IA3, where it is one
 */
record Recipe(
        Method method,
        Selection selection,
        Bias bias,
        Map<String, List<Long>> tokens,
        List<String> parameters,
        @Nullable Lora lora,
        @Nullable Ia3 ia3) {

    /** The model's own biases that are trained. */
    enum Bias {
        NONE,
        ALL,
        OF_TARGETS
    }

    static Recipe read(String type, Settings settings) {
        Selection selection = Selection.read(type, settings);
        Lora lora = type.equals("LORA") ? Lora.read(settings) : null;
        Ia3 ia3 = type.equals("IA3") ? Ia3.read(settings, selection) : null;
        List<String> parameters =
                lora == null ? List.of() : settings.texts("target_parameters").orElse(List.of());
        Method method =
                lora != null ? lora.method() : ia3 != null ? ia3.method() : Methods.read(type, settings, selection);
        return new Recipe(
                method, selection, bias(type, settings), Tokens.beside(type, settings), parameters, lora, ia3);
    }

    private static Bias bias(String type, Settings settings) {
        if (!Defaults.fields(type).contains("bias")) {
            return Bias.NONE;
        }
        String text = settings.text("bias").orElse("none");
        if (text.equals("none") || text.equals("all")) {
            return text.equals("all") ? Bias.ALL : Bias.NONE;
        }
        if (!text.endsWith("_only")) {
            settings.refuse("bias", "none, all or a word that ends in _only");
        }
        return Bias.OF_TARGETS;
    }
}
