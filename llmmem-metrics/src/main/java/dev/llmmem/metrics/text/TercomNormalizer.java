package dev.llmmem.metrics.text;

/**
 * The substitutions of {@link TercomTokenizer}, one after another as the reference makes them: each goes from left to right and
 * what it has matched it does not match again.
 */
final class TercomNormalizer {

    private TercomNormalizer() {}

    /** The general and the Western part. */
    static String western(String text) {
        String joined = text.replace("\n-", "").replace('\n', ' ');
        if (joined.indexOf('&') >= 0) {
            joined = joined.replace("&quot;", "\"")
                    .replace("&amp;", "&")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">");
        }
        // the text ends in a space from here on, so the reference's other rule for a possessive at the end never
        // applies
        String symbols = aroundSymbols(joined).replace("'s ", " 's ");
        return afterDigit(beforeOther(afterOther(symbols)));
    }

    private static String aroundSymbols(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + text.length() / 4 + 16).append(' ');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (isSymbol(unit)) {
                spaced.append(' ').append(unit).append(' ');
            } else {
                spaced.append(unit);
            }
        }
        return spaced.append(' ').toString();
    }

    /** ASCII but letters, digits, apostrophe, comma, hyphen and full stop; the space is one. */
    private static boolean isSymbol(char unit) {
        return (unit >= ' ' && unit <= '&')
                || (unit >= '(' && unit <= '+')
                || unit == '/'
                || (unit >= ':' && unit <= '@')
                || (unit >= '[' && unit <= '`')
                || (unit >= '{' && unit <= '~');
    }

    /** Full stop and comma behind what is no digit. */
    private static String afterOther(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            spaced.append(unit);
            if (!isDigit(unit) && i + 1 < text.length() && isStop(text.charAt(i + 1))) {
                spaced.append(' ').append(text.charAt(++i)).append(' ');
            }
        }
        return spaced.toString();
    }

    /** Full stop and comma before what is no digit. */
    private static String beforeOther(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (isStop(unit) && i + 1 < text.length() && !isDigit(text.charAt(i + 1))) {
                spaced.append(' ').append(unit).append(' ').append(text.charAt(++i));
            } else {
                spaced.append(unit);
            }
        }
        return spaced.toString();
    }

    /** A hyphen behind a digit. */
    private static String afterDigit(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            spaced.append(unit);
            if (isDigit(unit) && i + 1 < text.length() && text.charAt(i + 1) == '-') {
                spaced.append(' ').append('-').append(' ');
                i++;
            }
        }
        return spaced.toString();
    }

    private static boolean isDigit(char unit) {
        return unit >= '0' && unit <= '9';
    }

    private static boolean isStop(char unit) {
        return unit == '.' || unit == ',';
    }

    /** The Asian part: its rules for kana never apply, because they ask for the start of a text that starts with a space. */
    static String asian(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + text.length() / 4 + 16);
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= 0x2E80 && (isIdeograph(unit) || isAsianPunctuation(unit))) {
                spaced.append(' ').append(unit).append(' ');
            } else {
                spaced.append(unit);
            }
        }
        return spaced.toString();
    }

    /** The range from 3200 goes to 3F22 in the reference, not to 32FF, but what is between is in others anyway. */
    private static boolean isIdeograph(char unit) {
        return (unit >= 0x4E00 && unit <= 0x9FFF)
                || (unit >= 0x3200 && unit <= 0x4DBF)
                || (unit >= 0x31C0 && unit <= 0x31EF)
                || (unit >= 0x2E80 && unit <= 0x2EFF)
                || (unit >= 0xF900 && unit <= 0xFAFF)
                || (unit >= 0xFE30 && unit <= 0xFE4F);
    }

    /** The reference's ASIAN_PUNCT and FULL_WIDTH_PUNCT. */
    static boolean isAsianPunctuation(char unit) {
        if (unit < 0x3001) {
            return false;
        }
        return switch (unit) {
            case 0x3001, 0x3002, 0x30FB, 0xFF0E, 0xFF0C, 0xFF1F, 0xFF1A, 0xFF1B, 0xFF01, 0xFF02, 0xFF08, 0xFF09 -> true;
            default ->
                (unit >= 0x3008 && unit <= 0x3011)
                        || (unit >= 0x3014 && unit <= 0x301F)
                        || (unit >= 0xFF61 && unit <= 0xFF65);
        };
    }
}
