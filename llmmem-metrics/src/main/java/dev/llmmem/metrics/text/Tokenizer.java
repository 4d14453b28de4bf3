package dev.llmmem.metrics.text;

import java.io.Serializable;
import java.util.List;

/** Cuts a text into tokens. Implementations are immutable and thread-safe; equal ones cut alike. */
@FunctionalInterface
public interface Tokenizer extends Serializable {

    /**
     * Cuts a text.
     *
     * @param text any text, lone surrogates among it
     * @return its tokens in order; none of them empty
     */
    List<String> tokenize(String text);

    /**
     * The same as slices of one string, which scorers read without making strings.
     *
     * @param text any text
     * @return its tokens in order
     */
    default Tokens tokens(String text) {
        return Tokens.of(tokenize(text));
    }
}
