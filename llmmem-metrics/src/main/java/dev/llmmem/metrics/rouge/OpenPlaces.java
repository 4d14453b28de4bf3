package dev.llmmem.metrics.rouge;

import java.util.Arrays;

/** By token, the places of the reference that have it and may still be marked; and the line of each place. */
final class OpenPlaces {

    /** By token: where its places start; one more at the end. */
    private int[] first = new int[65];

    private int[] ends = new int[64];
    private int[] places = new int[256];
    private int[] lines = new int[256];

    void set(Pair pair, TokenIds reference) {
        first = Pair.fitted(first, pair.distinct + 1);
        ends = Pair.fitted(ends, pair.distinct);
        places = Pair.fitted(places, pair.targetSize);
        lines = Pair.fitted(lines, pair.targetSize);
        Arrays.fill(first, 0, pair.distinct + 1, 0);
        for (int i = 0; i < pair.targetSize; i++) {
            first[pair.target[i] + 1]++;
        }
        for (int token = 0; token < pair.distinct; token++) {
            first[token + 1] += first[token];
            ends[token] = first[token];
        }
        for (int line = 0; line < reference.lines; line++) {
            for (int i = reference.lineStart(line); i < reference.lineEnds[line]; i++) {
                places[ends[pair.target[i]]++] = i;
                lines[i] = line;
            }
        }
    }

    /** Where the entries of a token start. */
    int start(int token) {
        return first[token];
    }

    int end(int token) {
        return ends[token];
    }

    int place(int entry) {
        return places[entry];
    }

    int line(int place) {
        return lines[place];
    }

    /** Removes an entry of a token; the last one takes its place. */
    void remove(int token, int entry) {
        places[entry] = places[--ends[token]];
    }

    long footprint() {
        return (long) first.length + ends.length + places.length + lines.length;
    }
}
