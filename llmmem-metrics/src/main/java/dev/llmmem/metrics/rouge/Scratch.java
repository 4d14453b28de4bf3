package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.text.Tokenizer;
import java.util.List;

/** All that one thread needs to score, reused from example to example. */
final class Scratch {

    /** One that has grown beyond so many numbers of 4 bytes is not kept: 64 MiB. */
    private static final long LARGEST_KEPT = 1 << 24;

    private final Vocabulary vocabulary;
    private final TokenIds reference = new TokenIds();
    private final TokenIds generated = new TokenIds();
    private final Pair pair = new Pair();
    private final NgramMatches ngrams = new NgramMatches();
    private final LcsLength lcs = new LcsLength();
    private final UnionLcs union = new UnionLcs(LcsPath.KEPT_WORDS);
    private final int[] matches = new int[10];
    private double[] figures = new double[12];

    Scratch(boolean stemming) {
        vocabulary = new Vocabulary(stemming);
    }

    /** Sets precision, recall and F of each type in turn: those of the reference with the highest F, of the first of several. */
    void score(Tokenizer tokenizer, List<RougeType> types, String prediction, List<String> references, double[] best) {
        vocabulary.forgetIfLarge();
        if (tokenizer instanceof RougeTokenizer) {
            generated.clear();
            vocabulary.read(prediction, generated);
            for (int i = 0; i < references.size(); i++) {
                reference.clear();
                vocabulary.read(references.get(i), reference);
                score(types, true, true, i == 0, best);
            }
            return;
        }
        boolean sums = types.contains(RougeType.ROUGE_LSUM);
        if (types.size() > (sums ? 1 : 0)) {
            readWhole(tokenizer, prediction, generated);
            for (int i = 0; i < references.size(); i++) {
                readWhole(tokenizer, references.get(i), reference);
                score(types, true, false, i == 0, best);
            }
        }
        if (sums) {
            readLines(tokenizer, prediction, generated);
            for (int i = 0; i < references.size(); i++) {
                readLines(tokenizer, references.get(i), reference);
                score(types, false, true, i == 0, best);
            }
        }
    }

    private void readWhole(Tokenizer tokenizer, String text, TokenIds target) {
        target.clear();
        vocabulary.read(tokenizer, text, target);
    }

    private void readLines(Tokenizer tokenizer, String text, TokenIds target) {
        target.clear();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                vocabulary.read(tokenizer, text.substring(start, end), target);
                target.endLine();
            }
            start = end + 1;
        }
    }

    /** Scores the two texts that were read by the types of whole texts, those of lines, or both. */
    private void score(List<RougeType> types, boolean whole, boolean lines, boolean first, double[] best) {
        pair.set(reference, generated, vocabulary.size());
        int highest = 0;
        boolean subsequence = false;
        for (int i = 0; i < types.size(); i++) {
            highest = Math.max(highest, types.get(i).order());
            subsequence |= types.get(i) == RougeType.ROUGE_L || isOfOneLine(types.get(i));
        }
        if (whole && highest > 0) {
            matches[1] = pair.common();
            ngrams.count(pair, highest, matches);
        }
        int length = subsequence ? lcs.of(pair) : 0;
        for (int i = 0; i < types.size(); i++) {
            RougeType type = types.get(i);
            if (type == RougeType.ROUGE_LSUM ? !lines : !whole) {
                continue;
            }
            if (type.order() > 0) {
                int less = type.order() - 1;
                put(i, matches[type.order()], pair.predictionSize - less, pair.targetSize - less, first, best);
            } else {
                int common =
                        type == RougeType.ROUGE_L || isOfOneLine(type) ? length : union.of(pair, reference, generated);
                put(i, common, pair.predictionSize, pair.targetSize, first, best);
            }
        }
    }

    /** Whether ROUGE-Lsum is ROUGE-L, for want of lines. */
    private boolean isOfOneLine(RougeType type) {
        return type == RougeType.ROUGE_LSUM && reference.lines <= 1 && generated.lines <= 1;
    }

    private static void put(int type, int common, int predicted, int wanted, boolean first, double[] best) {
        double precision = common / (double) Math.max(1, predicted);
        double recall = common / (double) Math.max(1, wanted);
        double f1 = RougeScore.f1(precision, recall);
        if (first || f1 > best[3 * type + 2]) {
            best[3 * type] = precision;
            best[3 * type + 1] = recall;
            best[3 * type + 2] = f1;
        }
    }

    /** Room for the figures of so many types. */
    double[] figures(int types) {
        if (figures.length < 3 * types) {
            figures = new double[3 * types];
        }
        return figures;
    }

    /** Whether it is too large to be kept. */
    boolean isLarge() {
        return vocabulary.footprint()
                        + reference.footprint()
                        + generated.footprint()
                        + pair.footprint()
                        + ngrams.footprint()
                        + lcs.footprint()
                        + union.footprint()
                > LARGEST_KEPT;
    }
}
