package dev.llmmem.bench.jmh;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.model.Parameter;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.Comparator;
import java.util.List;

/** The jobs that benchmarks estimate: 4 rows of 2048 tokens in bf16, or as many as the model has positions for. */
final class Jobs {

    private static final int GENERATED = 256;

    private Jobs() {}

    /** The largest bundled model of a type, or what the type's configuration is where nothing is said. */
    static ModelSpec largest(String modelType) {
        return Models.ids().stream()
                .map(Models::get)
                .filter(model -> model.modelType().equals(modelType))
                .max(Comparator.comparingLong(ModelSpec::parameterCount))
                .orElseGet(() -> HuggingFace.read("{\"model_type\": \"" + modelType + "\"}"));
    }

    /** A job by the name of its strategy: {@code lora}, {@code full} or {@code inference}. */
    static Workload of(ModelSpec model, String strategy) {
        Strategy chosen = switch (strategy) {
            case "lora" -> Strategy.lora(16).targeting(attention(model));
            case "full" -> Strategy.fullFineTuning();
            case "inference" -> Strategy.inference(GENERATED);
            default ->
                throw new IllegalArgumentException("strategy is " + strategy + ", but must be lora, full or inference");
        };
        return Workload.builder()
                .model(model.withoutTowers())
                .strategy(chosen)
                .batch(4)
                .sequence(Math.min(2048, model.maxPositions() - GENERATED))
                .build();
    }

    /** All linear layers of the attention. */
    private static Targets attention(ModelSpec model) {
        List<String> names = model.layers().stream()
                .map(Layer::parameters)
                .flatMap(List::stream)
                .filter(Parameter::isLinear)
                .map(Parameter::module)
                .filter(module -> module.contains("attn") || module.contains("attention"))
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .toList();
        return new Targets.Named(names);
    }
}
