package dev.llmmem.workload;

/** Strategies with networks of their own in JSON. */
final class AdapterJson {

    private AdapterJson() {}

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
