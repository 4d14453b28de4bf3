package dev.llmmem.workload;

/**
 * The network that P-tuning makes its embeddings with (arXiv 2103.10385), as PEFT's {@code PromptEncoder} builds it in fp32.
 * New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface PromptEncoder {

    /**
     * The width of the inner layers; PEFT's default is the width of the model.
     *
     * @return 1 to 1048576 elements
     */
    int hiddenSize();

    /**
     * Three linear layers with ReLU between them, PEFT's default.
     *
     * @param hiddenSize the width of the inner layers, 1 to 1048576 elements
     */
    record Mlp(int hiddenSize) implements PromptEncoder {
        /**
         * Checks the width.
         *
         * @param hiddenSize the width of the inner layers
         * @throws IllegalArgumentException if it is out of range
         */
        public Mlp {
            requireSize(hiddenSize);
        }
    }

    /**
     * A bidirectional LSTM without dropout, then two linear layers with ReLU between them. The reserve and the workspace of
     * the cuDNN kernel, of which only cuDNN knows the sizes, are not counted; they grow with the virtual tokens alone.
     *
     * @param hiddenSize the width of each direction, 1 to 1048576 elements
     * @param layers how many layers of LSTM, 1 to 64; PEFT's default is 2
     */
    record Lstm(int hiddenSize, int layers) implements PromptEncoder {
        private static final int MOST_LAYERS = 64;

        /**
         * Checks the numbers.
         *
         * @param hiddenSize the width of each direction
         * @param layers how many layers of LSTM
         * @throws IllegalArgumentException if a number is out of range
         */
        public Lstm {
            requireSize(hiddenSize);
            if (layers < 1 || layers > MOST_LAYERS) {
                throw new IllegalArgumentException(
                        "encoder layers is " + layers + ", but must be 1 to " + MOST_LAYERS + " layers");
            }
        }
    }

    private static void requireSize(int hiddenSize) {
        int widest = 1 << 20;
        if (hiddenSize < 1 || hiddenSize > widest) {
            throw new IllegalArgumentException(
                    "encoder hiddenSize is " + hiddenSize + ", but must be 1 to " + widest + " elements");
        }
    }
}
