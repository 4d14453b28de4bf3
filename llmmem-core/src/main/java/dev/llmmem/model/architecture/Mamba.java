package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Parameter.Kind;

/**
 * The mixer of Mamba (arXiv 2312.00752): a short convolution, and a state for each channel.
 *
 * @param inner the number of channels
 * @param state the elements of a channel's state
 * @param kernel the tokens that the convolution sees
 * @param rank the rank of the time steps
 * @param convolutionBias whether the convolution has a bias
 * @param bias whether the projections in and out have one
 */
record Mamba(long inner, int state, int kernel, int rank, boolean convolutionBias, boolean bias) {

    /** The rank of time steps, which may be a sixteenth of the width, rounded up. */
    static int rank(Config config, int hidden, String name) {
        int derived = (hidden + 15) / 16;
        if (!config.isText(name)) {
            return config.count(Range.WIDTH, derived, name);
        }
        String text = config.text(name).orElse("");
        if (!text.equals("auto")) {
            config.refuse(name, text, "\"auto\" or " + Range.WIDTH);
        }
        return derived;
    }

    /** The parameters of a layer after those that come before. */
    Tensors add(Tensors layer, String module, int hidden) {
        return layer.add(module + ".A_log", Kind.OTHER, inner, (long) state)
                .add(module + ".D", Kind.OTHER, inner)
                .convolution(module + ".conv1d", inner, kernel, convolutionBias)
                .linear(module + ".in_proj", hidden, 2 * inner, bias)
                .linear(module + ".x_proj", inner, rank + 2L * state, false)
                .linear(module + ".dt_proj", rank, inner, true)
                .linear(module + ".out_proj", inner, hidden, bias);
    }

    /** Keeps what the convolution sees and the state, for each channel. */
    Attention attention() {
        return new Attention.Recurrent(
                Attention.Recurrent.Rule.MAMBA, 1, Math.multiplyExact(inner, (long) kernel + state));
    }
}
