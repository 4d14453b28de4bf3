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

    static Experts read(Config config, int count, int perToken, int width, int sharedWidth) {
        Config spelled = config.spelling("experts", "num_local_experts", "num_experts", "n_routed_experts")
                .spelling("visited", "num_experts_per_tok", "experts_per_token");
        int experts = spelled.count(Range.EXPERTS, count, "experts");
        int visited = spelled.count(Range.EXPERTS, Math.min(perToken, experts), "visited");
        spelled.require(visited <= experts, "visited", visited, "at most the " + experts + " experts");
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
        return new FeedForward.Experts(count, perToken, width, sharedWidth, Activations.silu(config), routing);
    }
}
