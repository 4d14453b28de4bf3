package dev.llmmem.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.metrics.Goldens;
import org.junit.jupiter.api.Test;

class Pcg64Test {

    @Test
    void drawsWhatNumpyDraws() {
        for (Goldens.Row row : Goldens.rows(Pcg64Test.class, "pcg64.jsonl.gz")) {
            Pcg64 random = new Pcg64((long) row.get("seed"));
            int[] values;
            int bound = 10;
            if (row.containsKey("bits")) {
                values = Goldens.ints(row.get("then"));
                StringBuilder bits = new StringBuilder();
                Pcg64.Booleans booleans = random.booleans();
                while (bits.length() < ((String) row.get("bits")).length()) {
                    bits.append(booleans.next() ? '1' : '0');
                }
                assertThat(bits).as("%s", row).hasToString((String) row.get("bits"));
            } else {
                values = Goldens.ints(row.get("values"));
                bound = ((Number) row.get("n")).intValue();
            }
            for (int value : values) {
                assertThat(random.index(bound)).as("%s", row).isEqualTo(value);
            }
        }
    }

    /** {@code numpy.random.default_rng(2**63 - 1).bit_generator.random_raw(2)}, and the same of 0. */
    @Test
    void takesSeedsOf63Bits() {
        assertThat(Long.toUnsignedString(new Pcg64(Long.MAX_VALUE).nextLong())).isEqualTo("3236778688619115796");
        assertThat(Long.toUnsignedString(new Pcg64(0).nextLong())).isEqualTo("11749869230777074271");
        assertThat(new Pcg64(81985529216486895L).index(Integer.MAX_VALUE)).isEqualTo(419337213);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pcg64(-1))
                .withMessage("seed is -1, but must be at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pcg64(1).index(0))
                .withMessage("bound is 0, but must be at least 1");
    }
}
