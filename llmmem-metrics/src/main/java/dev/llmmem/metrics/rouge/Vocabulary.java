package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.text.PorterStemmer;
import dev.llmmem.metrics.text.Tokenizer;
import dev.llmmem.metrics.text.Tokens;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for tokens: equal tokens, or words of one stem, have one number. It lives on from example to example, so that every word is
 * stemmed once, and forgets everything when it has grown too large.
 *
 * <p>A run of {@code a-z0-9} of up to 20 characters is its own key: 6 bits for each character, in two longs. Others are
 * strings.
 */
final class Vocabulary {

    private static final int MOST_WORDS = 1 << 16;
    private static final int MOST_UNITS = 1 << 20;
    private static final int CHARACTERS = 10;
    private static final int BITS = 6;
    /** Marks the key of a stem, which lies in the same table as the words. */
    private static final long STEM = 1L << 62;

    private final boolean stemming;
    private final PackedTable packed = new PackedTable();
    private final Map<String, Integer> longer = new HashMap<>();
    private long units;
    private int size;
    private int[] points = new int[32];

    Vocabulary(boolean stemming) {
        this.stemming = stemming;
    }

    /** How many numbers have been given out; they are 0 to one less. */
    int size() {
        return size;
    }

    /** To be called between examples only. */
    void forgetIfLarge() {
        if (packed.size() > MOST_WORDS || longer.size() > MOST_WORDS || units > MOST_UNITS) {
            packed.clear();
            longer.clear();
            units = 0;
            size = 0;
        }
    }

    /** Adds the tokens that a tokenizer finds in part of a text. */
    void read(Tokenizer tokenizer, String text, TokenIds target) {
        Tokens tokens = tokenizer.tokens(text);
        for (int i = 0; i < tokens.size(); i++) {
            target.add(string(tokens.get(i)));
        }
    }

    /** Adds the tokens of a text as {@link RougeTokenizer} finds them, and the ends of lines. */
    void read(String original, TokenIds target) {
        String text = RougeTokenizer.withoutForeignCapitals(original);
        int end = text.length();
        int place = 0;
        while (place < end) {
            char character = text.charAt(place);
            int code = RougeTokenizer.code(character);
            if (code == 0) {
                if (character == '\n') {
                    target.endLine();
                }
                place++;
                continue;
            }
            int start = place;
            long first = 0;
            int full = Math.min(end, start + CHARACTERS);
            do {
                first = first << BITS | code;
                place++;
                code = place < full ? RougeTokenizer.code(text.charAt(place)) : 0;
            } while (code > 0);
            long second = 0;
            if (place == full && place < end) {
                full = Math.min(end, start + 2 * CHARACTERS);
                while (place < full && (code = RougeTokenizer.code(text.charAt(place))) > 0) {
                    second = second << BITS | code;
                    place++;
                }
                if (place == full && place < end && RougeTokenizer.code(text.charAt(place)) > 0) {
                    do {
                        place++;
                    } while (place < end && RougeTokenizer.code(text.charAt(place)) > 0);
                    target.add(longWord(text, start, place));
                    continue;
                }
            }
            int id = packed.get(first, second);
            target.add(id >= 0 ? id : newWord(first, second));
        }
        target.endLine();
    }

    private int newWord(long first, long second) {
        if (!stemming) {
            int id = size++;
            packed.put(first, second, id);
            return id;
        }
        int length = unpack(second, unpack(first, 0));
        int id = stemOf(length);
        packed.put(first, second, id);
        return id;
    }

    private int longWord(String text, int start, int end) {
        int length = end - start;
        if (points.length < length) {
            points = new int[length];
        }
        for (int i = 0; i < length; i++) {
            points[i] = RougeTokenizer.character(RougeTokenizer.code(text.charAt(start + i)));
        }
        if (stemming) {
            // two equal long words are rare, and stemming takes as long as looking them up
            return stemOf(length);
        }
        return string(new String(points, 0, length));
    }

    /** The number of the stem of the word in {@link #points}. */
    private int stemOf(int length) {
        int stem = length > RougeTokenizer.NOT_STEMMED ? PorterStemmer.stem(points, length) : length;
        if (stem > 2 * CHARACTERS) {
            return string(new String(points, 0, stem));
        }
        long first = 0;
        long second = 0;
        for (int i = 0; i < stem; i++) {
            long code = RougeTokenizer.code((char) points[i]);
            if (i < CHARACTERS) {
                first = first << BITS | code;
            } else {
                second = second << BITS | code;
            }
        }
        int id = packed.get(first | STEM, second);
        if (id < 0) {
            id = size++;
            packed.put(first | STEM, second, id);
        }
        return id;
    }

    private int unpack(long key, int place) {
        int count = (64 - Long.numberOfLeadingZeros(key) + BITS - 1) / BITS;
        for (int i = count - 1; i >= 0; i--) {
            points[place++] = RougeTokenizer.character((int) (key >>> (BITS * i)) & 63);
        }
        return place;
    }

    private int string(String token) {
        Integer known = longer.get(token);
        if (known != null) {
            return known;
        }
        int id = size++;
        longer.put(token, id);
        units += token.length();
        return id;
    }

    long footprint() {
        return packed.footprint() + units + points.length;
    }
}
