package dev.llmmem.workload;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;

/** How a layer transforms tokens, in JSON. */
final class FeedForwardJson {

    private static final String ELEMENTS = "elements";

    private FeedForwardJson() {}

    static void write(JsonWriter json, FeedForward feedForward) {
        if (feedForward instanceof FeedForward.Absent) {
            json.field("kind", "absent");
            return;
        }
        if (feedForward instanceof FeedForward.Dense dense) {
            json.field("kind", "dense").field("width", dense.width()).field("gated", dense.gated());
        } else if (feedForward instanceof FeedForward.Experts experts) {
            json.field("kind", "experts")
                    .field("experts", experts.experts())
                    .field("perToken", experts.perToken())
                    .field("width", experts.width())
                    .field("sharedWidth", experts.sharedWidth())
                    .field("gated", experts.gated())
                    .field("normalized", experts.routing().normalized())
                    .field("groups", experts.routing().groups())
                    .field("visitedGroups", experts.routing().visitedGroups());
        } else {
            throw new IllegalStateException("feed-forward " + feedForward + " has no JSON");
        }
        json.field("activation", feedForward.activation());
    }

    static FeedForward read(JsonObject json) {
        return switch (json.kind("dense", "experts", "absent")) {
            case "dense" ->
                new FeedForward.Dense(
                        json.integer("width", 1, ELEMENTS), json.get("gated").bool(), activation(json));
            case "experts" ->
                new FeedForward.Experts(
                        json.integer("experts", 1, "experts"),
                        json.integer("perToken", 1, "experts"),
                        json.integer("width", 1, ELEMENTS),
                        json.integer("sharedWidth", 0, ELEMENTS),
                        json.get("gated").bool(),
                        activation(json),
                        new FeedForward.Routing(
                                json.get("normalized").bool(),
                                json.integer("groups", 0, "groups"),
                                json.integer("visitedGroups", 0, "groups")));
            default -> new FeedForward.Absent();
        };
    }

    private static Activation activation(JsonObject json) {
        return json.get("activation").constant(Activation.class);
    }
}
