package dev.llmmem.model.architecture;

import dev.llmmem.model.FeedForward;

/**
 * The experts of a layer.
 *
 * @param count how many are routed
 * @param perToken how many of them a token visits
 * @param width the inner width of one
 * @param sharedWidth the inner width of what every token visits besides
 * @param routing how they are chosen
 */
record Experts(int count, int perToken, int width, int sharedWidth, FeedForward.Routing routing) {

    private static final String COUNT = "experts";

    /** What a configuration calls the number of experts; where a file has several of the names, the first counts. */
    static Config counted(Config config, String... names) {
        return config.spelling(COUNT, names);
    }

    /** Reads them from a configuration that knows what it calls {@code "experts"}. */
    static Experts read(Config config, int count, int perToken, int width, int sharedWidth) {
        int experts = config.count(Range.EXPERTS, count, COUNT);
        int visited = config.count(Range.EXPERTS, Math.min(perToken, experts), "num_experts_per_tok");
        config.require(visited <= experts, "num_experts_per_tok", visited, "at most the " + experts + " experts");
        return new Experts(experts, visited, width, sharedWidth, FeedForward.Routing.ungrouped(true));
    }

    /** The same, with weights that are made to sum to one only where the configuration says so. */
    Experts normalizedIfAsked(Config config, boolean byDefault) {
        return routed(FeedForward.Routing.ungrouped(config.flag(byDefault, "norm_topk_prob")));
    }

    Experts routed(FeedForward.Routing how) {
        return new Experts(count, perToken, width, sharedWidth, how);
    }

    FeedForward feedForward(Config config) {
        return new FeedForward.Experts(count, perToken, width, sharedWidth, true, Activations.silu(config), routing);
    }
}
