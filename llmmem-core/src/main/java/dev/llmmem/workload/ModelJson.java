package dev.llmmem.workload;

import dev.llmmem.model.Dropout;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.Tower;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model in JSON: its facts, each distinct layer once, and the order of the layers as runs of equal ones. */
final class ModelJson {

    private static final String ELEMENTS = "elements";

    private ModelJson() {}

    static void write(JsonWriter json, ModelSpec model) {
        json.field("name", model.name())
                .field("type", model.modelType())
                .field("hiddenSize", model.hiddenSize())
                .field("vocabularySize", model.vocabularySize())
                .field("maxPositions", model.maxPositions())
                .field("tiedHead", model.tiedHead())
                .field("parallelBlocks", model.parallelBlocks())
                .object(
                        "dropout",
                        () -> json.field("embedding", model.dropout().embedding())
                                .field("attention", model.dropout().attention())
                                .field("residual", model.dropout().residual()));
        model.storedType().ifPresent(type -> json.field("storedType", type));
        json.objects("outerParameters", model.outerParameters(), parameter -> parameter(json, parameter));
        if (!model.towers().isEmpty()) {
            json.objects("towers", model.towers(), tower -> tower(json, tower));
        }
        if (!model.storedExtras().isEmpty()) {
            json.objects(
                    "storedExtras",
                    model.storedExtras(),
                    extra -> json.field("name", extra.name())
                            .field(ELEMENTS, extra.elements())
                            .field("cause", extra.cause()));
        }
        List<Layer> distinct = model.layers().stream().distinct().toList();
        json.objects("layers", distinct, layer -> layer(json, layer))
                .objects(
                        "order",
                        runs(model.layers()),
                        run -> json.field("layer", run.layer()).field("count", run.count()));
    }

    static ModelSpec read(JsonObject json) {
        ModelSpec.Builder model = ModelSpec.builder(json.get("type").string())
                .name(json.get("name").string())
                .hiddenSize(json.integer("hiddenSize", 1, ELEMENTS))
                .vocabularySize(json.integer("vocabularySize", 1, "rows"))
                .maxPositions(json.integer("maxPositions", 1, "tokens"))
                .tiedHead(json.get("tiedHead").bool())
                .parallelBlocks(
                        json.has("parallelBlocks") && json.get("parallelBlocks").bool())
                .dropout(json.get("dropout").object().as(ModelJson::dropout))
                .outerParameters(json.list("outerParameters", ModelJson::parameter));
        if (json.has("storedType")) {
            model = model.storedType(json.get("storedType").constant(DType.class));
        }
        if (json.has("towers")) {
            model = model.towers(json.list("towers", ModelJson::tower));
        }
        if (json.has("storedExtras")) {
            model = model.storedExtras(json.list(
                    "storedExtras",
                    extra -> new StoredExtra(
                            extra.get("name").string(),
                            extra.get(ELEMENTS).integer(1, Long.MAX_VALUE, ELEMENTS),
                            extra.get("cause").constant(StoredExtra.Cause.class))));
        }
        List<Layer> distinct = json.list("layers", ModelJson::layer);
        return model.layers(order(json, distinct)).build();
    }

    /** Equal layers in a row: which of the distinct ones, and how many. */
    private record Run(int layer, int count) {}

    /** Layers are numbered as they first come, which is their order among the distinct ones. */
    private static List<Run> runs(List<Layer> layers) {
        Map<Layer, Integer> indexes = new HashMap<>();
        List<Run> runs = new ArrayList<>();
        for (Layer layer : layers) {
            int index = indexes.computeIfAbsent(layer, first -> indexes.size());
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).layer() == index) {
                runs.set(last, new Run(index, runs.get(last).count() + 1));
            } else {
                runs.add(new Run(index, 1));
            }
        }
        return runs;
    }

    private static List<Layer> order(JsonObject json, List<Layer> distinct) {
        if (distinct.isEmpty()) {
            throw json.get("layers").refused("must hold at least 1 layer");
        }
        List<Layer> layers = new ArrayList<>();
        long tensors = 0;
        for (JsonValue value : json.get("order").array()) {
            Run run = value.object()
                    .as(o -> new Run(
                            o.integer("layer", 0, distinct.size() - 1, "in layers"),
                            o.integer("count", 1, WorkloadCheck.MOST_LAYERS, "layers")));
            Layer layer = distinct.get(run.layer());
            tensors += (long) run.count() * layer.parameters().size();
            if (layers.size() + run.count() > WorkloadCheck.MOST_LAYERS || tensors > WorkloadCheck.MOST_TENSORS) {
                throw value.refused("must lead to at most " + WorkloadCheck.MOST_LAYERS + " layers and "
                        + WorkloadCheck.MOST_TENSORS + " tensors");
            }
            layers.addAll(Collections.nCopies(run.count(), layer));
        }
        return layers;
    }

    private static Dropout dropout(JsonObject json) {
        return new Dropout(
                json.get("embedding").number(),
                json.get("attention").number(),
                json.get("residual").number());
    }

    private static void parameter(JsonWriter json, Parameter parameter) {
        json.field("name", parameter.name()).field("kind", parameter.kind()).numbers("shape", parameter.shape());
    }

    private static Parameter parameter(JsonObject json) {
        List<Long> shape = new ArrayList<>();
        for (JsonValue dimension : json.get("shape").array()) {
            shape.add(dimension.integer(1, Long.MAX_VALUE, ELEMENTS));
        }
        return new Parameter(json.get("name").string(), shape, json.get("kind").constant(Parameter.Kind.class));
    }

    private static void tower(JsonWriter json, Tower tower) {
        json.field("name", tower.name()).objects("parts", tower.parts(), part -> {
            parameter(json, part.parameter());
            json.field("count", part.count());
        });
    }

    private static Tower tower(JsonObject json) {
        return new Tower(
                json.get("name").string(),
                json.list("parts", part -> new Tower.Part(parameter(part), part.integer("count", 1, "tensors"))));
    }

    private static void layer(JsonWriter json, Layer layer) {
        json.object("attention", () -> AttentionJson.write(json, layer.attention()))
                .object("feedForward", () -> FeedForwardJson.write(json, layer.feedForward()))
                .objects("parameters", layer.parameters(), parameter -> parameter(json, parameter));
    }

    private static Layer layer(JsonObject json) {
        return new Layer(
                json.get("attention").object().as(AttentionJson::read),
                json.get("feedForward").object().as(FeedForwardJson::read),
                json.list("parameters", ModelJson::parameter));
    }
}
