package dev.llmmem.metrics.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Texts as CPython 3.11 treats them, which Java treats otherwise: white space, and the small letters of capitals. Python's {@code
 * str} follows Unicode 14 (unicodedata.unidata_version), whatever version the JDK follows.
 */
public final class PythonText {

    private static final int CAPITAL_SIGMA = 0x3A3;
    private static final int SMALL_SIGMA = 0x3C3;
    private static final int FINAL_SIGMA = 0x3C2;
    private static final int CAPITAL_I_WITH_DOT = 0x130;

    private PythonText() {}

    /**
     * Whether a character is white space to {@code str.isspace}, {@code str.split} and {@code \\s} of {@code re}.
     *
     * @param character a UTF-16 unit; none of Python's 29 spaces needs two
     * @return whether it is
     */
    public static boolean isSpace(char character) {
        if (character <= ' ') {
            return character == ' '
                    || (character >= '\t' && character <= '\r')
                    || (character >= 0x1C && character <= 0x1F);
        }
        return character >= 0x85
                && (character == 0x85
                        || character == 0xA0
                        || character == 0x1680
                        || (character >= 0x2000 && character <= 0x200A)
                        || character == 0x2028
                        || character == 0x2029
                        || character == 0x202F
                        || character == 0x205F
                        || character == 0x3000);
    }

    /**
     * Without white space at the end, as {@code str.rstrip}.
     *
     * @param text any text
     * @return the text or the start of it
     */
    public static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /**
     * Without white space on either side, as {@code str.strip}.
     *
     * @param text any text
     * @return the text or a part of it
     */
    public static String strip(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return stripEnd(text.substring(start));
    }

    /**
     * Cut at white space, as {@code str.split}.
     *
     * @param text any text
     * @return what stands between, none of it empty; unmodifiable
     */
    public static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            if (isSpace(text.charAt(i))) {
                if (start >= 0) {
                    parts.add(text.substring(start, i));
                    start = -1;
                }
            } else if (start < 0) {
                start = i;
            }
        }
        if (start >= 0) {
            parts.add(text.substring(start));
        }
        return List.copyOf(parts);
    }

    /**
     * In small letters, as {@code str.lower}: one by one, but for a capital sigma, which is final after a letter and before none
     * (The Unicode Standard 14, section 3.13, Final_Sigma), and the capital I with a dot, which becomes two characters.
     *
     * @param text any text; lone surrogates stay
     * @return the text in small letters, or the same object if there is nothing to change
     */
    public static String lower(String text) {
        int first = 0;
        while (first < text.length() && text.charAt(first) < 0x80 && !isAsciiCapital(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        char[] units = text.toCharArray();
        while (first < units.length && units[first] < 0x80) {
            units[first] = (char) lower(units[first]);
            first++;
        }
        if (first == units.length) {
            return new String(units);
        }
        StringBuilder lower = new StringBuilder(text.length() + 2).append(units, 0, first);
        for (int i = first; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (point == CAPITAL_SIGMA) {
                lower.appendCodePoint(isFinal(text, i) ? FINAL_SIGMA : SMALL_SIGMA);
            } else if (point == CAPITAL_I_WITH_DOT) {
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(lower(point));
            }
            i += Character.charCount(point);
        }
        return lower.toString();
    }

    /** The small letter of a character by itself, of one code point. */
    static int lower(int point) {
        if (point < 0x80) {
            return isAsciiCapital(point) ? point + 32 : point;
        }
        int since14 = LaterLetters.lower(point);
        return since14 != LaterLetters.OLDER ? since14 : Character.toLowerCase(point);
    }

    private static boolean isAsciiCapital(int point) {
        return point >= 'A' && point <= 'Z';
    }

    /** Whether a sigma ends a word: a cased letter stands before it and none after, ignoring what is neither. */
    private static boolean isFinal(String text, int sigma) {
        int before = sigma;
        int point = -1;
        while (before > 0) {
            point = text.codePointBefore(before);
            if (!isIgnorable(point)) {
                break;
            }
            before -= Character.charCount(point);
        }
        if (before == 0 || !isCased(point)) {
            return false;
        }
        for (int after = sigma + 1; after < text.length(); after += Character.charCount(point)) {
            point = text.codePointAt(after);
            if (!isIgnorable(point)) {
                return !isCased(point);
            }
        }
        return true;
    }

    private static boolean isCased(int point) {
        return Character.isLowerCase(point) || Character.isUpperCase(point) || Character.isTitleCase(point);
    }

    /** Case_Ignorable: marks, modifiers, formats, and what Unicode's word breaks call MidLetter, MidNumLet or Single_Quote. */
    private static boolean isIgnorable(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default ->
                switch (point) {
                    case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027 -> true;
                    case 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A -> true;
                    default -> false;
                };
        };
    }
}
