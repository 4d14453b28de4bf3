package dev.llmmem.workload;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How PEFT matches module names against {@code target_modules}: peft 0.21.0, {@code peft/tuners/tuners_utils.py},
 * {@code check_target_module_exists} and {@code _maybe_include_all_linear_layers}.
 */
final class TargetRules {

    /** The output heads of language models, by the last part of their module names. */
    private static final Set<String> HEADS = Set.of("lm_head", "embed_out", "head");

    private TargetRules() {}

    /** Whether one of the names is the module's own, or all of its end after some dot. */
    static boolean named(Collection<String> names, String module) {
        for (String name : names) {
            if (endsWith(module, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWith(String module, String name) {
        int before = module.length() - name.length() - 1;
        return module.endsWith(name) && (before < 0 || module.charAt(before) == '.');
    }

    /** The same of the module of a weight, in the first layer that has it. */
    static boolean named(Collection<String> names, ModelSpec model, Parameter weight) {
        String module = weight.module();
        String inside = module.substring(module.lastIndexOf('}') + 1);
        boolean indexed = false;
        for (String name : names) {
            if (name.length() < inside.length() && endsWith(module, name)) {
                return true; // whatever the layer
            }
            indexed |= name.endsWith(inside);
        }
        return indexed && named(names, inFirstLayer(model, weight));
    }

    /** Whether a parameter is the weight of a linear layer other than the output head. */
    static boolean linear(Parameter weight) {
        String module = weight.module();
        return weight.isLinear() && !isHead(module);
    }

    /** Whether a module outside the layers is the output head. */
    static boolean isHead(String module) {
        return !isInLayer(module) && HEADS.contains(lastPart(module));
    }

    static boolean isInLayer(String module) {
        return module.contains("{i}");
    }

    static String lastPart(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /** The module's name in one layer. */
    static String inLayer(String module, int layer) {
        return module.replace("{i}", Integer.toString(layer));
    }

    /** The module's name in the first layer that has it, or in layer 0 where none has. */
    static String inFirstLayer(ModelSpec model, Parameter weight) {
        String module = weight.module();
        if (!isInLayer(module)) {
            return module;
        }
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            boolean another = i == 0 || !layers.get(i).equals(layers.get(i - 1));
            if (another && layers.get(i).parameters().contains(weight)) {
                return inLayer(module, i);
            }
        }
        return inLayer(module, 0);
    }

    /** Whether a part of a name between dots is a number, as the index of a layer is. */
    static boolean hasIndex(String name) {
        boolean digits = false;
        boolean others = false;
        for (int i = 0; i <= name.length(); i++) {
            char c = i == name.length() ? '.' : name.charAt(i);
            if (c == '.') {
                if (digits && !others) {
                    return true;
                }
                digits = false;
                others = false;
            } else if (c >= '0' && c <= '9') {
                digits = true;
            } else {
                others = true;
            }
        }
        return false;
    }
}
