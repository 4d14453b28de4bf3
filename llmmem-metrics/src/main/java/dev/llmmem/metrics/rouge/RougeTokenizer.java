package dev.llmmem.metrics.rouge;

import dev.llmmem.metrics.text.PorterStemmer;
import dev.llmmem.metrics.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The tokens of rouge_score 0.1.2 ({@code tokenize.py}): the text in small letters, cut into runs of {@code a-z0-9}; everything else
 * separates. A text in another script has no tokens, and {@code café} is the token {@code caf}. With the stemmer, tokens of
 * more than three characters are stemmed by {@link PorterStemmer}. Immutable and thread-safe.
 */
public final class RougeTokenizer implements Tokenizer {

    private static final long serialVersionUID = 1L;

    private static final RougeTokenizer PLAIN = new RougeTokenizer(false);
    private static final RougeTokenizer STEMMING = new RougeTokenizer(true);

    /** Tokens of so many characters and fewer are not stemmed. */
    static final int NOT_STEMMED = 3;

    private static final String TOKEN_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final byte[] CODES = new byte[128];

    static {
        for (int i = 0; i < TOKEN_CHARACTERS.length(); i++) {
            char character = TOKEN_CHARACTERS.charAt(i);
            CODES[character] = (byte) (i + 1);
            if (character >= 'a') {
                CODES[character - 'a' + 'A'] = (byte) (i + 1);
            }
        }
    }

    /** Whether tokens are stemmed. */
    private final boolean stemming;

    private RougeTokenizer(boolean stemming) {
        this.stemming = stemming;
    }

    /**
     * Tokens as they stand in the text.
     *
     * @return the tokenizer of {@code RougeScorer(types)}
     */
    public static RougeTokenizer plain() {
        return PLAIN;
    }

    /**
     * Stems.
     *
     * @return the tokenizer of {@code RougeScorer(types, use_stemmer=True)}
     */
    public static RougeTokenizer stemming() {
        return STEMMING;
    }

    boolean isStemming() {
        return stemming;
    }

    @Override
    public List<String> tokenize(String text) {
        String plain = withoutForeignCapitals(text);
        List<String> tokens = new ArrayList<>();
        int[] points = new int[16];
        int length = 0;
        for (int i = 0; i <= plain.length(); i++) {
            int code = i < plain.length() ? code(plain.charAt(i)) : 0;
            if (code > 0) {
                if (length == points.length) {
                    points = java.util.Arrays.copyOf(points, 2 * length);
                }
                points[length++] = character(code);
            } else if (length > 0) {
                int kept = stemming && length > NOT_STEMMED ? PorterStemmer.stem(points, length) : length;
                tokens.add(new String(points, 0, kept));
                length = 0;
            }
        }
        return Collections.unmodifiableList(tokens);
    }

    /** Without the two characters beyond ASCII whose small letters are in ASCII: the Kelvin sign, and the I with a dot (and a mark). */
    static String withoutForeignCapitals(String text) {
        String plain = text;
        if (plain.indexOf('\u212A') >= 0) {
            plain = plain.replace('\u212A', 'k');
        }
        return plain.indexOf('\u0130') >= 0 ? plain.replace("\u0130", "i\u0307") : plain;
    }

    /** 1 to 36 for a character of a token, capitals as small letters; 0 for one that separates. */
    static int code(char character) {
        return character < 128 ? CODES[character] : 0;
    }

    static char character(int code) {
        return TOKEN_CHARACTERS.charAt(code - 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RougeTokenizer that && stemming == that.stemming;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(stemming);
    }

    /**
     * The kind of tokens.
     *
     * @return {@code runs of a-z0-9} or {@code stems of runs of a-z0-9}
     */
    @Override
    public String toString() {
        return stemming ? "stems of runs of a-z0-9" : "runs of a-z0-9";
    }
}
