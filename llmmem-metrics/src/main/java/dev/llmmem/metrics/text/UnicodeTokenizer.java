package dev.llmmem.metrics.text;

import java.text.Normalizer;
import java.util.List;
import java.util.Objects;

/**
 * Words of any script, for languages in which the tokenizers of the references find nothing: runs of letters and digits with their
 * marks, in small letters. Where words are written without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar), each letter with
 * its marks is a token. Everything else separates, but for the joiners U+200C and U+200D, which are left out.
 *
 * <p>Texts are brought into the form NFKC first, so that composed and decomposed accents are equal, and full-width letters and
 * common ones. No reference does this; scores with these tokens are comparable with each other and with no published ones. What is a
 * letter, the JDK's version of Unicode says. Immutable and thread-safe.
 */
public final class UnicodeTokenizer implements Tokenizer {

    private static final long serialVersionUID = 1L;

    private static final UnicodeTokenizer STANDARD = new UnicodeTokenizer();

    private static final int FIRST_UNSPACED = 0xE00;
    private static final int PROLONGED_SOUND_MARK = 0x30FC;

    private UnicodeTokenizer() {}

    /**
     * The tokenizer.
     *
     * @return the one of its kind
     */
    public static UnicodeTokenizer standard() {
        return STANDARD;
    }

    @Override
    public List<String> tokenize(String text) {
        return tokens(text).asList();
    }

    @Override
    public Tokens tokens(String text) {
        Objects.requireNonNull(text, "text");
        String plain = PythonText.lower(Normalizer.normalize(text, Normalizer.Form.NFKC));
        Tokens.Builder builder = new Tokens.Builder(plain.length());
        boolean inToken = false;
        boolean single = false;
        for (int i = 0; i < plain.length(); ) {
            int point = plain.codePointAt(i);
            i += Character.charCount(point);
            if (point == 0x200C || point == 0x200D || (isMark(point) && !inToken)) {
                continue;
            }
            if (!isMark(point)) {
                boolean letter = Character.isLetterOrDigit(point);
                boolean unspaced = letter && isUnspaced(point);
                if (!letter || unspaced || single) {
                    builder.end();
                }
                inToken = letter;
                single = unspaced;
            }
            if (inToken) {
                append(builder, point);
            }
        }
        return builder.build();
    }

    private static void append(Tokens.Builder builder, int point) {
        if (Character.isBmpCodePoint(point)) {
            builder.append((char) point);
        } else {
            builder.append(Character.highSurrogate(point));
            builder.append(Character.lowSurrogate(point));
        }
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean isUnspaced(int point) {
        if (point < FIRST_UNSPACED) {
            return false;
        }
        return point == PROLONGED_SOUND_MARK
                || switch (Character.UnicodeScript.of(point)) {
                    case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
                    default -> false;
                };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnicodeTokenizer;
    }

    @Override
    public int hashCode() {
        return UnicodeTokenizer.class.getName().hashCode();
    }

    /**
     * The kind of tokens.
     *
     * @return {@code words of any script}
     */
    @Override
    public String toString() {
        return "words of any script";
    }
}
