package dev.llmmem.model;

/**
 * The dropout probabilities that a model's configuration asks for in training; a probability above 0 costs a mask.
 *
 * @param embedding after the embeddings, in [0, 1)
 * @param attention on the attention probabilities, in [0, 1)
 * @param residual on what a block adds to the residual stream, in [0, 1)
 */
public record Dropout(double embedding, double attention, double residual) {

    /** No dropout. */
    public static final Dropout NONE = new Dropout(0, 0, 0);

    /**
     * Checks the probabilities.
     *
     * @param embedding after the embeddings
     * @param attention on the attention probabilities
     * @param residual on the residual stream
     * @throws IllegalArgumentException if a probability is outside [0, 1)
     */
    public Dropout {
        for (double probability : new double[] {embedding, attention, residual}) {
            if (!(probability >= 0 && probability < 1)) {
                throw new IllegalArgumentException("dropout probability is " + probability + ", but must be in [0, 1)");
            }
        }
    }
}
