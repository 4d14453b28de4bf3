package dev.llmmem.metrics.text;

import java.util.Arrays;

/**
 * Numbers tokens from 0 in the order in which they first appear, equal ones alike, so that scorers compare integers. For one
 * thread; {@link #clear} forgets all and keeps the room.
 */
public final class TokenNumbers {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    /** Numbers plus 1, or 0 where nothing is; a power of two of them, at least twice as many as tokens. */
    private int[] slots = new int[128];

    private int size;
    /** By number: the slot, the hash, and where the units end. */
    private int[] slotOf = new int[64];

    private int[] hashes = new int[64];
    private int[] ends = new int[64];
    private char[] units = new char[512];

    /** Starts with no token. */
    public TokenNumbers() {}

    /**
     * How many different tokens there were since the start or {@link #clear}.
     *
     * @return a number, at least 0
     */
    public int size() {
        return size;
    }

    /** Forgets all tokens, in time proportional to their number. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            slots[slotOf[i]] = 0;
        }
        size = 0;
    }

    /**
     * Numbers tokens.
     *
     * @param tokens the tokens
     * @param numbers where their numbers go, from place 0 on; at least as long as there are tokens
     */
    public void number(Tokens tokens, int[] numbers) {
        for (int i = 0; i < tokens.size(); i++) {
            numbers[i] = number(tokens, tokens.start(i), tokens.end(i));
        }
    }

    private int number(Tokens tokens, int start, int end) {
        long mixed = end - (long) start;
        for (int i = start; i < end; i++) {
            mixed = (mixed ^ tokens.unit(i)) * MULTIPLIER;
            mixed ^= mixed >>> 29;
        }
        int hash = (int) (mixed ^ (mixed >>> 32));
        int slot = hash & (slots.length - 1);
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (hashes[number] == hash && equal(number, tokens, start, end)) {
                return number;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return add(tokens, start, end, hash, slot);
    }

    private boolean equal(int number, Tokens tokens, int start, int end) {
        int from = number == 0 ? 0 : ends[number - 1];
        if (ends[number] - from != end - start) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (units[from + i - start] != tokens.unit(i)) {
                return false;
            }
        }
        return true;
    }

    private int add(Tokens tokens, int start, int end, int hash, int slot) {
        if (size == hashes.length) {
            int room = Math.multiplyExact(size, 2);
            slotOf = Arrays.copyOf(slotOf, room);
            hashes = Arrays.copyOf(hashes, room);
            ends = Arrays.copyOf(ends, room);
        }
        int from = size == 0 ? 0 : ends[size - 1];
        int to = Math.addExact(from, end - start);
        if (to > units.length) {
            units = Arrays.copyOf(units, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(to, 2L * units.length)));
        }
        for (int i = start; i < end; i++) {
            units[from + i - start] = tokens.unit(i);
        }
        ends[size] = to;
        hashes[size] = hash;
        slotOf[size] = slot;
        slots[slot] = ++size;
        if (2 * size > slots.length) {
            grow();
        }
        return size - 1;
    }

    private void grow() {
        slots = new int[Math.multiplyExact(slots.length, 2)];
        for (int number = 0; number < size; number++) {
            int slot = hashes[number] & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = number + 1;
            slotOf[number] = slot;
        }
    }
}
