package dev.llmmem.metrics;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collector;

/**
 * A scorer of generated texts. Implementations are final classes: immutable, thread-safe, serializable, equal if their settings
 * are.
 *
 * @param <S> the score
 */
public interface Metric<S extends Score> extends Serializable {

    /**
     * What the metric is called in reports.
     *
     * @return for example {@code ROUGE} or {@code BLEU}
     */
    String name();

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @return the score
     * @throws IllegalArgumentException if the metric cannot score such an example
     */
    S score(String prediction, List<String> references);

    /**
     * The score of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with
     * @return the score
     * @throws IllegalArgumentException if the metric cannot score such an example
     */
    default S score(String prediction, String... references) {
        return score(prediction, List.of(references));
    }

    /**
     * Starts the score of a corpus, which is not always a mean of scores of its examples.
     *
     * @return an empty accumulator
     */
    Accumulator<S> corpus();

    /**
     * The score of a corpus with one reference each.
     *
     * @param predictions the generated texts
     * @param references what they are compared with, in the same order
     * @return the score
     * @throws IllegalArgumentException if the lists differ in length, or the metric cannot score an example
     * @throws IllegalStateException if the metric has no score for so few examples
     */
    default S corpus(List<String> predictions, List<String> references) {
        if (predictions.size() != references.size()) {
            throw new IllegalArgumentException("references are " + references.size() + ", but must be "
                    + predictions.size() + ", as many as predictions");
        }
        Accumulator<S> corpus = corpus();
        for (int i = 0; i < predictions.size(); i++) {
            corpus.add(predictions.get(i), List.of(references.get(i)));
        }
        return corpus.result();
    }

    /**
     * Collects examples, in parallel as well.
     *
     * @return a collector for streams of examples
     */
    default Collector<Example, Accumulator<S>, S> collector() {
        return Collector.of(
                this::corpus,
                Accumulator::add,
                (first, second) -> {
                    first.merge(second);
                    return first;
                },
                Accumulator::result);
    }
}
