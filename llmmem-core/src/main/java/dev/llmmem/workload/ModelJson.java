package dev.llmmem.workload;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

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

    private static void layer(JsonWriter json, Layer layer) {
        json.object("attention", () -> attention(json, layer.attention()))
                .object("feedForward", () -> feedForward(json, layer.feedForward()))
                .objects("parameters", layer.parameters(), parameter -> parameter(json, parameter));
    }

    private static Layer layer(JsonObject json) {
        return new Layer(
                json.get("attention").object().as(ModelJson::attention),
                json.get("feedForward").object().as(ModelJson::feedForward),
                json.list("parameters", ModelJson::parameter));
    }

    private static void attention(JsonWriter json, Attention attention) {
        if (attention instanceof Attention.Grouped grouped) {
            json.field("kind", "grouped")
                    .field("heads", grouped.heads())
                    .field("keyValueHeads", grouped.keyValueHeads())
                    .field("headSize", grouped.headSize())
                    .field("rotarySize", grouped.rotarySize());
            grouped.window().ifPresent(window -> json.field("window", window));
        } else if (attention instanceof Attention.Latent latent) {
            json.field("kind", "latent").field("heads", latent.heads());
            latent.queryRank().ifPresent(rank -> json.field("queryRank", rank));
            json.field("keyValueRank", latent.keyValueRank())
                    .field("plainSize", latent.plainSize())
                    .field("rotarySize", latent.rotarySize())
                    .field("valueSize", latent.valueSize());
        } else {
            throw new IllegalStateException("attention " + attention + " has no JSON");
        }
    }

    private static Attention attention(JsonObject json) {
        return switch (json.kind("grouped", "latent")) {
            case "grouped" ->
                new Attention.Grouped(
                        json.integer("heads", 1, "heads"),
                        json.integer("keyValueHeads", 1, "heads"),
                        json.integer("headSize", 1, ELEMENTS),
                        json.integer("rotarySize", 0, ELEMENTS),
                        optional(json, "window", "tokens"));
            default ->
                new Attention.Latent(
                        json.integer("heads", 1, "heads"),
                        optional(json, "queryRank", ELEMENTS),
                        json.integer("keyValueRank", 1, ELEMENTS),
                        json.integer("plainSize", 1, ELEMENTS),
                        json.integer("rotarySize", 1, ELEMENTS),
                        json.integer("valueSize", 1, ELEMENTS));
        };
    }

    private static OptionalInt optional(JsonObject json, String name, String unit) {
        return json.has(name) ? OptionalInt.of(json.integer(name, 1, unit)) : OptionalInt.empty();
    }

    private static void feedForward(JsonWriter json, FeedForward feedForward) {
        if (feedForward instanceof FeedForward.Dense dense) {
            json.field("kind", "dense").field("width", dense.width()).field("gated", dense.gated());
        } else if (feedForward instanceof FeedForward.Experts experts) {
            json.field("kind", "experts")
                    .field("experts", experts.experts())
                    .field("perToken", experts.perToken())
                    .field("width", experts.width())
                    .field("sharedWidth", experts.sharedWidth())
                    .field("normalized", experts.routing().normalized())
                    .field("groups", experts.routing().groups())
                    .field("visitedGroups", experts.routing().visitedGroups());
        } else {
            throw new IllegalStateException("feed-forward " + feedForward + " has no JSON");
        }
        json.field("activation", feedForward.activation());
    }

    private static FeedForward feedForward(JsonObject json) {
        return switch (json.kind("dense", "experts")) {
            case "dense" ->
                new FeedForward.Dense(
                        json.integer("width", 1, ELEMENTS), json.get("gated").bool(), activation(json));
            default ->
                new FeedForward.Experts(
                        json.integer("experts", 1, "experts"),
                        json.integer("perToken", 1, "experts"),
                        json.integer("width", 1, ELEMENTS),
                        json.integer("sharedWidth", 0, ELEMENTS),
                        activation(json),
                        new FeedForward.Routing(
                                json.get("normalized").bool(),
                                json.integer("groups", 0, "groups"),
                                json.integer("visitedGroups", 0, "groups")));
        };
    }

    private static Activation activation(JsonObject json) {
        return json.get("activation").constant(Activation.class);
    }
}
