package dev.llmmem.metrics.text;

/**
 * The three substitutions of sacreBLEU's {@code tokenizer_intl.py}, made in one pass; that runs of punctuation need one bit of state
 * is explained at {@link MtevalTokens}.
 */
final class IntlTokens {

    private IntlTokens() {}

    static Tokens of(String text) {
        char[] units = text.toCharArray();
        Slices slices = new Slices(units);
        int start = 0;
        byte before = UnicodeClasses.OTHER;
        boolean consumed = true;
        byte kind = kind(units, 0);
        for (int i = 0; i < units.length; ) {
            int end = i + Character.charCount(Character.codePointAt(units, i));
            byte after = kind(units, end);
            boolean alone = kind == UnicodeClasses.SYMBOL;
            if (kind == UnicodeClasses.PUNCTUATION) {
                boolean second = before != UnicodeClasses.NUMBER && !consumed;
                alone = second || (end < units.length && after != UnicodeClasses.NUMBER);
                consumed = second;
            } else {
                consumed = false;
            }
            if (alone || PythonText.isSpace(units[i])) {
                slices.cut(start, i);
                if (alone) {
                    slices.cut(i, end);
                }
                start = end;
            }
            before = kind;
            kind = after;
            i = end;
        }
        slices.cut(start, units.length);
        return slices.tokens();
    }

    private static byte kind(char[] units, int place) {
        return place < units.length ? UnicodeClasses.of(Character.codePointAt(units, place)) : UnicodeClasses.OTHER;
    }
}
