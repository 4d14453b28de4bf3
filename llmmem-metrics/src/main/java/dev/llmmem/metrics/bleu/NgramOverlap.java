package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the n-grams that a hypothesis shares with references, each as often as the reference with the most of it has it.
 *
 * <p>Goes from order to order: an n-gram is a pair of (n-1)-grams that overlap, which have numbers, so it gets one by their
 * pair. Only pairs of which both halves are in a reference go on, so little is left of texts that differ. Time is linear in the
 * texts for every order with a match, memory in the longest texts. For one thread.
 */
final class NgramOverlap {

    /** Room for longer texts is not kept. */
    private static final int MOST_KEPT = 1 << 16;

    private static final ThreadLocal<NgramOverlap> OF_THREAD = ThreadLocal.withInitial(NgramOverlap::new);

    private final TokenIds tokens = new TokenIds();
    private final PairIds pairs = new PairIds();
    /** The number of the n-gram at each place of the hypothesis; -1 if no reference has it. */
    private int[] hypothesis = new int[256];
    /** The same of all references in turn, with -1 after each; -1 if the hypothesis has no such n-gram. */
    private int[] references = new int[256];
    /** By number: how often the hypothesis has it, less what was matched; how often one reference; at most one reference. */
    private int[] own = new int[256];

    private int[] here = new int[256];
    private int[] most = new int[256];

    private NgramOverlap() {}

    /**
     * Adds the matches of each order.
     *
     * @param sums where they are added, order by order
     * @param first the place of those of order 1
     * @param orders how many orders
     */
    static void add(Tokens hypothesis, List<Tokens> references, long[] sums, int first, int orders) {
        if (hypothesis.size() == 0 || references.isEmpty()) {
            return;
        }
        NgramOverlap overlap = OF_THREAD.get();
        try {
            overlap.count(hypothesis, references, sums, first, orders);
        } finally {
            overlap.tokens.clear();
            if (Math.max(overlap.hypothesis.length, overlap.references.length) > MOST_KEPT) {
                OF_THREAD.remove();
            }
        }
    }

    private void count(Tokens prediction, List<Tokens> texts, long[] sums, int first, int orders) {
        int length = prediction.size();
        int[] ends = new int[texts.size()];
        int all = 0;
        for (int i = 0; i < ends.length; i++) {
            all = Math.addExact(all, texts.get(i).size() + 1);
            ends[i] = all;
        }
        grow(length, all);
        int numbers = tokens.number(prediction, hypothesis);
        for (int i = 0; i < ends.length; i++) {
            tokens.find(texts.get(i), references, ends[i] - texts.get(i).size() - 1);
            references[ends[i] - 1] = -1;
        }
        for (int n = 0; n < orders; n++, length--) {
            long matches = ends.length == 1 ? matchOne(length, all, numbers) : matchAll(length, ends, numbers);
            sums[first + n] += matches;
            if (matches == 0 || length == 1 || n + 1 == orders) {
                return;
            }
            numbers = pairs.number(hypothesis, length, numbers);
            pairs.find(references, all);
        }
    }

    private void grow(int length, int all) {
        if (hypothesis.length < length) {
            int room = roomFor(length);
            hypothesis = new int[room];
            own = new int[room];
            here = new int[room];
            most = new int[room];
        }
        if (references.length < all) {
            references = new int[roomFor(all)];
        }
    }

    private static int roomFor(int length) {
        return (int) Math.min(Integer.MAX_VALUE - 8, length + (long) length / 2);
    }

    private void countOwn(int length, int numbers) {
        Arrays.fill(own, 0, numbers, 0);
        Arrays.fill(most, 0, numbers, 0);
        for (int i = 0; i < length; i++) {
            int id = hypothesis[i];
            if (id >= 0) {
                own[id]++;
            }
        }
    }

    private long matchOne(int length, int all, int numbers) {
        countOwn(length, numbers);
        int matches = 0;
        for (int i = 0; i < all; i++) {
            int id = references[i];
            if (id >= 0) {
                most[id] = 1;
                int left = own[id];
                if (left > 0) {
                    own[id] = left - 1;
                    matches++;
                }
            }
        }
        dropUnmatched(length);
        return matches;
    }

    private long matchAll(int length, int[] ends, int numbers) {
        countOwn(length, numbers);
        Arrays.fill(here, 0, numbers, 0);
        int start = 0;
        for (int end : ends) {
            for (int i = start; i < end; i++) {
                int id = references[i];
                if (id >= 0 && ++here[id] > most[id]) {
                    most[id]++;
                }
            }
            for (int i = start; i < end; i++) {
                if (references[i] >= 0) {
                    here[references[i]] = 0;
                }
            }
            start = end;
        }
        long matches = 0;
        for (int id = 0; id < numbers; id++) {
            matches += Math.min(own[id], most[id]);
        }
        dropUnmatched(length);
        return matches;
    }

    private void dropUnmatched(int length) {
        for (int i = 0; i < length; i++) {
            int id = hypothesis[i];
            if (id >= 0 && most[id] == 0) {
                hypothesis[i] = -1;
            }
        }
    }
}
