package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalingLawTest {

    /** Gopher's budget, arXiv 2203.15556. */
    private static final double GOPHER = 5.76e23;

    @Test
    void chinchillaGivesFortyBillionForGophersBudget() {
        // section 3.4: the third approach has a = 0.46 and 40 billion parameters for this budget
        assertThat(ScalingLaw.CHINCHILLA.optimum(GOPHER).parameters()).isCloseTo(40e9, within(0.5e9));
    }

    @Test
    void theRefittedLawGivesTwentyTokensPerParameter() {
        // arXiv 2404.10102: about 20 tokens per parameter, exponent 0.51 of parameters
        ScalingLaw.Optimum optimum = ScalingLaw.CHINCHILLA_REFITTED.optimum(GOPHER);
        ScalingLaw.Optimum tenfold = ScalingLaw.CHINCHILLA_REFITTED.optimum(10 * GOPHER);

        assertThat(optimum.tokens() / optimum.parameters()).isCloseTo(20, within(2.0));
        assertThat(Math.log10(tenfold.parameters() / optimum.parameters())).isCloseTo(0.5126, within(1e-4));
    }

    @Test
    void kaplanSpendsADayOfAPetaflopOnABillionParameters() {
        assertThat(ScalingLaw.KAPLAN.optimum(8.64e19).parameters()).isCloseTo(1.3e9, within(1.0));
        // with infinite data the loss is (Nc / N)^0.076, table 2
        assertThat(ScalingLaw.KAPLAN.loss(1e9, 1e300)).isCloseTo(Math.pow(6.4e4, 0.076), within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(ScalingLaw.class)
    void theWholeBudgetIsSpent(ScalingLaw law) {
        ScalingLaw.Optimum optimum = law.optimum(GOPHER);

        assertThat(6 * optimum.parameters() * optimum.tokens()).isCloseTo(GOPHER, within(1e-9 * GOPHER));
    }

    @Property(tries = 200)
    void noOtherSplitIsBetter(
            @ForAll @DoubleRange(min = 1e18, max = 1e27) double budget,
            @ForAll @DoubleRange(min = 0.1, max = 10) double factor) {
        for (ScalingLaw law : new ScalingLaw[] {ScalingLaw.CHINCHILLA, ScalingLaw.CHINCHILLA_REFITTED}) {
            ScalingLaw.Optimum best = law.optimum(budget);

            assertThat(law.loss(best.parameters() * factor, best.tokens() / factor))
                    .isGreaterThanOrEqualTo(law.loss(best.parameters(), best.tokens()) - 1e-12);
        }
    }

    @ParameterizedTest
    @EnumSource(ScalingLaw.class)
    void moreOfEitherLowersTheLoss(ScalingLaw law) {
        double loss = law.loss(1e9, 2e10);

        assertThat(law.loss(2e9, 2e10)).isLessThan(loss);
        assertThat(law.loss(1e9, 4e10)).isLessThan(loss);
    }

    @Test
    void anOptimumIsReadable() {
        assertThat(ScalingLaw.CHINCHILLA.optimum(GOPHER)).hasToString("4.03e+10 parameters on 2.38e+12 tokens");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingLaw.KAPLAN.loss(0.5, 1))
                .withMessage("parameters is 0.5, but must be finite and at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> ScalingLaw.KAPLAN.loss(1, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingLaw.CHINCHILLA.optimum(Double.POSITIVE_INFINITY))
                .withMessage("flops is Infinity, but must be finite and at least 1 operation");
    }
}
