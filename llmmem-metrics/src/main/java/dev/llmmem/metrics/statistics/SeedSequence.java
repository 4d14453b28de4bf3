package dev.llmmem.metrics.statistics;

/**
 * Mixes a seed into as many bits as a generator wants, as NumPy's {@code SeedSequence} (numpy/random/bit_generator.pyx of NumPy
 * 2.4, after O'Neill's {@code seed_seq_fe}) does.
 */
final class SeedSequence {

    private static final int POOL = 4;
    private static final int SHIFT = 16;

    private SeedSequence() {}

    /** The words that {@code SeedSequence(seed).generate_state(count, numpy.uint64)} gives. */
    static long[] words(long seed, int count) {
        int[] pool = pool(seed);
        long[] words = new long[count];
        int hash = 0x8B51F9DD;
        for (int i = 0; i < 2 * count; i++) {
            int value = pool[i % POOL] ^ hash;
            hash *= 0x58F38DED;
            value *= hash;
            value ^= value >>> SHIFT;
            words[i / 2] |= (value & 0xFFFF_FFFFL) << (32 * (i % 2));
        }
        return words;
    }

    private static int[] pool(long seed) {
        int[] entropy = {(int) seed, (int) (seed >>> 32), 0, 0};
        int[] pool = new int[POOL];
        Hash hash = new Hash();
        for (int i = 0; i < POOL; i++) {
            pool[i] = hash.of(entropy[i]);
        }
        for (int from = 0; from < POOL; from++) {
            for (int to = 0; to < POOL; to++) {
                if (from != to) {
                    pool[to] = mixed(pool[to], hash.of(pool[from]));
                }
            }
        }
        return pool;
    }

    private static int mixed(int x, int y) {
        int result = x * 0xCA01F9DD - y * 0x4973F715;
        return result ^ result >>> SHIFT;
    }

    /** A hash whose constant moves on with every value. */
    private static final class Hash {

        private int constant = 0x43B0D7E5;

        int of(int word) {
            int value = word ^ constant;
            constant *= 0x931E8875;
            value *= constant;
            return value ^ value >>> SHIFT;
        }
    }
}
