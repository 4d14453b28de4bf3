package dev.llmmem.formats.comparison;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.StoredExtra;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How a checkpoint begins the names of a model: frameworks save the same model with or without the name of its inner module, and as a
 * part of one that reads images too.
 */
final class Naming {

    private static final String HEAD = "lm_head.weight";

    private static final List<UnaryOperator<String>> WAYS = List.of(
            UnaryOperator.identity(),
            Naming::withoutFirst,
            name -> "language_model." + name,
            name -> name.startsWith("model.") ? "model.language_model." + name.substring(6) : name,
            name -> "model." + name);

    private Naming() {}

    /** Heads that files name otherwise than the classes of transformers 5 do ({@code conversion_mapping.py}). */
    private static final Map<String, String> HEADS = Map.of("gpt_neox", "embed_out.weight");

    /** The model with the names of the way by which most tensors around and in the first layer are found. */
    static ModelSpec asStored(ModelSpec given, Set<String> stored) {
        String head = HEADS.getOrDefault(given.modelType(), HEAD);
        ModelSpec model = head.equals(HEAD) || !stored.contains(head)
                ? given
                : renamed(given, name -> name.equals(HEAD) ? head : name);
        UnaryOperator<String> best = WAYS.get(0);
        long most = found(model, best, stored);
        for (UnaryOperator<String> way : WAYS.subList(1, WAYS.size())) {
            long number = found(model, way, stored);
            if (number > most) {
                best = way;
                most = number;
            }
        }
        return best.equals(WAYS.get(0)) ? model : renamed(model, best);
    }

    private static long found(ModelSpec model, UnaryOperator<String> way, Set<String> stored) {
        List<Parameter> some = new ArrayList<>(model.outerParameters());
        some.addAll(model.layers().get(0).parameters());
        return some.stream()
                .filter(parameter -> stored.contains(way.apply(parameter.name()).replace("{i}", "0")))
                .count();
    }

    private static ModelSpec renamed(ModelSpec model, UnaryOperator<String> way) {
        Map<Layer, Layer> known = new HashMap<>();
        List<Layer> layers = model.layers().stream()
                .map(layer -> known.computeIfAbsent(
                        layer, l -> new Layer(l.attention(), l.feedForward(), renamed(l.parameters(), way))))
                .toList();
        List<StoredExtra> extras = model.storedExtras().stream()
                .map(extra -> new StoredExtra(way.apply(extra.name()), extra.elements(), extra.cause()))
                .toList();
        return model.toBuilder()
                .layers(layers)
                .outerParameters(renamed(model.outerParameters(), way))
                .storedExtras(extras)
                .build();
    }

    private static List<Parameter> renamed(List<Parameter> parameters, UnaryOperator<String> way) {
        return parameters.stream()
                .map(parameter -> new Parameter(way.apply(parameter.name()), parameter.shape(), parameter.kind()))
                .toList();
    }

    private static String withoutFirst(String name) {
        int dot = name.indexOf('.');
        // What is left of lm_head.weight would be no name.
        return dot < 0 || name.indexOf('.', dot + 1) < 0 ? name : name.substring(dot + 1);
    }
}
