package dev.llmmem.model;

import com.google.errorprone.annotations.Immutable;
import java.util.Locale;

/**
 * How loss falls with parameters and tokens, and what split of a budget is optimal.
 *
 * <p>Laws are fitted to one kind of data and tokenizer; they tell the shape of a plan, not the loss of another corpus. The
 * budget is in floating-point operations, six per parameter and token.
 */
public enum ScalingLaw {
    /**
     * Kaplan and others, arXiv 2001.08361: parameters without embeddings. The optimum is that of table 6, N = 1.3e9
     * &times; C<sup>0.73</sup> for C in days of 10<sup>15</sup> operations a second, where C is the least budget, spent with
     * batches far below the critical size; the loss is that of equation 1.5 with the constants of table 2, for training to
     * convergence. They are two fits: the optimum is not where this loss is lowest.
     */
    KAPLAN(new Kaplan()),
    /**
     * Hoffmann and others (Chinchilla), arXiv 2203.15556, the third approach: loss = 1.6934 + 406.4 / N<sup>0.3392</sup>
     * + 410.7 / D<sup>0.2849</sup>, all parameters counted. The paper prints the exponents as 0.34 and 0.28, which would
     * move its optimum for Gopher's budget from 40 to 32 billion parameters; the digits are those of its source, as arXiv
     * 2404.10102 quotes them. The optimum follows from the loss (equation 4).
     */
    CHINCHILLA(new Parametric(1.6934, 406.4, 410.7, 0.3392, 0.2849)),
    /**
     * Besiroglu and others, arXiv 2404.10102: the third approach fitted again to Chinchilla's runs, loss = 1.8172 + 482.01
     * / N<sup>0.3478</sup> + 2085.43 / D<sup>0.3658</sup>. About 20 tokens per parameter, as Chinchilla's other two
     * approaches say.
     */
    CHINCHILLA_REFITTED(new Parametric(1.8172, 482.01, 2085.43, 0.3478, 0.3658));

    private final Law law;

    ScalingLaw(Law law) {
        this.law = law;
    }

    /**
     * What a budget is best spent on.
     *
     * @param parameters the size of the model
     * @param tokens what it is trained on: budget / (6 &times; parameters)
     */
    public record Optimum(double parameters, double tokens) {

        /**
         * Both numbers, rounded to three digits.
         *
         * @return for example {@code 4.03e+10 parameters on 2.38e+12 tokens}
         */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2e parameters on %.2e tokens", parameters, tokens);
        }
    }

    /**
     * The loss of a model.
     *
     * @param parameters the size of the model, at least 1
     * @param tokens what it is trained on, at least 1
     * @return nats per token
     * @throws IllegalArgumentException if a number is below 1 or not finite
     */
    public double loss(double parameters, double tokens) {
        return law.loss(atLeastOne("parameters", parameters, "1"), atLeastOne("tokens", tokens, "1"));
    }

    /**
     * The split of a budget that the law calls optimal.
     *
     * @param flops the budget in floating-point operations, at least 1
     * @return parameters and tokens whose product is a sixth of the budget
     * @throws IllegalArgumentException if the budget is below 1 or not finite
     */
    public Optimum optimum(double flops) {
        double parameters = law.parameters(atLeastOne("flops", flops, "1 operation"));
        return new Optimum(parameters, flops / (6 * parameters));
    }

    private static double atLeastOne(String name, double value, String least) {
        if (!(value >= 1 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be finite and at least " + least);
        }
        return value;
    }

    /** The loss of a model, and the size that a budget is best spent on. */
    @Immutable
    private sealed interface Law {
        double loss(double parameters, double tokens);

        double parameters(double flops);
    }

    private record Kaplan() implements Law {

        private static final double PETAFLOP_DAY = 1e15 * 86_400;

        @Override
        public double loss(double parameters, double tokens) {
            return Math.pow(Math.pow(6.4e13 / parameters, 0.076 / 0.103) + 1.8e13 / tokens, 0.103);
        }

        @Override
        public double parameters(double flops) {
            return 1.3e9 * Math.pow(flops / PETAFLOP_DAY, 0.73);
        }
    }

    /** loss = least + a / N<sup>alpha</sup> + b / D<sup>beta</sup>. */
    private record Parametric(double least, double a, double b, double alpha, double beta) implements Law {

        @Override
        public double loss(double parameters, double tokens) {
            return least + a / Math.pow(parameters, alpha) + b / Math.pow(tokens, beta);
        }

        /** Where the derivative of the loss along 6ND = C vanishes. */
        @Override
        public double parameters(double flops) {
            double scale = Math.pow(alpha * a / (beta * b), 1 / (alpha + beta));
            return scale * Math.pow(flops / 6, beta / (alpha + beta));
        }
    }
}
