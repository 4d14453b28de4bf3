package dev.llmmem.model;

/**
 * How a layer transforms each token. New kinds may come in minor versions, so keep a {@code default} branch in
 * switches.
 *
 * <p>All kinds are immutable.
 */
public sealed interface FeedForward {

    /**
     * The non-linear function.
     *
     * @return the function between the projections
     */
    Activation activation();

    /**
     * One network for all tokens.
     *
     * @param width the inner width, at least 1
     * @param gated whether the inner vector is the product of an activated gate and a second projection (arXiv
     *     2002.05202)
     * @param activation the function
     */
    record Dense(int width, boolean gated, Activation activation) implements FeedForward {
        /**
         * Checks the width.
         *
         * @param width the inner width
         * @param gated whether there is a gate
         * @param activation the function
         * @throws IllegalArgumentException if the width is below 1
         */
        public Dense {
            if (width < 1) {
                throw new IllegalArgumentException("feed-forward width is " + width + ", but must be at least 1");
            }
        }
    }

    /**
     * A mixture of experts: a router sends each token to a few of many networks (arXiv 2101.03961).
     *
     * @param experts the number of routed experts, at least 1
     * @param perToken how many of them each token visits, 1 to {@code experts}
     * @param width the inner width of one routed expert
     * @param sharedWidth the inner width of the network that every token visits besides; 0 for none
     * @param gated whether the networks are gated
     * @param activation the function
     * @param routing how a token's experts are chosen
     */
    record Experts(
            int experts,
            int perToken,
            int width,
            int sharedWidth,
            boolean gated,
            Activation activation,
            Routing routing)
            implements FeedForward {
        /**
         * Checks the shape.
         *
         * @param experts the number of routed experts
         * @param perToken how many each token visits
         * @param width the inner width of one
         * @param sharedWidth the inner width of the shared one
         * @param gated whether the networks are gated
         * @param activation the function
         * @param routing how a token's experts are chosen
         * @throws IllegalArgumentException if a number is out of range
         */
        public Experts {
            if (experts < 1 || perToken < 1 || perToken > experts) {
                throw new IllegalArgumentException("experts per token is " + perToken + " of " + experts
                        + ", but must be 1 to the number of experts");
            }
            if (width < 1 || sharedWidth < 0) {
                throw new IllegalArgumentException("expert width is " + width + " and shared width " + sharedWidth
                        + ", but they must be at least 1 and at least 0");
            }
        }
    }

    /** A layer that leaves each token as it is. */
    record Absent() implements FeedForward {

        @Override
        public Activation activation() {
            return Activation.IDENTITY;
        }
    }

    /**
     * How a router chooses.
     *
     * @param normalized whether the weights of the chosen experts are made to sum to one
     * @param groups how many groups of experts compete first (arXiv 2405.04434); 0 where experts compete alone
     * @param visitedGroups from how many groups a token's experts may come; 0 where there are none
     */
    record Routing(boolean normalized, int groups, int visitedGroups) {
        /**
         * Checks the groups.
         *
         * @param normalized whether weights are made to sum to one
         * @param groups how many groups there are
         * @param visitedGroups how many a token may visit
         * @throws IllegalArgumentException if the groups visited are not 1 to all, or 0 of 0
         */
        public Routing {
            if (groups < 0 || visitedGroups > groups || visitedGroups < Math.min(groups, 1)) {
                throw new IllegalArgumentException("groups of experts visited is " + visitedGroups + " of " + groups
                        + ", but must be 1 to the number of groups, or 0 of 0");
            }
        }

        /**
         * Experts that compete alone.
         *
         * @param normalized whether the weights of the chosen experts are made to sum to one
         * @return the routing
         */
        public static Routing ungrouped(boolean normalized) {
            return new Routing(normalized, 0, 0);
        }
    }
}
