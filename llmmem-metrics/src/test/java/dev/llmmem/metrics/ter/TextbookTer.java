package dev.llmmem.metrics.ter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** TER as its definition reads: whole tables, every candidate computed from the start, nothing kept. */
final class TextbookTer {

    private static final int INFINITY = 1_000_000_000;

    private int tried;

    static int edits(List<String> hypothesis, List<String> reference) {
        if (reference.isEmpty()) {
            return hypothesis.size();
        }
        return new TextbookTer().search(hypothesis, reference);
    }

    private int search(List<String> hypothesis, List<String> reference) {
        List<String> words = hypothesis;
        int shifts = 0;
        while (true) {
            List<String> better = shift(words, reference);
            if (tried >= 1000 || better.equals(words)) {
                return shifts + table(words, reference)[words.size()][reference.size()];
            }
            words = better;
            shifts++;
        }
    }

    private List<String> shift(List<String> words, List<String> reference) {
        int[][] table = table(words, reference);
        int distance = table[words.size()][reference.size()];
        int[] against = new int[reference.size()];
        boolean[] wrong = new boolean[words.size()];
        boolean[] missed = new boolean[reference.size()];
        align(table, words, reference, against, wrong, missed);
        List<String> best = words;
        int[] bestRank = {0, 0, 0, 0};
        for (int h = 0; h < words.size(); h++) {
            for (int r = Math.max(0, h - 50); r < Math.min(reference.size(), h + 51); r++) {
                for (int n = 1;
                        n <= 10
                                && h + n <= words.size()
                                && r + n <= reference.size()
                                && words.get(h + n - 1).equals(reference.get(r + n - 1));
                        n++) {
                    if (!any(wrong, h, n) || !any(missed, r, n) || (against[r] >= h && against[r] < h + n)) {
                        continue;
                    }
                    int before = -1;
                    for (int offset = -1; offset < n; offset++) {
                        int target = r + offset < 0 ? 0 : against[r + offset] + 1;
                        if (target == before) {
                            continue;
                        }
                        before = target;
                        tried++;
                        List<String> shifted = moved(words, h, n, target);
                        int[] rank = {
                            distance - table(shifted, reference)[words.size()][reference.size()], n, -h, -target
                        };
                        if (rank[0] > 0 && Arrays.compare(rank, bestRank) > 0) {
                            bestRank = rank;
                            best = shifted;
                        }
                    }
                }
                if (tried >= 1000) {
                    return words;
                }
            }
        }
        return best;
    }

    private static boolean any(boolean[] errors, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (errors[i]) {
                return true;
            }
        }
        return false;
    }

    private static List<String> moved(List<String> words, int start, int length, int target) {
        List<String> rest = new ArrayList<>(words.subList(0, start));
        rest.addAll(words.subList(start + length, words.size()));
        int place = target < start ? target : target > start + length ? target - length : target;
        rest.addAll(Math.min(place, rest.size()), words.subList(start, start + length));
        return rest;
    }

    private static int[][] table(List<String> words, List<String> reference) {
        int n = words.size();
        int m = reference.size();
        int[][] table = new int[n + 1][m + 1];
        for (int j = 0; j <= m; j++) {
            table[0][j] = j;
        }
        double ratio = n == 0 ? 1 : (double) m / n;
        int beam = ratio / 2 > 25 ? (int) Math.ceil(ratio / 2 + 25) : 25;
        for (int i = 1; i <= n; i++) {
            Arrays.fill(table[i], INFINITY);
            int diagonal = (int) Math.floor(i * ratio);
            int end = i == n ? m + 1 : Math.min(m + 1, diagonal + beam);
            for (int j = Math.max(0, diagonal - beam); j < end; j++) {
                int least = table[i - 1][j] + 1;
                if (j > 0) {
                    int cost = words.get(i - 1).equals(reference.get(j - 1)) ? 0 : 1;
                    least = Math.min(Math.min(least, table[i][j - 1] + 1), table[i - 1][j - 1] + cost);
                }
                table[i][j] = Math.min(INFINITY, least);
            }
        }
        return table;
    }

    private static void align(
            int[][] table,
            List<String> words,
            List<String> reference,
            int[] against,
            boolean[] wrong,
            boolean[] missed) {
        int i = words.size();
        int j = reference.size();
        while (i > 0 || j > 0) {
            boolean equal = i > 0 && j > 0 && words.get(i - 1).equals(reference.get(j - 1));
            if (i > 0 && j > 0 && table[i - 1][j - 1] + (equal ? 0 : 1) == table[i][j]) {
                against[--j] = --i;
                wrong[i] = !equal;
                missed[j] = !equal;
            } else if (i > 0 && table[i - 1][j] + 1 == table[i][j]) {
                wrong[--i] = true;
            } else {
                against[--j] = i - 1;
                missed[j] = true;
            }
        }
    }
}
