package dev.llmmem.metrics.text;

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

    private static final byte[] KINDS = new byte[0x80];

    /** First and last of the ranges of {@code tokenizer_zh.py}, as it compares them. */
    private static final String CHINESE =
            "\u3400\u4DB5\u4E00\u9FA5\u9FA6\u9FBB\uF900\uFA2D\uFA30\uFA6A\uFA70\uFAD9\u2001\u2A6D\u2F81"
                    + "\u2FA1\uFF00\uFFEF\u2E80\u2EFF\u3000\u303F\u31C0\u31EF\u2F00\u2FDF\u2FF0\u2FFF\u3100\u312F\u31A0\u31BF\uFE10\uFE1F\uFE30"
                    + "\uFE4F\u2600\u26FF\u2700\u27BF\u3200\u32FF\u3300\u33FF";

    static {
        for (char c = 0; c < KINDS.length; c++) {
            KINDS[c] = PythonText.isSpace(c)
                    ? SPACE
                    : c >= '0' && c <= '9'
                            ? DIGIT
                            : c == '.' || c == ',' ? POINT : c == '-' ? HYPHEN : isSymbol(c) ? SYMBOL : WORD;
        }
    }

    private MtevalTokens() {}

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
        return of(line.toCharArray(), true, false);
    }

    static Tokens ofZh(String text) {
        return of(PythonText.strip(text).toCharArray(), false, true);
    }

    /**
     * The tokens of a line.
     *
     * @param padded whether there is a space before and after the line
     */
    private static Tokens of(char[] units, boolean padded, boolean chinese) {
        Slices slices = new Slices(units);
        int start = 0;
        byte before = padded ? SPACE : WORD;
        boolean consumed = !padded;
        for (int i = 0; i < units.length; i++) {
            byte kind = kind(units[i], chinese);
            boolean alone = kind == SYMBOL;
            if (kind == POINT) {
                boolean second = before != DIGIT && !consumed;
                alone = second || (i + 1 < units.length ? kind(units[i + 1], false) != DIGIT : padded);
                consumed = second;
            } else {
                consumed = false;
                alone |= kind == HYPHEN && before == DIGIT;
            }
            if (alone || kind == SPACE) {
                slices.cut(start, i);
                if (alone) {
                    slices.cut(i, i + 1);
                }
                start = i + 1;
            }
            before = kind;
        }
        slices.cut(start, units.length);
        return slices.tokens();
    }

    private static byte kind(char unit, boolean chinese) {
        if (unit < 0x80) {
            return KINDS[unit];
        }
        return PythonText.isSpace(unit) ? SPACE : chinese && isChinese(unit) ? SYMBOL : WORD;
    }

    private static boolean isChinese(char unit) {
        for (int i = 0; i < CHINESE.length(); i += 2) {
            if (unit >= CHINESE.charAt(i) && unit <= CHINESE.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }
}
