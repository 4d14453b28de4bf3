package dev.llmmem.model;

import java.util.OptionalInt;

/**
 * How a layer mixes tokens. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>All kinds are immutable.
 */
public sealed interface Attention {

    /**
     * The number of query heads.
     *
     * @return at least 1
     */
    int heads();

    /**
     * The elements that the key-value cache holds per token of this layer.
     *
     * @return at least 1
     */
    long cacheElementsPerToken();

    /**
     * How many of the latest tokens a query may see.
     *
     * @return the width of the sliding window in tokens, or empty where every earlier token is seen
     */
    OptionalInt window();

    /**
     * Multi-head, grouped or multi-query attention (arXiv 1706.03762, 2305.13245, 1911.02150): keys and values have
     * one head per group of query heads.
     *
     * @param heads the number of query heads, at least 1
     * @param keyValueHeads the number of key and value heads; divides {@code heads}
     * @param headSize the width of one head
     * @param rotarySize how many elements of each head are rotated by position (arXiv 2104.09864); 0 for none
     * @param window the width of the sliding window in tokens, or empty
     */
    record Grouped(int heads, int keyValueHeads, int headSize, int rotarySize, OptionalInt window)
            implements Attention {

        /**
         * Checks the shape.
         *
         * @param heads the number of query heads
         * @param keyValueHeads the number of key and value heads
         * @param headSize the width of one head
         * @param rotarySize how many elements of each head are rotated
         * @param window the width of the sliding window in tokens
         * @throws IllegalArgumentException if a number is out of range or the heads do not divide
         */
        public Grouped {
            require(heads >= 1, "heads", heads, "at least 1");
            require(
                    keyValueHeads >= 1 && heads % keyValueHeads == 0,
                    "keyValueHeads",
                    keyValueHeads,
                    "a divisor of heads = " + heads);
            require(headSize >= 1, "headSize", headSize, "at least 1");
            require(rotarySize >= 0 && rotarySize <= headSize, "rotarySize", rotarySize, "0 to headSize = " + headSize);
            require(window.isEmpty() || window.getAsInt() >= 1, "window", window, "at least 1 token");
        }

        @Override
        public long cacheElementsPerToken() {
            return 2L * keyValueHeads * headSize;
        }

        /**
         * How many query heads share one key and value head.
         *
         * @return 1 for multi-head attention
         */
        public int groups() {
            return heads / keyValueHeads;
        }
    }

    /**
     * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values are projected from one latent vector
     * per token.
     *
     * @param heads the number of heads, at least 1
     * @param queryRank the width of the query's latent vector, or empty where queries are projected directly
     * @param keyValueRank the width of the latent vector of keys and values
     * @param plainSize the elements of a query or key head without position ("nope")
     * @param rotarySize the elements of a query or key head with position ("rope")
     * @param valueSize the width of a value head
     */
    record Latent(int heads, OptionalInt queryRank, int keyValueRank, int plainSize, int rotarySize, int valueSize)
            implements Attention {

        /**
         * Checks the shape.
         *
         * @param heads the number of heads
         * @param queryRank the width of the query's latent vector
         * @param keyValueRank the width of the latent vector of keys and values
         * @param plainSize the elements without position
         * @param rotarySize the elements with position
         * @param valueSize the width of a value head
         * @throws IllegalArgumentException if a number is out of range
         */
        public Latent {
            require(heads >= 1, "heads", heads, "at least 1");
            require(queryRank.isEmpty() || queryRank.getAsInt() >= 1, "queryRank", queryRank, "at least 1");
            require(keyValueRank >= 1, "keyValueRank", keyValueRank, "at least 1");
            require(plainSize >= 1, "plainSize", plainSize, "at least 1");
            require(rotarySize >= 1, "rotarySize", rotarySize, "at least 1");
            require(valueSize >= 1, "valueSize", valueSize, "at least 1");
        }

        @Override
        public long cacheElementsPerToken() {
            return (long) keyValueRank + rotarySize;
        }

        @Override
        public OptionalInt window() {
            return OptionalInt.empty();
        }

        /**
         * The width of a query or key head: its part without position and its part with.
         *
         * @return plainSize + rotarySize
         */
        public int headSize() {
            return plainSize + rotarySize;
        }
    }

    private static void require(boolean holds, String name, Object value, String permitted) {
        if (!holds) {
            throw new IllegalArgumentException("attention " + name + " is " + value + ", but must be " + permitted);
        }
    }
}
