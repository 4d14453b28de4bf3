package dev.llmmem.metrics.chrf;

import dev.llmmem.metrics.text.PythonText;
import java.util.Arrays;

/**
 * Numbers the characters of texts from 0 in the order in which they first appear, code points as Python counts them. For one
 * thread; {@link #clear} forgets all and keeps the room.
 */
final class Characters {

    private static final int DIRECT = 0x1000;
    private static final int MULTIPLIER = 0x9E37_79B1;

    /** By code point: number plus 1, or 0. */
    private final int[] direct = new int[DIRECT];
    /** Numbers plus 1 of higher code points; a power of two of them, at least twice as many as numbers. */
    private int[] slots = new int[256];

    private int[] points = new int[128];
    private int size;

    /** How many different characters there were. */
    int size() {
        return size;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            if (points[i] < DIRECT) {
                direct[points[i]] = 0;
            } else {
                Arrays.fill(slots, 0);
                break;
            }
        }
        for (int i = 0; i < size; i++) {
            if (points[i] < DIRECT) {
                direct[points[i]] = 0;
            }
        }
        size = 0;
    }

    /** Numbers the characters of a text, white space only if wanted; returns how many they are, at most as many as UTF-16 units. */
    int number(String text, boolean space, int[] numbers) {
        int count = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (!space && PythonText.isSpace(unit)) {
                continue;
            }
            int number;
            if (unit < DIRECT) {
                number = direct[unit] - 1;
                if (number < 0) {
                    number = add(unit);
                    direct[unit] = number + 1;
                }
            } else {
                int point = unit;
                if (Character.isHighSurrogate(unit) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                    point = Character.toCodePoint(unit, text.charAt(++i));
                }
                number = high(point);
            }
            numbers[count++] = number;
        }
        return count;
    }

    private int high(int point) {
        int slot = slot(point);
        while (slots[slot] != 0) {
            if (points[slots[slot] - 1] == point) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        int number = add(point);
        slots[slot] = number + 1;
        if (2 * size > slots.length) {
            grow();
        }
        return number;
    }

    private int slot(int point) {
        return (point * MULTIPLIER) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    private int add(int point) {
        if (size == points.length) {
            points = Arrays.copyOf(points, 2 * size);
        }
        points[size] = point;
        return size++;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        for (int number = 0; number < size; number++) {
            if (points[number] >= DIRECT) {
                int slot = slot(points[number]);
                while (slots[slot] != 0) {
                    slot = (slot + 1) & (slots.length - 1);
                }
                slots[slot] = number + 1;
            }
        }
    }
}
