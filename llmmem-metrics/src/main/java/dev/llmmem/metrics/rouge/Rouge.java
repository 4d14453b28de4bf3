package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.text.Tokenizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * ROUGE (C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004) with the numbers of Google's rouge_score
 * 0.1.2 to the last bit.
 *
 * <pre>{@code
 * Rouge rouge = Rouge.standard().withStemmer(true);
 * rouge.score("It is very cold outside.", "It is cold outside.").get(RougeType.ROUGE_1).f1(); // 0.888888888888889
 * }</pre>
 *
 * <p>Scores are 0 to 1; all are 0 if a text has no token (or no n-gram). Of several references, each type takes the one with
 * the highest F, the first of several such, so two types may take different ones ({@code RougeScorer.score_multi}). The score of a
 * corpus is the mean of precision, recall and F over its examples, rounded once, whatever their order; {@link RougeBootstrap} gives
 * what {@code BootstrapAggregator} gives.
 *
 * <p>Precision and recall divide by the tokens of the prediction and of the reference. ROUGE-Lsum cuts at line feeds; {@code
 * split_summaries}, which cuts sentences with a trained model of NLTK, is not here.
 *
 * <p>Time is linear in the texts but for ROUGE-L and ROUGE-Lsum, which take the product of the lengths by 64; memory is
 * linear (for ROUGE-Lsum, with the root of the length besides). Immutable and thread-safe.
 */
public final class Rouge implements Metric<RougeScores> {

    private static final long serialVersionUID = 1L;

    private static final ScratchPool PLAIN = new ScratchPool(false);
    private static final ScratchPool STEMMING = new ScratchPool(true);

    private static final Rouge STANDARD =
            Rouge.of(RougeType.ROUGE_1, RougeType.ROUGE_2, RougeType.ROUGE_L, RougeType.ROUGE_LSUM);

    /** What to compute, in the order of the results; serializable as lists of the JDK are. */
    private final List<RougeType> types;
    /** What cuts the texts. */
    private final Tokenizer tokenizer;

    private Rouge(List<RougeType> types, Tokenizer tokenizer) {
        this.types = types;
        this.tokenizer = tokenizer;
    }

    /**
     * What most papers report: ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum, without the stemmer.
     *
     * @return the scorer
     */
    public static Rouge standard() {
        return STANDARD;
    }

    /**
     * Some types, without the stemmer.
     *
     * @param types what to compute, in the order of the results
     * @return the scorer
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public static Rouge of(RougeType... types) {
        return of(List.of(types));
    }

    /**
     * Some types, without the stemmer.
     *
     * @param types what to compute, in the order of the results
     * @return the scorer
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public static Rouge of(List<RougeType> types) {
        List<RougeType> copy = List.copyOf(types);
        if (copy.isEmpty() || new LinkedHashSet<>(copy).size() < copy.size()) {
            throw new IllegalArgumentException("types are " + copy + ", but must be at least one, and none twice");
        }
        return new Rouge(copy, RougeTokenizer.plain());
    }

    /**
     * With the tokens of rouge_score, stemmed or not; they take the place of any other tokenizer.
     *
     * @param stemmer whether tokens are stemmed; not by default
     * @return a scorer of the same types
     */
    public Rouge withStemmer(boolean stemmer) {
        return withTokenizer(stemmer ? RougeTokenizer.stemming() : RougeTokenizer.plain());
    }

    /**
     * With other tokens, which are compared as they come: neither lower-cased nor stemmed. ROUGE-Lsum cuts each line by itself.
     *
     * @param tokenizer what cuts texts into tokens; {@link RougeTokenizer#plain()} by default
     * @return a scorer of the same types
     */
    public Rouge withTokenizer(Tokenizer tokenizer) {
        return new Rouge(types, Objects.requireNonNull(tokenizer, "tokenizer"));
    }

    /**
     * What is computed.
     *
     * @return the types in the order of the results; unmodifiable
     */
    public List<RougeType> types() {
        return types;
    }

    /**
     * What cuts the texts.
     *
     * @return the tokenizer
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public String name() {
        return "ROUGE";
    }

    /**
     * The scores of one example.
     *
     * @param prediction the generated text
     * @param references what it is compared with, at least one
     * @return the scores by type
     * @throws IllegalArgumentException if there is no reference
     */
    @Override
    public RougeScores score(String prediction, List<String> references) {
        Scratch scratch = pool().take();
        RougeScores scores = RougeScores.of(types, figures(scratch, prediction, references));
        pool().give(scratch);
        return scores;
    }

    /** Adds the figures of one example to sums: precision, recall and F of each type in turn. */
    void addTo(dev.llmmem.metrics.statistics.ExactSum[] sums, String prediction, List<String> references) {
        Scratch scratch = pool().take();
        double[] figures = figures(scratch, prediction, references);
        for (int i = 0; i < sums.length; i++) {
            sums[i].add(figures[i]);
        }
        pool().give(scratch);
    }

    private double[] figures(Scratch scratch, String prediction, List<String> references) {
        Objects.requireNonNull(prediction, "prediction");
        if (references.isEmpty()) {
            throw new IllegalArgumentException("references are 0, but must be at least 1");
        }
        double[] figures = scratch.figures(types.size());
        scratch.score(tokenizer, types, prediction, references, figures);
        return figures;
    }

    private ScratchPool pool() {
        return tokenizer instanceof RougeTokenizer reference && reference.isStemming() ? STEMMING : PLAIN;
    }

    /**
     * Starts the mean over a corpus.
     *
     * @return an empty accumulator; it has no result while it is empty
     */
    @Override
    public Accumulator<RougeScores> corpus() {
        return new RougeCorpus(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rouge that && types.equals(that.types) && tokenizer.equals(that.tokenizer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(types, tokenizer);
    }

    /**
     * The settings.
     *
     * @return for example {@code ROUGE (rouge1, rougeL; stems of runs of a-z0-9)}
     */
    @Override
    public String toString() {
        return types.stream().map(RougeType::referenceName).collect(Collectors.joining(", ", "ROUGE (", "; "))
                + tokenizer + ")";
    }
}
