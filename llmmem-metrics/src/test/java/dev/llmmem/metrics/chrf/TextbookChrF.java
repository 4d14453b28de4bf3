package dev.llmmem.metrics.chrf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Common n-grams as their definition reads: maps of lists. */
final class TextbookChrF implements NGramMatcher {

    @Override
    public void match(
            int[] first, int firstSize, int[] second, int secondSize, int symbols, int order, long[] matches) {
        for (int n = 1; n <= order; n++) {
            Map<List<Integer>, Integer> ours = grams(first, firstSize, n);
            Map<List<Integer>, Integer> theirs = grams(second, secondSize, n);
            for (Map.Entry<List<Integer>, Integer> gram : ours.entrySet()) {
                matches[n] += Math.min(gram.getValue(), theirs.getOrDefault(gram.getKey(), 0));
            }
        }
    }

    private static Map<List<Integer>, Integer> grams(int[] symbols, int size, int n) {
        Map<List<Integer>, Integer> grams = new HashMap<>();
        for (int i = 0; i + n <= size; i++) {
            List<Integer> gram = new ArrayList<>();
            for (int j = i; j < i + n; j++) {
                gram.add(symbols[j]);
            }
            grams.merge(gram, 1, Integer::sum);
        }
        return grams;
    }
}
