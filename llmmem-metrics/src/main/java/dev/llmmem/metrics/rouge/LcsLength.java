package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/** The length of the longest common subsequence of a pair, in time of the product of the lengths by 64 and linear memory. */
final class LcsLength {

    private final BitIndex index = new BitIndex();
    private long[] masks = new long[256];
    private long[] row = new long[16];

    int of(Pair pair) {
        int[] target = pair.target;
        int[] prediction = pair.prediction;
        int targetEnd = pair.targetSize;
        int predictionEnd = pair.predictionSize;
        int start = 0;
        int shortest = Math.min(targetEnd, predictionEnd);
        while (start < shortest && target[start] == prediction[start]) {
            start++;
        }
        int common = start;
        while (targetEnd > start && predictionEnd > start && target[targetEnd - 1] == prediction[predictionEnd - 1]) {
            targetEnd--;
            predictionEnd--;
            common++;
        }
        int targetLeft = targetEnd - start;
        int predictionLeft = predictionEnd - start;
        if (targetLeft == 0 || predictionLeft == 0) {
            return common;
        }
        if (targetLeft <= predictionLeft) {
            return common + of(target, start, targetEnd, prediction, predictionEnd, pair.distinct);
        }
        return common + of(prediction, start, predictionEnd, target, targetEnd, pair.distinct);
    }

    /** With the shorter of both as the bits of a row. */
    private int of(int[] pattern, int start, int patternEnd, int[] text, int textEnd, int distinct) {
        if (patternEnd - start <= 64) {
            return ofOneWord(pattern, start, patternEnd, text, textEnd, distinct);
        }
        index.set(pattern, start, patternEnd, distinct);
        int words = index.words();
        if (row.length < words) {
            row = new long[Pair.grown(row.length, words)];
        }
        Arrays.fill(row, 0, words, -1L);
        for (int i = start; i < textEnd; i++) {
            if (index.has(text[i])) {
                index.advance(row, 0, text[i]);
            }
        }
        int length = 0;
        for (int word = 0; word < words; word++) {
            length += Long.bitCount(~row[word]);
        }
        return length;
    }

    private int ofOneWord(int[] pattern, int start, int patternEnd, int[] text, int textEnd, int distinct) {
        if (masks.length < distinct) {
            masks = new long[Pair.grown(masks.length, distinct)];
        }
        for (int i = start; i < patternEnd; i++) {
            if (pattern[i] >= 0) {
                masks[pattern[i]] |= 1L << (i - start);
            }
        }
        long bits = -1L;
        for (int i = start; i < textEnd; i++) {
            if (text[i] >= 0) {
                long matches = masks[text[i]];
                bits = (bits + (bits & matches)) | (bits & ~matches);
            }
        }
        for (int i = start; i < patternEnd; i++) {
            if (pattern[i] >= 0) {
                masks[pattern[i]] = 0;
            }
        }
        return Long.bitCount(~bits);
    }

    long footprint() {
        return index.footprint() + 2L * (masks.length + row.length);
    }
}
