package dev.llmmem.workload;

import java.util.ArrayList;
import java.util.List;

/** A choice of trained parameters in JSON. */
final class TrainedJson {

    private TrainedJson() {}

    static void write(JsonWriter json, Trained trained) {
        if (trained instanceof Trained.LastLayers last) {
            json.field("kind", "lastLayers")
                    .field("count", last.count())
                    .field("embeddings", last.embeddings())
                    .field("finalNorm", last.finalNorm())
                    .field("head", last.head());
        } else if (trained instanceof Trained.Named named) {
            json.field("kind", "named").strings("names", named.names());
        } else if (trained instanceof Trained.AllBut but) {
            json.field("kind", "allBut").object("frozen", () -> write(json, but.frozen()));
        } else if (trained instanceof Trained.Biases) {
            json.field("kind", "biases");
        } else {
            throw new IllegalStateException("trained " + trained + " has no JSON");
        }
    }

    static Trained read(JsonObject json) {
        return switch (json.kind("biases", "lastLayers", "named", "allBut")) {
            case "biases" -> new Trained.Biases();
            case "lastLayers" ->
                new Trained.LastLayers(
                        json.integer("count", 0, "layers"),
                        json.get("embeddings").bool(),
                        json.get("finalNorm").bool(),
                        json.get("head").bool());
            case "named" -> {
                List<String> names = new ArrayList<>();
                for (JsonValue name : json.get("names").array()) {
                    names.add(name.string());
                }
                yield new Trained.Named(names);
            }
            default -> new Trained.AllBut(json.get("frozen").object().as(TrainedJson::read));
        };
    }
}
