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
        char[] units = text.toCharArray();
        Slices words = new Slices(units);
        int start = 0;
        for (int i = 0; i < units.length; i++) {
            if (PythonText.isSpace(units[i])) {
                word(units, start, i, words);
                start = i + 1;
            }
        }
        word(units, start, units.length, words);
        return words.tokens();
    }

    private static void word(char[] units, int start, int end, Slices words) {
        if (end - start <= 1) {
            words.cut(start, end);
        } else if (isMark(units[end - 1])) {
            words.cut(start, end - 1);
            words.cut(end - 1, end);
        } else if (isMark(units[start])) {
            words.cut(start, start + 1);
            words.cut(start + 1, end);
        } else {
            words.cut(start, end);
        }
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
