package dev.llmmem.metrics.chrf;

import dev.llmmem.metrics.text.ChrFTokenizer;
import dev.llmmem.metrics.text.PythonText;
import dev.llmmem.metrics.text.TokenNumbers;
import dev.llmmem.metrics.text.Tokens;
import java.util.Arrays;
import java.util.List;

/** Counts the n-grams of examples. For one thread. */
final class Counter {

    private static final int KEPT_SYMBOLS = 1 << 16;

    private final Characters characters = new Characters();
    private final TokenNumbers words = new TokenNumbers();
    private final SortedNGrams sorted = new SortedNGrams();
    private final ChainedNGrams chained = new ChainedNGrams();
    private final long[] matches = new long[65];

    private int[] hypothesisCharacters = new int[512];
    private int[] referenceCharacters = new int[512];
    private int[] hypothesisWords = new int[128];
    private int[] referenceWords = new int[128];
    private double[] counts = new double[0];
    private double[] best = new double[0];

    /** The counts of the reference with the best score; the array is good until the next call. */
    double[] count(ChrF metric, String prediction, List<String> references) {
        if (counts.length != metric.columns()) {
            counts = new double[metric.columns()];
            best = new double[metric.columns()];
        }
        String hypothesis = metric.lowercase() ? PythonText.lower(prediction) : prediction;
        characters.clear();
        hypothesisCharacters = room(hypothesisCharacters, hypothesis.length());
        int characterCount = characters.number(hypothesis, metric.whitespace(), hypothesisCharacters);
        int wordCount = 0;
        if (metric.wordOrder() > 0) {
            words.clear();
            Tokens tokens = ChrFTokenizer.instance().tokens(hypothesis);
            wordCount = tokens.size();
            hypothesisWords = room(hypothesisWords, wordCount);
            words.number(tokens, hypothesisWords);
        }
        double highest = -1;
        for (String reference : references) {
            String other = metric.lowercase() ? PythonText.lower(reference) : reference;
            characters(metric, characterCount, other);
            if (metric.wordOrder() > 0) {
                words(metric, wordCount, other);
            }
            if (references.size() == 1) {
                return counts;
            }
            double score = metric.score(counts);
            if (score > highest) {
                highest = score;
                double[] worse = best;
                best = counts;
                counts = worse;
            }
        }
        return best;
    }

    private void characters(ChrF metric, int size, String reference) {
        referenceCharacters = room(referenceCharacters, reference.length());
        int referenceSize = characters.number(reference, metric.whitespace(), referenceCharacters);
        if (metric.characterOrder() > 0) {
            int order = metric.characterOrder();
            match(hypothesisCharacters, size, referenceCharacters, referenceSize, characters.size(), order);
            enter(0, size, referenceSize, order);
        }
    }

    private void words(ChrF metric, int size, String reference) {
        Tokens tokens = ChrFTokenizer.instance().tokens(reference);
        referenceWords = room(referenceWords, tokens.size());
        words.number(tokens, referenceWords);
        int order = metric.wordOrder();
        match(hypothesisWords, size, referenceWords, tokens.size(), words.size(), order);
        enter(3 * metric.characterOrder(), size, tokens.size(), order);
    }

    private void match(int[] first, int firstSize, int[] second, int secondSize, int symbols, int order) {
        Arrays.fill(matches, 0, order + 1, 0);
        NGramMatcher matcher = SortedNGrams.fits(symbols, order) ? sorted : chained;
        matcher.match(first, firstSize, second, secondSize, symbols, order, matches);
    }

    private void enter(int column, int hypothesisSize, int referenceSize, int order) {
        for (int n = 1; n <= order; n++) {
            int ofReference = Math.max(0, referenceSize - n + 1);
            counts[column++] = ofReference == 0 ? 0 : Math.max(0, hypothesisSize - n + 1);
            counts[column++] = ofReference;
            counts[column++] = matches[n];
        }
    }

    private static int[] room(int[] before, int length) {
        return before.length >= length ? before : new int[length + length / 4];
    }

    /** Whether it is worth keeping for the next example. */
    boolean isSmall() {
        return hypothesisCharacters.length <= KEPT_SYMBOLS && referenceCharacters.length <= KEPT_SYMBOLS;
    }
}
