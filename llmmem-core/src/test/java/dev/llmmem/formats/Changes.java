package dev.llmmem.formats;

import java.util.List;

/** What the properties do to valid files. */
final class Changes {

    private Changes() {}

    /** A copy with some bytes changed. */
    static byte[] bytes(byte[] file, List<Integer> places, byte value) {
        byte[] changed = file.clone();
        for (int place : places) {
            changed[place % changed.length] = (byte) (value + place);
        }
        return changed;
    }

    /** A text with a piece in place of some characters. */
    static String text(String text, int place, int dropped, String piece) {
        int from = place % text.length();
        int to = Math.min(text.length(), from + dropped);
        return text.substring(0, from) + piece + text.substring(to);
    }
}
