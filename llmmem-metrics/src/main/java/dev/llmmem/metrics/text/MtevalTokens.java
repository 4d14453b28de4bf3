package dev.llmmem.metrics.text;

import java.util.Arrays;

/**
 * The four substitutions of sacreBLEU's {@code tokenizer_re.py}, made in one pass.
 *
 * <p>Each of them consumes what it looks at, so that in runs of full stops and commas the first substitution takes every other one. Only
 * that state passes from one character to the next: a full stop or comma is split off by the second substitution unless a digit
 * stands before it, or another that the same substitution has just consumed; then one of the two has a space beside it, so
 * the third finds every one that is left, unless a digit follows.
 */
final class MtevalTokens {

    private static final byte WORD = 0;
    private static final byte DIGIT = 1;
    private static final byte SPACE = 2;
    private static final byte SYMBOL = 3;
    /** A full stop or comma. */
    private static final byte POINT = 4;

    private static final byte HYPHEN = 5;

    /** First and last of the ranges of {@code tokenizer_zh.py}, as it compares them. */
    private static final String CHINESE =
            "\u3400\u4DB5\u4E00\u9FA5\u9FA6\u9FBB\uF900\uFA2D\uFA30\uFA6A\uFA70\uFAD9\u2001\u2A6D\u2F81\u2FA1\uFF00\uFFEF"
                    + "\u2E80\u2EFF\u3000\u303F\u31C0\u31EF\u2F00\u2FDF\u2FF0\u2FFF\u3100\u312F\u31A0\u31BF\uFE10\uFE1F"
                    + "\uFE30\uFE4F\u2600\u26FF\u2700\u27BF\u3200\u32FF\u3300\u33FF";

    private static final byte[] KINDS_13A = kinds("");
    private static final byte[] KINDS_ZH = kinds(CHINESE);

    private MtevalTokens() {}

    /** The kind of each UTF-16 unit; a later line takes precedence. */
    private static byte[] kinds(String symbolRanges) {
        byte[] kinds = new byte[Character.MAX_VALUE + 1];
        for (int i = 0; i < symbolRanges.length(); i += 2) {
            Arrays.fill(kinds, symbolRanges.charAt(i), symbolRanges.charAt(i + 1) + 1, SYMBOL);
        }
        for (char c = 0; c < 0x80; c++) {
            kinds[c] = isSymbol(c) ? SYMBOL : WORD;
        }
        Arrays.fill(kinds, '0', '9' + 1, DIGIT);
        kinds['-'] = HYPHEN;
        kinds['.'] = POINT;
        kinds[','] = POINT;
        for (int c = 0; c < kinds.length; c++) {
            if (PythonText.isSpace((char) c)) {
                kinds[c] = SPACE;
            }
        }
        return kinds;
    }

    private static boolean isSymbol(char c) {
        return (c >= '{' && c <= '~')
                || (c >= '[' && c <= '`')
                || (c >= ' ' && c <= '&')
                || (c >= '(' && c <= '+')
                || (c >= ':' && c <= '@')
                || c == '/';
    }

    static Tokens of13a(String text) {
        String line = text;
        if (line.contains("<skipped>")) {
            line = line.replace("<skipped>", "");
        }
        if (line.contains("-\n")) {
            line = line.replace("-\n", "");
        }
        if (line.indexOf('&') >= 0) {
            line = line.replace("&quot;", "\"")
                    .replace("&amp;", "&")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">");
        }
        return of(line.toCharArray(), KINDS_13A, true);
    }

    static Tokens ofZh(String text) {
        return of(PythonText.strip(text).toCharArray(), KINDS_ZH, false);
    }

    /**
     * The tokens of a line.
     *
     * @param padded whether there is a space before and after the line
     */
    private static Tokens of(char[] units, byte[] kinds, boolean padded) {
        Slices slices = new Slices(units);
        int length = units.length;
        int start = 0;
        // the last full stop or comma that the second substitution took; nothing stands before a line that is not
        // padded, which is as
        // if it were taken
        int taken = padded ? -2 : -1;
        for (int i = 0; i < length; i++) {
            byte kind = kinds[units[i]];
            if (kind <= DIGIT) {
                continue;
            }
            boolean alone = kind == SYMBOL;
            if (kind > SYMBOL) {
                boolean afterDigit = i > 0 && kinds[units[i - 1]] == DIGIT;
                if (kind == HYPHEN) {
                    alone = afterDigit;
                } else {
                    alone = !afterDigit && taken != i - 1;
                    if (alone) {
                        taken = i;
                    } else {
                        alone = i + 1 < length ? kinds[units[i + 1]] != DIGIT : padded;
                    }
                }
                if (!alone) {
                    continue;
                }
            }
            slices.cut(start, i);
            if (alone) {
                slices.cut(i, i + 1);
            }
            start = i + 1;
        }
        slices.cut(start, length);
        return slices.tokens();
    }
}
