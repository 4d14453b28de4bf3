package dev.llmmem.workload;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.List;
import java.util.Set;

/**
 * How PEFT matches module names against {@code target_modules}: peft 0.21.0, {@code peft/tuners/tuners_utils.py}, {@code
 * check_target_module_exists} and {@code _maybe_include_all_linear_layers}.
 */
final class TargetRules {

    /** The output heads of language models, by the last part of their module names. */
    private static final Set<String> HEADS = Set.of("lm_head", "embed_out", "head");

    private TargetRules() {}

    /** Whether a name is the module's own, or all of its end after some dot. */
    static boolean named(List<String> names, String module) {
        for (String name : names) {
            if (module.endsWith(name)
                    && (module.length() == name.length() || module.charAt(module.length() - name.length() - 1) == '.')) {
                return true;
            }
        }
        return false;
    }

    /** Whether a parameter is the weight of a linear layer other than the output head. */
    static boolean linear(Parameter weight) {
        return weight.isLinear() && (isInLayer(weight.module()) || !HEADS.contains(lastPart(weight.module())));
    }

    static boolean isInLayer(String module) {
        return module.contains("{i}");
    }

    static String lastPart(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /** The module's name with the index of the first layer that has it, or 0 where none has. */
    static String firstModule(ModelSpec model, Parameter weight) {
        String module = weight.module();
        return isInLayer(module) ? module(module, firstLayer(model, weight)) : module;
    }

    /** The module's name in one layer. */
    static String module(String folded, int layer) {
        return folded.replace("{i}", Integer.toString(layer));
    }

    private static int firstLayer(ModelSpec model, Parameter weight) {
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            // Equal layers are one object, so a run of them is looked at once.
            if ((i == 0 || !layers.get(i).equals(layers.get(i - 1)))
                    && layers.get(i).parameters().contains(weight)) {
                return i;
            }
        }
        return 0;
    }
}
