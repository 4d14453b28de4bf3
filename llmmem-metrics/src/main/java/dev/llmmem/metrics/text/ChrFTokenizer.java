package dev.llmmem.metrics.text;

import java.util.List;

/**
 * The words of chrF++ in sacreBLEU 2.6.0 ({@code CHRF._remove_punctuation}, after Popović's chrF++.py): a text is cut at white
 * space, and one mark of ASCII at the end of a word is cut off, or else one at its start. So {@code (hi)} is {@code (hi} and {@code
 * )}. A single character stays whole.
 */
public final class ChrFTokenizer implements Tokenizer {

    private static final long serialVersionUID = 1L;
    private static final ChrFTokenizer INSTANCE = new ChrFTokenizer();

    private ChrFTokenizer() {}

    /**
     * The tokenizer, which has no settings.
     *
     * @return the tokenizer
     */
    public static ChrFTokenizer instance() {
        return INSTANCE;
    }

    @Override
    public List<String> tokenize(String text) {
        return tokens(text).asList();
    }

    @Override
    public Tokens tokens(String text) {
        Tokens.Builder tokens = new Tokens.Builder(text.length());
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || PythonText.isSpace(text.charAt(i))) {
                word(text, start, i, tokens);
                start = i + 1;
            }
        }
        return tokens.build();
    }

    private static void word(String text, int start, int end, Tokens.Builder tokens) {
        boolean several = end - start > 1; // a character of two units is no mark either
        boolean last = several && isMark(text.charAt(end - 1));
        boolean first = several && !last && isMark(text.charAt(start));
        for (int i = start; i < end; i++) {
            if (last && i == end - 1) {
                tokens.end();
            }
            tokens.append(text.charAt(i));
            if (first && i == start) {
                tokens.end();
            }
        }
        tokens.end();
    }

    /** Python's {@code string.punctuation}. */
    private static boolean isMark(char unit) {
        return (unit >= '!' && unit <= '/')
                || (unit >= ':' && unit <= '@')
                || (unit >= '[' && unit <= '`')
                || (unit >= '{' && unit <= '~');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChrFTokenizer;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "words of chrF++";
    }
}
