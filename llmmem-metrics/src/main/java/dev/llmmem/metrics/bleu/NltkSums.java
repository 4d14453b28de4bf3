package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.Tokens;
import java.io.Serializable;
import java.util.List;

/** Sums over examples in the way of NLTK, and what smoothing wants of the last one. A monoid. For one thread. */
final class NltkSums implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int FIVE = 5;

    /** How many orders the weights have. */
    private final int orders;
    /** Matches by order, of one order up to 5 more if smoothing wants them. */
    private final long[] matches;
    /** N-grams by order, at least one of an example. */
    private final long[] totals;
    /** Tokens of the hypotheses. */
    private long length;
    /** Tokens of the closest references. */
    private long referenceLength;
    /** Matched 5-grams of the last example. */
    private long lastFiveGramMatches;
    /** Tokens of the last hypothesis. */
    private long lastLength;

    NltkSums(int orders, boolean fiveGrams) {
        this.orders = orders;
        matches = new long[fiveGrams ? Math.max(FIVE, orders) : orders];
        totals = new long[orders];
    }

    void add(Tokens hypothesis, List<Tokens> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("references are none, but must be at least one");
        }
        int size = hypothesis.size();
        int closest = references.get(0).size();
        for (Tokens reference : references) {
            int further = Math.abs(reference.size() - size) - Math.abs(closest - size);
            if (further < 0 || (further == 0 && reference.size() < closest)) {
                closest = reference.size();
            }
        }
        long before = matches.length < FIVE ? 0 : matches[FIVE - 1];
        NgramOverlap.add(hypothesis, references, matches, 0, matches.length);
        lastFiveGramMatches = matches.length < FIVE ? 0 : matches[FIVE - 1] - before;
        for (int n = 0; n < orders; n++) {
            totals[n] += Math.max(1, size - n);
        }
        length += size;
        referenceLength += closest;
        lastLength = size;
    }

    /** @param later what comes after; not empty */
    void merge(NltkSums later) {
        for (int n = 0; n < matches.length; n++) {
            matches[n] += later.matches[n];
        }
        for (int n = 0; n < orders; n++) {
            totals[n] += later.totals[n];
        }
        length += later.length;
        referenceLength += later.referenceLength;
        lastFiveGramMatches = later.lastFiveGramMatches;
        lastLength = later.lastLength;
    }

    int orders() {
        return orders;
    }

    long matches(int n) {
        return matches[n];
    }

    long total(int n) {
        return totals[n];
    }

    long length() {
        return length;
    }

    long referenceLength() {
        return referenceLength;
    }

    long lastFiveGramMatches() {
        return lastFiveGramMatches;
    }

    long lastLength() {
        return lastLength;
    }
}
