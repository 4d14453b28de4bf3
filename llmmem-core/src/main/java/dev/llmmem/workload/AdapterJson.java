package dev.llmmem.workload;

import dev.llmmem.model.Activation;

/** Strategies with networks of their own in JSON. */
final class AdapterJson {

    private AdapterJson() {}

    static void write(JsonWriter json, Strategy.Bottleneck bottleneck) {
        json.field("kind", "bottleneck")
                .field("size", bottleneck.size())
                .field("nonLinearity", bottleneck.nonLinearity())
                .field("dropout", bottleneck.dropout())
                .object("placement", () -> write(json, bottleneck.placement()));
    }

    private static void write(JsonWriter json, Placement placement) {
        boolean series = placement instanceof Placement.Series;
        json.field("kind", series ? "series" : "parallel")
                .object("targets", () -> WorkloadJson.targets(json, placement.targets()));
        if (placement instanceof Placement.Series chain) {
            json.object("onOutput", () -> WorkloadJson.targets(json, chain.onOutput()));
        }
    }

    static Strategy bottleneck(JsonObject json) {
        return new Strategy.Bottleneck(
                json.integer("size", 1, "elements"),
                json.get("nonLinearity").constant(Activation.class),
                json.get("dropout").number(),
                json.get("placement").object().as(AdapterJson::placement));
    }

    private static Placement placement(JsonObject json) {
        boolean series = json.kind("series", "parallel").equals("series");
        Targets targets = json.get("targets").object().as(WorkloadJson::targets);
        return series
                ? new Placement.Series(targets, json.get("onOutput").object().as(WorkloadJson::targets))
                : new Placement.Parallel(targets);
    }

    static void write(JsonWriter json, Strategy.PTuning tuning) {
        json.field("kind", "pTuning")
                .field("virtualTokens", tuning.virtualTokens())
                .object("encoder", () -> write(json, tuning.encoder()));
    }

    private static void write(JsonWriter json, PromptEncoder encoder) {
        if (encoder instanceof PromptEncoder.Lstm lstm) {
            json.field("kind", "lstm").field("hiddenSize", lstm.hiddenSize()).field("layers", lstm.layers());
        } else {
            json.field("kind", "mlp").field("hiddenSize", encoder.hiddenSize());
        }
    }

    static Strategy pTuning(JsonObject json) {
        return new Strategy.PTuning(
                json.integer("virtualTokens", 1, "tokens"),
                json.get("encoder").object().as(AdapterJson::encoder));
    }

    private static PromptEncoder encoder(JsonObject json) {
        int hiddenSize = json.integer("hiddenSize", 1, "elements");
        return json.kind("mlp", "lstm").equals("lstm")
                ? new PromptEncoder.Lstm(hiddenSize, json.integer("layers", 1, "layers"))
                : new PromptEncoder.Mlp(hiddenSize);
    }
}
