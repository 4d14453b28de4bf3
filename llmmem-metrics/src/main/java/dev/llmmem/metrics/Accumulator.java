package dev.llmmem.metrics;

import java.io.Serializable;
import java.util.List;

/**
 * Takes the examples of a corpus and gives the score of the whole.
 *
 * <p>Accumulators are monoids under {@link #merge}: parts of a corpus, merged in any grouping in their order, give the same
 * result to the last bit as the corpus in one piece. One accumulator must not be used by several threads at once; merge those
 * of several threads, or collect with {@link Metric#collector()}.
 *
 * @param <S> the score
 */
public interface Accumulator<S extends Score> extends Serializable {

    /**
     * Takes an example.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @throws IllegalArgumentException if the metric cannot score such an example; nothing has been taken then
     */
    void add(String prediction, List<String> references);

    /**
     * Takes an example.
     *
     * @param example the example
     * @throws IllegalArgumentException if the metric cannot score such an example; nothing has been taken then
     */
    default void add(Example example) {
        add(example.prediction(), example.references());
    }

    /**
     * Takes the examples that another accumulator of the same metric has taken, after its own; the other one stays as it is.
     *
     * @param other an accumulator that the same metric, or an equal one, has made
     * @throws IllegalArgumentException if another metric has made it
     */
    void merge(Accumulator<S> other);

    /**
     * How many examples have been taken.
     *
     * @return a number, at least 0
     */
    long size();

    /**
     * The score of all examples so far; more can be taken afterwards.
     *
     * @return the score
     * @throws IllegalStateException if the metric has no score for so few examples, such as none
     */
    S result();
}
