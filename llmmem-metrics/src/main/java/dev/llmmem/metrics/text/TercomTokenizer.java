package dev.llmmem.metrics.text;

import java.util.List;

/**
 * The tokenizer of TER in sacreBLEU 2.6.0 ({@code tokenizers/tokenizer_ter.py}), after the {@code Normalizer} of Tercom (Snover et
 * al., "A study of translation edit rate with targeted human annotation", AMTA 2006). By default it only makes small letters and
 * cuts at white space. Cutting what was cut before can cut further if it {@linkplain #withNormalization normalizes}.
 */
public final class TercomTokenizer implements Tokenizer {

    private static final long serialVersionUID = 1L;
    private static final TercomTokenizer DEFAULTS = new TercomTokenizer(false, true, false, false);

    /** Whether marks become tokens. */
    private final boolean normalized;
    /** Whether marks are kept. */
    private final boolean punctuation;
    /** Whether the other two settings see Chinese and Japanese. */
    private final boolean asian;
    /** Whether capitals are kept. */
    private final boolean caseSensitive;

    private TercomTokenizer(boolean normalized, boolean punctuation, boolean asian, boolean caseSensitive) {
        this.normalized = normalized;
        this.punctuation = punctuation;
        this.asian = asian;
        this.caseSensitive = caseSensitive;
    }

    /**
     * The tokenizer as the reference has it by default: small letters, nothing else.
     *
     * @return the tokenizer
     */
    public static TercomTokenizer withDefaults() {
        return DEFAULTS;
    }

    /**
     * Whether marks become tokens of their own, lines are joined and four entities of XML decoded; off by default.
     *
     * @param value whether they do
     * @return a tokenizer with that setting
     */
    public TercomTokenizer withNormalization(boolean value) {
        return new TercomTokenizer(value, punctuation, asian, caseSensitive);
    }

    /**
     * Whether full stops, commas, question marks, colons, semicolons, exclamation marks, double quotes and round brackets stay; on
     * by default. The reference's {@code no_punct} is the contrary.
     *
     * @param value whether they stay
     * @return a tokenizer with that setting
     */
    public TercomTokenizer withPunctuation(boolean value) {
        return new TercomTokenizer(normalized, value, asian, caseSensitive);
    }

    /**
     * Whether normalization also cuts Chinese characters apart, and removal of punctuation also removes that of Chinese and
     * Japanese; off by default, and without effect by itself.
     *
     * @param value whether they do
     * @return a tokenizer with that setting
     */
    public TercomTokenizer withAsianSupport(boolean value) {
        return new TercomTokenizer(normalized, punctuation, value, caseSensitive);
    }

    /**
     * Whether capitals stay; off by default.
     *
     * @param value whether they stay
     * @return a tokenizer with that setting
     */
    public TercomTokenizer withCaseSensitivity(boolean value) {
        return new TercomTokenizer(normalized, punctuation, asian, value);
    }

    /**
     * Whether marks become tokens of their own.
     *
     * @return the setting
     */
    public boolean normalization() {
        return normalized;
    }

    /**
     * Whether punctuation stays.
     *
     * @return the setting
     */
    public boolean punctuation() {
        return punctuation;
    }

    /**
     * Whether Chinese and Japanese are treated as well.
     *
     * @return the setting
     */
    public boolean asianSupport() {
        return asian;
    }

    /**
     * Whether capitals stay.
     *
     * @return the setting
     */
    public boolean caseSensitivity() {
        return caseSensitive;
    }

    @Override
    public List<String> tokenize(String text) {
        return tokens(text).asList();
    }

    @Override
    public Tokens tokens(String text) {
        String prepared = PythonText.stripEnd(text);
        if (!caseSensitive) {
            prepared = PythonText.lower(prepared);
        }
        if (normalized && !prepared.isEmpty()) {
            prepared = TercomNormalizer.western(prepared);
            if (asian) {
                prepared = TercomNormalizer.asian(prepared);
            }
        }
        return punctuation ? Slices.split(prepared) : withoutPunctuation(prepared);
    }

    private Tokens withoutPunctuation(String text) {
        Tokens.Builder tokens = new Tokens.Builder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (PythonText.isSpace(unit)) {
                tokens.end();
            } else if (!isPunctuation(unit)) {
                tokens.append(unit);
            }
        }
        return tokens.build();
    }

    private boolean isPunctuation(char unit) {
        return switch (unit) {
            case '.', ',', '?', ':', ';', '!', '"', '(', ')' -> true;
            default -> asian && TercomNormalizer.isAsianPunctuation(unit);
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TercomTokenizer that
                && normalized == that.normalized
                && punctuation == that.punctuation
                && asian == that.asian
                && caseSensitive == that.caseSensitive;
    }

    @Override
    public int hashCode() {
        return (normalized ? 1 : 0) | (punctuation ? 2 : 0) | (asian ? 4 : 0) | (caseSensitive ? 8 : 0);
    }

    /**
     * The settings as the reference's signature names them.
     *
     * @return for example {@code tercom, case lc, norm no, punct yes, asian no}
     */
    @Override
    public String toString() {
        return "tercom, case " + (caseSensitive ? "mixed" : "lc") + ", norm " + yes(normalized) + ", punct "
                + yes(punctuation) + ", asian " + yes(asian);
    }

    private static String yes(boolean setting) {
        return setting ? "yes" : "no";
    }
}
