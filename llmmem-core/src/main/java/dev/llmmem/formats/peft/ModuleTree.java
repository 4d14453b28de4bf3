package dev.llmmem.formats.peft;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The modules of a model one by one, as {@code named_modules} of the transformers model gives those that hold parameters: what
 * stands before the layers, the layers, what stands after. A head that shares the matrix of the token embeddings is one of them.
 */
final class ModuleTree {

    static final String HEAD = "lm_head";
    private static final Set<String> HEADS = Set.of(HEAD, "embed_out", "head");

    private final ModelSpec model;

    ModuleTree(ModelSpec model) {
        this.model = model;
    }

    ModelSpec model() {
        return model;
    }

    static boolean isHead(BaseModule module) {
        return module.layer() < 0
                && module.isLinear()
                && HEADS.contains(module.folded().substring(module.folded().lastIndexOf('.') + 1));
    }

    void forEach(Consumer<BaseModule> consumer) {
        List<BaseModule> outer = modules(model.outerParameters(), -1);
        outer.stream().filter(ModuleTree::isEmbedding).forEach(consumer);
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            modules(layers.get(i).parameters(), i).forEach(consumer);
        }
        outer.stream().filter(module -> !isEmbedding(module)).forEach(consumer);
        if (model.tiedHead()) {
            long width = tokens().main().shape().get(1);
            Parameter weight = new Parameter(
                    HEAD + ".weight", List.of(tokens().main().shape().get(0), width), Parameter.Kind.LINEAR);
            consumer.accept(new BaseModule(HEAD, HEAD, -1, List.of(weight), true));
        }
    }

    /** The modules that hold modules, by name; of the layers, those of the one with the index, or of all that stands outside. */
    Set<String> containers(int layer) {
        Set<String> containers = new LinkedHashSet<>();
        List<Parameter> parameters =
                layer < 0 ? model.outerParameters() : model.layers().get(layer).parameters();
        Set<String> modules = new LinkedHashSet<>();
        modules(parameters, layer).forEach(module -> modules.add(module.name()));
        for (String module : modules) {
            for (int dot = module.lastIndexOf('.'); dot > 0; dot = module.lastIndexOf('.', dot - 1)) {
                containers.add(module.substring(0, dot));
            }
        }
        return containers;
    }

    /** The names of all modules. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = -1; i < model.layers().size(); i++) {
            names.addAll(containers(i));
        }
        forEach(module -> names.add(module.name()));
        return names;
    }

    /** The embeddings of the tokens, {@code get_input_embeddings}. */
    BaseModule tokens() {
        return modules(model.outerParameters(), -1).stream()
                .filter(module -> module.kind() == Parameter.Kind.EMBEDDING
                        && module.main().shape().size() == 2
                        && module.main().shape().get(0) == model.vocabularySize())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has no embeddings of tokens"));
    }

    private static boolean isEmbedding(BaseModule module) {
        return module.kind() == Parameter.Kind.EMBEDDING;
    }

    private static List<BaseModule> modules(List<Parameter> parameters, int layer) {
        Map<String, List<Parameter>> byModule = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            byModule.computeIfAbsent(parameter.module(), key -> new ArrayList<>())
                    .add(parameter);
        }
        List<BaseModule> modules = new ArrayList<>();
        byModule.forEach((folded, held) -> modules.add(new BaseModule(
                layer < 0 ? folded : folded.replace("{i}", Integer.toString(layer)), folded, layer, held, false)));
        return modules;
    }
}
