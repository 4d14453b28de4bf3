package dev.llmmem.metrics.text;

/**
 * Capitals that Unicode 14 added, which Java 17 does not know, and those that later versions added, which later JDKs know and Python
 * 3.11 does not (UnicodeData.txt of 14.0, 15.0, 16.0 and 17.0).
 */
final class LaterLetters {

    /** Says that Java and Python agree. */
    static final int OLDER = -1;

    private LaterLetters() {}

    /** The small letter in Unicode 14 of a capital that 14 or a later version added, or {@link #OLDER}. */
    static int lower(int point) {
        if (point < 0x1C89) {
            return OLDER;
        }
        if (point >= 0x10570 && point <= 0x10595) { // Vithkuqi
            return point == 0x1057B || point == 0x1058B || point == 0x10593 ? point : point + 0x27;
        }
        return switch (point) {
            case 0x2C2F -> 0x2C5F;
            case 0xA7C0, 0xA7D0, 0xA7D6, 0xA7D8 -> point + 1;
            case 0x1C89, 0xA7CB, 0xA7CC, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA, 0xA7DC -> point; // 16 and 17
            default -> isLaterRow(point) ? point : OLDER;
        };
    }

    /** Garay (16) and Beria Erfe (17). */
    private static boolean isLaterRow(int point) {
        return (point >= 0x10D50 && point <= 0x10D65) || (point >= 0x16EA0 && point <= 0x16EB8);
    }
}
