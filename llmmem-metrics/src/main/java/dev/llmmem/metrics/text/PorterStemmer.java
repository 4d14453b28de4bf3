package dev.llmmem.metrics.text;

import java.util.Map;
import java.util.Objects;

/**
 * The suffix stripper of M. F. Porter ("An algorithm for suffix stripping", Program 14, 1980) with the changes of NLTK's mode {@code
 * NLTK_EXTENSIONS}, which rouge_score uses (nltk 3.9, {@code nltk/stem/porter.py}). Other Porter stemmers give other stems for one word
 * in thirty.
 *
 * <p>What NLTK changes: a table of irregular words; {@code -ied}; {@code y} becomes {@code i} after every consonant that is not the
 * first letter; {@code -bli}, {@code -alli}, {@code -fulli} and {@code -logi} in step 2; a vowel and a consonant are a short word.
 */
public final class PorterStemmer {

    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("skies", "sky"),
            Map.entry("sky", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    private static final int LONGEST_IRREGULAR = 8;

    private PorterStemmer() {}

    /**
     * The stem of a word. The word is written in small letters first, as Python writes them; irregular words are recognized before
     * that, so {@code news} stays and {@code News} becomes {@code new}, as in NLTK.
     *
     * @param word any text; what is no vowel of English, be it a digit or a letter of another script, counts as a consonant
     * @return its stem; the word in small letters if it has one or two characters; empty if it is empty
     */
    public static String stem(String word) {
        Objects.requireNonNull(word, "word");
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        String lower = PythonText.lower(word);
        if (word.codePointCount(0, word.length()) <= 2) {
            return lower;
        }
        int[] points = lower.codePoints().toArray();
        return new String(points, 0, new PorterSteps(points, points.length).stem());
    }

    /**
     * The stem of a word in small letters, in the place of the word.
     *
     * @param points the word's code points, in small letters; afterwards the stem's
     * @param length how many points the word has
     * @return how many points the stem has, at most as many
     * @throws IllegalArgumentException if the length is not 0 to that of the array
     */
    public static int stem(int[] points, int length) {
        if (length < 0 || length > points.length) {
            throw new IllegalArgumentException("length is " + length + ", but must be 0 to " + points.length);
        }
        if (length <= 2) {
            return length;
        }
        if (length <= LONGEST_IRREGULAR) {
            String irregular = IRREGULAR.get(new String(points, 0, length));
            if (irregular != null) {
                for (int i = 0; i < irregular.length(); i++) {
                    points[i] = irregular.charAt(i);
                }
                return irregular.length();
            }
        }
        return new PorterSteps(points, length).stem();
    }
}
