package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One way through the modules of a model: peft 0.21.0, {@code peft/tuners/tuners_utils.py}, {@code inject_adapter}, {@code
 * _inject_parameters} and {@code _mark_only_adapters_as_trainable}.
 */
final class Walk {

    private static final Set<String> EMBEDDINGS = Set.of("embed_tokens", "lm_head");

    private static final int MOST_SHOWN = 20;

    private final Recipe recipe;
    private final ModuleTree tree;
    private final Selection selection;
    private final NameRule parameters;
    private final Inventory out;
    private boolean any;
    private boolean storesEmbeddings;
    private @Nullable BaseModule tokens;

    Walk(Recipe recipe, ModelSpec model, Selection selection, Inventory out) {
        this.recipe = recipe;
        this.tree = new ModuleTree(model);
        this.selection = selection;
        this.parameters = NameRule.named(recipe.parameters());
        this.out = out;
    }

    void run(Method.PerModule method) {
        Method.Run run = method.start().apply(tree.model());
        if (!method.skipping()) {
            requireNoContainers();
        }
        storesEmbeddings = choosesEmbeddings();
        tokens = tree.tokens();
        tree.forEach(module -> visit(module, method, run));
        if (!any) {
            throw new IllegalArgumentException("target_modules = "
                    + selection.targets() + ", permitted what chooses a module of the model, which has "
                    + lastParts());
        }
        run.finish(out);
    }

    /** Adds nothing but the modules that are saved whole. */
    void saveOnly() {
        tree.forEach(module -> {
            if (isSaved(module)) {
                save(module);
            }
        });
    }

    private void visit(BaseModule module, Method.PerModule method, Method.Run run) {
        boolean saved = isSaved(module);
        boolean targeted = selection.chooses(module, out.steps());
        boolean fits = method.kinds().contains(module.kind());
        if (targeted && saved) {
            throw new IllegalArgumentException(
                    "modules_to_save has the end of " + module.name() + ", permitted modules that are not adapted");
        }
        if (targeted && !fits && !method.skipping()) {
            throw new IllegalArgumentException(
                    "target_modules has " + module.name() + ", permitted modules of the kinds "
                            + method.kinds().stream().sorted().toList());
        }
        boolean adapted = targeted && fits;
        any |= targeted;
        if (adapted) {
            run.adapt(module, out);
            if (storesEmbeddings && (ModuleTree.isHead(module) || module.equals(tokens))) {
                module.parameters().stream()
                        .filter(parameter -> !trains(parameter, true))
                        .forEach(parameter -> out.storeBase(module, parameter));
            }
        }
        if (!recipe.parameters().isEmpty()) {
            adaptParameters(module, adapted);
        }
        if (saved) {
            save(module);
        } else {
            bias(module, adapted);
        }
    }

    /**
     * Whether embeddings or a head are adapted by these names, so that PEFT stores their weights too: {@code
     * peft/utils/save_and_load.py}, {@code embedding_is_targeted}.
     */
    private boolean choosesEmbeddings() {
        NameRule rule = selection.targets();
        if (!recipe.tokens().isEmpty() || rule.isAllLinear()) {
            return false;
        }
        if (rule.isList()) {
            return EMBEDDINGS.stream().anyMatch(rule::holds);
        }
        List<String> found = new ArrayList<>();
        tree.forEach(module -> {
            String last = module.name().substring(module.name().lastIndexOf('.') + 1);
            if (EMBEDDINGS.contains(last) && rule.chooses(module.name(), out.steps())) {
                found.add(last);
            }
        });
        return !found.isEmpty();
    }

    private void adaptParameters(BaseModule module, boolean adapted) {
        List<Parameter> chosen = module.parameters().stream()
                .filter(parameter -> parameters.chooses(module.name() + BaseModule.ending(parameter), out.steps()))
                .toList();
        if (chosen.isEmpty() || recipe.lora() == null) {
            return;
        }
        if (adapted || isSaved(module)) {
            throw new IllegalArgumentException("target_parameters has those of " + module.name()
                    + ", permitted modules that are not adapted or saved");
        }
        any = true;
        recipe.lora().adaptParameters(module, chosen, tree.model().modelType(), out);
    }

    private void requireNoContainers() {
        int layers = tree.model().layers().size();
        for (int i = -1; i < layers; i++) {
            for (String container : tree.containers(i)) {
                if (selection.choosesName(container, out.steps())) {
                    throw new IllegalArgumentException(
                            "target_modules has " + container + ", permitted modules that hold parameters themselves");
                }
            }
        }
    }

    /** Whether a module, or one that holds it, is saved whole. */
    private boolean isSaved(BaseModule module) {
        if (!selection.savesAny()) {
            return false;
        }
        int times = selection.saves(module.name()) ? 1 : 0;
        String name = module.name();
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            times += selection.saves(name.substring(0, dot)) ? 1 : 0;
        }
        if (times > 1) {
            throw new IllegalArgumentException(
                    "modules_to_save has " + name + " and what holds it, permitted one of them");
        }
        return times == 1;
    }

    private void save(BaseModule module) {
        for (Parameter parameter : module.parameters()) {
            out.addUnwidened(module, BaseModule.ending(parameter).substring(1), parameter.shape());
        }
    }

    private void bias(BaseModule module, boolean adapted) {
        module.bias()
                .filter(bias -> trains(bias, adapted))
                .ifPresent(bias -> out.addUnwidened(module, adapted ? "base_layer.bias" : "bias", bias.shape()));
    }

    private boolean trains(Parameter parameter, boolean adapted) {
        return parameter.name().endsWith(".bias")
                && (recipe.bias() == Recipe.Bias.ALL || (recipe.bias() == Recipe.Bias.OF_TARGETS && adapted));
    }

    /** Some of the names that could have been chosen. */
    private String lastParts() {
        Set<String> parts = new LinkedHashSet<>();
        tree.forEach(module -> parts.add(module.name().substring(module.name().lastIndexOf('.') + 1)));
        return parts.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                + (parts.size() > MOST_SHOWN ? ", ..." : "");
    }
}
