package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/**
 * What ROUGE-Lsum counts: of each line of the reference, the places on a longest common subsequence with any line of the prediction;
 * each token at most as often as the whole prediction has it.
 *
 * <p>The order of the lines is free, for it is a union. Lines of the prediction that are equal add nothing, nor do two lines of
 * which all places that have a token in common are marked already; so texts of very many short lines take no quadratic time but in
 * contrived cases.
 */
final class UnionLcs {

    private final BitIndex index = new BitIndex();
    private final LcsPath path;
    private final OpenPlaces open = new OpenPlaces();
    private final DistinctLines distinctLines = new DistinctLines();
    private boolean[] union = new boolean[256];
    /** By line of the reference: the line of the prediction that last met it. */
    private int[] met = new int[16];

    /** Keeps so many words of rows at once and computes the others twice. */
    UnionLcs(int kept) {
        path = new LcsPath(kept);
    }

    /** How many tokens count. */
    int of(Pair pair, TokenIds reference, TokenIds generated) {
        if (union.length < pair.targetSize) {
            union = new boolean[Pair.grown(union.length, pair.targetSize)];
        }
        Arrays.fill(union, 0, pair.targetSize, false);
        met = Pair.fitted(met, reference.lines);
        Arrays.fill(met, 0, reference.lines, -1);
        open.set(pair, reference);
        distinctLines.clear(generated.lines);
        for (int line = 0; line < generated.lines; line++) {
            if (distinctLines.add(pair.prediction, generated, line)) {
                mark(pair, reference, generated, line);
            }
        }
        return hits(pair);
    }

    /** Marks what all lines of the reference have in common with one of the prediction. */
    private void mark(Pair pair, TokenIds reference, TokenIds generated, int line) {
        int from = generated.lineStart(line);
        int to = generated.lineEnds[line];
        boolean indexed = false;
        for (int i = from; i < to; i++) {
            int token = pair.prediction[i];
            if (token < 0) {
                continue;
            }
            for (int entry = open.start(token); entry < open.end(token); entry++) {
                int place = open.place(entry);
                int target = open.line(place);
                if (union[place]) {
                    open.remove(token, entry--);
                } else if (met[target] != line) {
                    met[target] = line;
                    if (!indexed) {
                        index.set(pair.prediction, from, to, pair.distinct);
                        indexed = true;
                    }
                    int start = reference.lineStart(target);
                    path.mark(pair.target, start, reference.lineEnds[target], pair.prediction, from, to, index, union);
                }
            }
        }
    }

    private int hits(Pair pair) {
        int[] counts = pair.counts;
        for (int i = 0; i < pair.predictionSize; i++) {
            if (pair.prediction[i] >= 0) {
                counts[pair.prediction[i]]++;
            }
        }
        int hits = 0;
        for (int i = 0; i < pair.targetSize; i++) {
            if (union[i] && counts[pair.target[i]] > 0) {
                counts[pair.target[i]]--;
                hits++;
            }
        }
        pair.clearCounts();
        return hits;
    }

    long footprint() {
        return index.footprint()
                + path.footprint()
                + open.footprint()
                + distinctLines.footprint()
                + union.length
                + met.length;
    }
}
