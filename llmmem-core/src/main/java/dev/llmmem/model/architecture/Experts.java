package dev.llmmem.model.architecture;

import dev.llmmem.model.FeedForward;

/**
 * The experts of a layer.
 *
 * @param count how many are routed
 * @param perToken how many of them a token visits
 * @param width the inner width of one
 * @param sharedWidth the inner width of what every token visits besides
 */
record Experts(int count, int perToken, int width, int sharedWidth) {

    static Experts read(Config config, int count, int perToken, int width, int sharedWidth) {
        Config spelled = config.spelling("experts", "num_local_experts", "num_experts", "n_routed_experts")
                .spelling("visited", "num_experts_per_tok", "experts_per_token");
        int experts = spelled.count(Range.EXPERTS, count, "experts");
        int visited = spelled.count(Range.EXPERTS, Math.min(perToken, experts), "visited");
        spelled.require(visited <= experts, "visited", visited, "at most the " + experts + " experts");
        return new Experts(experts, visited, width, sharedWidth);
    }

    FeedForward feedForward(Config config) {
        return new FeedForward.Experts(count, perToken, width, sharedWidth, Activations.silu(config));
    }
}
