package dev.llmmem.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class Mt19937Test {

    /** The generator's authors and C++ ({@code std::mt19937}): the 10,000th number of the default seed is 4123659995. */
    @Test
    void isTheMersenneTwister() {
        Mt19937 generator = new Mt19937(5489);
        assertThat(Integer.toUnsignedLong(generator.next())).isEqualTo(3499211612L);
        int last = 0;
        for (int i = 1; i < 10_000; i++) {
            last = generator.next();
        }
        assertThat(Integer.toUnsignedLong(last)).isEqualTo(4123659995L);
    }

    @Test
    void drawsNothingForOneChoice() {
        Mt19937 generator = new Mt19937(Mt19937.LARGEST_SEED);
        assertThat(generator.index(1)).isZero();
        assertThat(generator.next()).isEqualTo(new Mt19937(Mt19937.LARGEST_SEED).next());
        assertThat(generator.index(Integer.MAX_VALUE)).isNotNegative();
    }

    @Test
    void refusesWhatItCannotDo() {
        for (long seed : new long[] {-1, 1L << 32}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Mt19937(seed))
                    .withMessage("seed is " + seed + ", but must be 0 to 4294967295");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mt19937(1).index(0))
                .withMessage("bound is 0, but must be at least 1");
    }
}
