package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of the embeddings that are trained: peft 0.21.0, {@code peft/tuners/trainable_tokens}, and {@code
 * set_additional_trainable_modules} in {@code peft/utils/other.py}. A head that shares the embeddings shares their rows.
 */
final class Tokens {

    private static final String DELTA = "trainable_tokens_delta";

    private Tokens() {}

    /** The type of its own. */
    static Method method(Settings settings, Selection selection) {
        List<Long> indices = indices(settings, "token_indices");
        if (selection.stated().isEmpty()) {
            return (Method.Whole) (model, out) -> {
                requireRows(indices, model);
                BaseModule tokens = new ModuleTree(model).tokens();
                out.add(tokens, DELTA, indices.size(), tokens.outputs());
                if (model.tiedHead()) {
                    out.addShared(
                            Inventory.PREFIX + ModuleTree.HEAD + "." + DELTA,
                            false,
                            true,
                            true,
                            indices.size(),
                            tokens.outputs());
                }
            };
        }
        return new Method.PerModule(Set.of(Kind.EMBEDDING, Kind.LINEAR), false, model -> {
            requireRows(indices, model);
            if (model.tiedHead()) {
                throw new IllegalArgumentException(
                        "target_modules is set, permitted null for a model whose head shares the embeddings");
            }
            return (module, out) -> out.add(module, DELTA, indices.size(), width(module));
        });
    }

    /** Tokens beside other adapters: lists of them by the end of a module's name; of the embeddings where it is empty. */
    static Map<String, List<Long>> beside(String type, Settings settings) {
        Map<String, List<Long>> tokens = new LinkedHashMap<>();
        if (!Defaults.fields(type).contains("trainable_token_indices")) {
            return tokens;
        }
        if (settings.isObject("trainable_token_indices")) {
            settings.nested("trainable_token_indices").ifPresent(inner -> {
                inner.names().forEach(name -> tokens.put(name, indices(inner, name)));
                settings.takeFaults("trainable_token_indices", inner);
            });
            if (tokens.size() > 1) {
                settings.refuse("trainable_token_indices", "the tokens of one module; several are not modelled");
            }
        } else if (settings.states("trainable_token_indices")) {
            tokens.put("", indices(settings, "trainable_token_indices"));
        }
        return tokens;
    }

    static void addBeside(Map<String, List<Long>> tokens, ModelSpec model, Selection selection, Inventory out) {
        ModuleTree tree = new ModuleTree(model);
        if (!tokens.isEmpty() && model.tiedHead() && selection.saves(ModuleTree.HEAD)) {
            throw new IllegalArgumentException("modules_to_save has the head, permitted other modules where"
                    + " trainable_token_indices is set and the head shares the embeddings");
        }
        tokens.forEach((name, indices) -> {
            requireRows(indices, model);
            List<BaseModule> found = new ArrayList<>();
            if (name.isEmpty()) {
                found.add(tree.tokens());
            } else {
                tree.forEach(module -> {
                    if (module.name().endsWith(name)) {
                        found.add(module);
                    }
                });
            }
            if (found.isEmpty()
                    || found.stream()
                            .anyMatch(module -> module.kind() != Kind.EMBEDDING && module.kind() != Kind.LINEAR)
                    || (model.tiedHead() && !found.equals(List.of(tree.tokens())))) {
                throw new IllegalArgumentException("trainable_token_indices has " + Settings.shown(name)
                        + ", permitted the name of the embeddings of tokens");
            }
            if (found.stream()
                    .anyMatch(module -> selection.saves(module.name()) || selection.chooses(module, out.steps()))) {
                throw new IllegalArgumentException("trainable_token_indices has "
                        + found.get(0).name() + ", permitted what neither modules_to_save nor target_modules has");
            }
            found.forEach(module -> out.add(module, "token_adapter." + DELTA, indices.size(), width(module)));
        });
    }

    private static long width(BaseModule module) {
        return module.isLinear() ? module.inputs() : module.outputs();
    }

    private static List<Long> indices(Settings settings, String field) {
        List<Long> indices =
                settings.numbers(field, 0, Integer.MAX_VALUE, "token ids").orElse(List.of());
        if (indices.isEmpty()) {
            settings.refuse(field, "a list of at least 1 token id");
        }
        return indices;
    }

    private static void requireRows(List<Long> indices, ModelSpec model) {
        indices.stream()
                .filter(index -> index >= model.vocabularySize())
                .findFirst()
                .ifPresent(index -> {
                    throw new IllegalArgumentException("a token index = " + index + ", permitted [0, "
                            + (model.vocabularySize() - 1) + "], the vocabulary");
                });
    }
}
