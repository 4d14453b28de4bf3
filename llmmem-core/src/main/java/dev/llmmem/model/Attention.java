package dev.llmmem.model;

import java.util.Objects;
import java.util.Optional;
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
     * @return at least 1, or 0 where a layer mixes no tokens
     */
    int heads();

    /**
     * The elements that the key-value cache holds per token of this layer.
     *
     * @return 0 where nothing is kept per token
     */
    default long cacheElementsPerToken() {
        return 0;
    }

    /**
     * The elements by which the key-value cache grows per token of this layer once its window is full.
     *
     * @return the same as {@link #cacheElementsPerToken()} where there is no window, 0 where all is in the window
     */
    default long cacheElementsPerTokenBeyondWindow() {
        return window().isPresent() ? 0 : cacheElementsPerToken();
    }

    /**
     * The elements that a generation keeps per sequence, however long it is.
     *
     * @return 0 where nothing but the key-value cache is kept
     */
    default long stateElements() {
        return 0;
    }

    /**
     * The elements that the key-value cache holds per token of the other input: what an encoder read, or an image.
     *
     * @return 0 where a layer attends to nothing else
     */
    default long crossElementsPerToken() {
        return 0;
    }

    /**
     * How many of the latest tokens a query may see.
     *
     * @return the width of the sliding window in tokens, or empty where every earlier token is seen
     */
    default OptionalInt window() {
        return OptionalInt.empty();
    }

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
            requireGroups(heads, keyValueHeads);
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

        /**
         * The width of a query or key head: its part without position and its part with.
         *
         * @return plainSize + rotarySize
         */
        public int headSize() {
            return plainSize + rotarySize;
        }
    }

    /**
     * Attention whose values are not as wide as its keys (MiMo-V2).
     *
     * @param heads the number of query heads, at least 1
     * @param keyValueHeads the number of key and value heads; divides {@code heads}
     * @param keySize the width of a query or key head
     * @param valueSize the width of a value head
     * @param rotarySize how many elements of each query and key head are rotated by position
     * @param window the width of the sliding window in tokens, or empty
     */
    record Uneven(int heads, int keyValueHeads, int keySize, int valueSize, int rotarySize, OptionalInt window)
            implements Attention {

        /**
         * Checks the shape.
         *
         * @param heads the number of query heads
         * @param keyValueHeads the number of key and value heads
         * @param keySize the width of a query or key head
         * @param valueSize the width of a value head
         * @param rotarySize how many elements of each query and key head are rotated
         * @param window the width of the sliding window in tokens
         * @throws IllegalArgumentException if a number is out of range or the heads do not divide
         */
        public Uneven {
            requireGroups(heads, keyValueHeads);
            require(keySize >= 1, "keySize", keySize, "at least 1");
            require(valueSize >= 1, "valueSize", valueSize, "at least 1");
            require(rotarySize >= 0 && rotarySize <= keySize, "rotarySize", rotarySize, "0 to keySize = " + keySize);
            require(window.isEmpty() || window.getAsInt() >= 1, "window", window, "at least 1 token");
        }

        @Override
        public long cacheElementsPerToken() {
            return keyValueHeads * ((long) keySize + valueSize);
        }
    }

    /**
     * Latent attention to the tokens that a small indexer picks (DeepSeek-V3.2): the indexer keeps a key per token.
     *
     * @param latent the attention
     * @param indexSize the width of the indexer's key; 0 for a layer that takes another layer's picks
     */
    record Indexed(Latent latent, int indexSize) implements Attention {

        /**
         * Checks the width.
         *
         * @param latent the attention
         * @param indexSize the width of the indexer's key
         * @throws IllegalArgumentException if the width is below 0
         */
        public Indexed {
            Objects.requireNonNull(latent, "latent");
            require(indexSize >= 0, "indexSize", indexSize, "at least 0");
        }

        @Override
        public int heads() {
            return latent.heads();
        }

        @Override
        public long cacheElementsPerToken() {
            return latent.cacheElementsPerToken() + indexSize;
        }
    }

    /**
     * Attention to a window of tokens, and to what is older in compressed form (DeepSeek-V4): all heads share one vector
     * per token that is key and value, and so many tokens become one such vector; an indexer may pick among those.
     *
     * <p>The tokens that wait until there are enough of them are left out of what is cached: fewer than {@code rate}.
     *
     * @param heads the number of query heads, at least 1
     * @param headSize the width of one head
     * @param rotarySize how many elements of each head are rotated by position; 0 for none
     * @param slidingWindow how many of the latest tokens are seen as they are, at least 1
     * @param rate how many tokens become one; divides {@code headSize} and {@code indexSize}; 0 for a layer that sees
     *     no more than the window
     * @param indexSize the width of the indexer's key; 0 for none
     */
    record Compressed(int heads, int headSize, int rotarySize, int slidingWindow, int rate, int indexSize)
            implements Attention {

        /**
         * Checks the shape.
         *
         * @param heads the number of query heads
         * @param headSize the width of one head
         * @param rotarySize how many elements of each head are rotated
         * @param slidingWindow how many of the latest tokens are seen as they are
         * @param rate how many tokens become one
         * @param indexSize the width of the indexer's key
         * @throws IllegalArgumentException if a number is out of range
         */
        public Compressed {
            require(heads >= 1, "heads", heads, "at least 1");
            require(headSize >= 1, "headSize", headSize, "at least 1");
            require(rotarySize >= 0 && rotarySize <= headSize, "rotarySize", rotarySize, "0 to headSize = " + headSize);
            require(slidingWindow >= 1, "slidingWindow", slidingWindow, "at least 1 token");
            require(indexSize >= 0, "indexSize", indexSize, "at least 0");
            require(
                    rate == 0 ? indexSize == 0 : rate > 0 && headSize % rate == 0 && indexSize % rate == 0,
                    "rate",
                    rate,
                    "a divisor of headSize = " + headSize + " and indexSize = " + indexSize + ", or 0 without indexer");
        }

        @Override
        public long cacheElementsPerToken() {
            return headSize + cacheElementsPerTokenBeyondWindow();
        }

        @Override
        public long cacheElementsPerTokenBeyondWindow() {
            return rate == 0 ? 0 : ((long) headSize + indexSize) / rate;
        }

        @Override
        public OptionalInt window() {
            return rate == 0 ? OptionalInt.of(slidingWindow) : OptionalInt.empty();
        }
    }

    /**
     * Attention in both directions, as in encoders (BERT, arXiv 1810.04805): nothing is cached.
     *
     * @param heads the number of heads, at least 1
     * @param headSize the width of one head
     */
    record Bidirectional(int heads, int headSize) implements Attention {

        /**
         * Checks the shape.
         *
         * @param heads the number of heads
         * @param headSize the width of one head
         * @throws IllegalArgumentException if a number is below 1
         */
        public Bidirectional {
            require(heads >= 1, "heads", heads, "at least 1");
            require(headSize >= 1, "headSize", headSize, "at least 1");
        }
    }

    /**
     * Attention to another input: an encoder's (arXiv 1706.03762) or an image's.
     *
     * @param own the attention to the layer's own tokens before it, or empty where it stands alone
     * @param heads the number of query heads, at least 1
     * @param keyValueHeads the number of key and value heads; divides {@code heads}
     * @param headSize the width of one head
     */
    record Cross(Optional<Grouped> own, int heads, int keyValueHeads, int headSize) implements Attention {

        /**
         * Checks the shape.
         *
         * @param own the attention to the layer's own tokens
         * @param heads the number of query heads
         * @param keyValueHeads the number of key and value heads
         * @param headSize the width of one head
         * @throws IllegalArgumentException if a number is out of range or the heads do not divide
         */
        public Cross {
            Objects.requireNonNull(own, "own");
            requireGroups(heads, keyValueHeads);
            require(headSize >= 1, "headSize", headSize, "at least 1");
        }

        @Override
        public long cacheElementsPerToken() {
            return own.map(Grouped::cacheElementsPerToken).orElse(0L);
        }

        @Override
        public long crossElementsPerToken() {
            return 2L * keyValueHeads * headSize;
        }

        @Override
        public OptionalInt window() {
            return own.map(Grouped::window).orElse(OptionalInt.empty());
        }
    }

    /**
     * Attention to keys and values of an earlier layer (Gemma 3n and 4): nothing of its own is cached.
     *
     * @param grouped the attention
     */
    record Borrowed(Grouped grouped) implements Attention {

        /**
         * Checks that there is an attention.
         *
         * @param grouped the attention
         */
        public Borrowed {
            Objects.requireNonNull(grouped, "grouped");
        }

        @Override
        public int heads() {
            return grouped.heads();
        }

        @Override
        public OptionalInt window() {
            return grouped.window();
        }
    }

    /**
     * A recurrence: what is kept does not grow with the sequence.
     *
     * @param rule which one
     * @param heads the number of heads, at least 1
     * @param stateElements what is kept per sequence, the convolution's inputs included, at least 1
     */
    record Recurrent(Rule rule, int heads, long stateElements) implements Attention {

        /** The recurrences that are told apart. */
        public enum Rule {
            /** A selective state space (Mamba, arXiv 2312.00752). */
            MAMBA,
            /** A state space whose heads share their decay (Mamba-2, arXiv 2405.21060). */
            MAMBA2,
            /** A gated delta rule (arXiv 2412.06464). */
            GATED_DELTA,
            /** Linear attention with a decay (Lightning Attention, arXiv 2401.04658). */
            LIGHTNING,
            /** A short convolution between two gates (LFM2, arXiv 2511.23404). */
            CONVOLUTION,
            /** RWKV's time mixing (arXiv 2305.13048, 2404.05892). */
            RWKV,
            /** An extended LSTM with matrix memory (arXiv 2405.04517). */
            MLSTM
        }

        /**
         * Checks the numbers.
         *
         * @param rule which recurrence
         * @param heads the number of heads
         * @param stateElements what is kept per sequence
         * @throws IllegalArgumentException if a number is below 1
         */
        public Recurrent {
            Objects.requireNonNull(rule, "rule");
            require(heads >= 1, "heads", heads, "at least 1");
            require(stateElements >= 1, "stateElements", stateElements, "at least 1");
        }
    }

    /** A layer that mixes no tokens. */
    record Absent() implements Attention {

        @Override
        public int heads() {
            return 0;
        }
    }

    private static void requireGroups(int heads, int keyValueHeads) {
        require(heads >= 1, "heads", heads, "at least 1");
        require(
                keyValueHeads >= 1 && heads % keyValueHeads == 0,
                "keyValueHeads",
                keyValueHeads,
                "a divisor of heads = " + heads);
    }

    private static void require(boolean holds, String name, Object value, String permitted) {
        if (!holds) {
            throw new IllegalArgumentException("attention " + name + " is " + value + ", but must be " + permitted);
        }
    }
}
