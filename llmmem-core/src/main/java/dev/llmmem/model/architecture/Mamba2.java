package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Parameter.Kind;

/**
 * The mixer of Mamba-2 (arXiv 2405.21060): a short convolution, and a state for each channel, whose decay the channels of
 * a head share.
 *
 * @param heads the number of heads
 * @param headSize the channels of one
 * @param groups how many groups of heads share their projections into the state and out of it
 * @param state the elements of a channel's state
 * @param kernel the tokens that the convolution sees
 * @param convolutionBias whether the convolution has a bias
 * @param bias whether the projections in and out have one
 */
record Mamba2(int heads, int headSize, int groups, int state, int kernel, boolean convolutionBias, boolean bias) {

    /** The parameters of a layer after those that come before. */
    Tensors add(Tensors layer, String module, int hidden) {
        return layer.add(module + ".dt_bias", Kind.OTHER, (long) heads)
                .add(module + ".A_log", Kind.OTHER, (long) heads)
                .add(module + ".D", Kind.OTHER, (long) heads)
                .convolution(module + ".conv1d", convolved(), kernel, convolutionBias)
                .linear(module + ".in_proj", hidden, inner() + convolved() + heads, bias)
                .norm(module + ".norm", inner())
                .linear(module + ".out_proj", inner(), hidden, bias);
    }

    /** Keeps what the convolution sees, and the state for each channel. */
    Attention attention() {
        long seen = Math.multiplyExact(convolved(), (long) kernel);
        long states = Math.multiplyExact(inner(), (long) state);
        return new Attention.Recurrent(Attention.Recurrent.Rule.MAMBA2, heads, Math.addExact(seen, states));
    }

    /** Refuses groups that heads cannot be divided into. */
    Mamba2 grouped(Config config, String name) {
        config.require(heads % groups == 0, name, groups, "a divisor of the " + heads + " heads");
        return this;
    }

    /** Refuses heads that do not fill the inner width. */
    Mamba2 filling(Config config, String name, long inner) {
        config.require(
                inner() == inner, name, heads, "so many that heads of " + headSize + " fill the inner width " + inner);
        return this;
    }

    /** The number of channels. */
    long inner() {
        return (long) heads * headSize;
    }

    /** The number of channels that the convolution sees. */
    private long convolved() {
        return inner() + 2L * groups * state;
    }
}
