package dev.llmmem.metrics.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The tokenizers of sacreBLEU 2.6.0 that need no dictionary or model, with its tokens to the last one, defects included. White space
 * is Python's; it separates, and is in no token.
 *
 * <p>sacreBLEU cuts white space from the end of a text before it tokenizes, which decides whether the full stop of {@code
 * 2023.} is a token of its own to some of them. Scorers do that; these take the text as it is. Time and memory are linear in the text.
 */
public enum SacreTokenizer implements Tokenizer {
    /** Cuts at white space only. */
    NONE("none"),
    /**
     * The tokens of mteval-v13a.pl, which WMT uses ({@code tokenizer_13a.py}): {@code <skipped>} and hyphens at line ends are
     * removed, four entities of XML are decoded, then ASCII punctuation is split off, but for full stops and commas between digits,
     * apostrophes, and hyphens that follow no digit. Punctuation beyond ASCII is left.
     */
    THIRTEEN_A("13a"),
    /**
     * The tokens of mteval-v14.pl ({@code tokenizer_intl.py}): punctuation and symbols as Unicode 17 sorts them, whatever version the
     * JDK follows, but for punctuation between numbers. The full stop of a final {@code 2023.} stays.
     */
    INTL("intl"),
    /** Every character, by code points, is a token. */
    CHAR("char"),
    /**
     * Chinese characters by themselves, the rest as {@link #THIRTEEN_A} does, without entities ({@code tokenizer_zh.py}). Its ranges
     * take U+2001 to U+2A6D (quotes, arrows, mathematics) for Chinese and miss Extension B (mjpost/sacrebleu#298).
     */
    ZH("zh");

    private final String signature;

    SacreTokenizer(String signature) {
        this.signature = signature;
    }

    /**
     * What sacreBLEU calls it, in options and signatures.
     *
     * @return for example {@code 13a}
     */
    public String signature() {
        return signature;
    }

    /**
     * A tokenizer by what sacreBLEU calls it.
     *
     * @param signature one of {@code none}, {@code 13a}, {@code intl}, {@code char} and {@code zh}
     * @return the tokenizer
     * @throws IllegalArgumentException if none is called so; {@code ja-mecab}, {@code ko-mecab} and the SentencePiece ones, which need
     *     dictionaries or models, are not here
     */
    public static SacreTokenizer bySignature(String signature) {
        for (SacreTokenizer tokenizer : values()) {
            if (tokenizer.signature.equals(signature)) {
                return tokenizer;
            }
        }
        throw new IllegalArgumentException("signature is " + signature + ", but must be one of "
                + Arrays.stream(values()).map(SacreTokenizer::signature).collect(Collectors.joining(", ")));
    }

    /**
     * What sacreBLEU takes for a target language if no tokenizer is named.
     *
     * @param language a language code such as {@code zh}
     * @return {@link #ZH} for {@code zh}, and {@link #THIRTEEN_A} for all others
     * @throws IllegalArgumentException for {@code ja} and {@code ko}, for which sacreBLEU takes MeCab
     */
    public static SacreTokenizer forLanguage(String language) {
        return switch (language.toLowerCase(Locale.ROOT)) {
            case "zh" -> ZH;
            case "ja", "ko" ->
                throw new IllegalArgumentException("language is " + language
                        + ", but must not be one that needs a dictionary: pass a tokenizer of your own, or CHAR");
            default -> THIRTEEN_A;
        };
    }

    @Override
    public List<String> tokenize(String text) {
        return tokens(text).asList();
    }

    @Override
    public Tokens tokens(String text) {
        return switch (this) {
            case NONE -> Slices.split(text);
            case CHAR -> Slices.characters(text);
            case THIRTEEN_A -> MtevalTokens.of13a(text);
            case ZH -> MtevalTokens.ofZh(text);
            case INTL -> IntlTokens.of(text);
        };
    }

    @Override
    public String toString() {
        return signature;
    }
}
