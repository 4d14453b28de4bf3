package dev.llmmem.model.architecture;

import dev.llmmem.model.Attention;
import dev.llmmem.model.Parameter.Kind;

/**
 * A gated delta net (arXiv 2412.06464): a short convolution over queries, keys and values, and a matrix of memory for
 * each value head.
 *
 * @param keyHeads the number of query and key heads
 * @param keySize the width of one
 * @param valueHeads the number of value heads
 * @param valueSize the width of one
 * @param kernel the tokens that the convolution sees
 * @param tensors the parameters of a layer
 */
record DeltaNet(int keyHeads, int keySize, int valueHeads, int valueSize, int kernel, Tensors tensors) {

    static DeltaNet read(Config config) {
        int keyHeads = config.count(Range.HEADS, 16, "linear_num_key_heads");
        int valueHeads = config.count(Range.HEADS, 32, "linear_num_value_heads");
        config.require(
                valueHeads % keyHeads == 0,
                "linear_num_value_heads",
                valueHeads,
                "a multiple of the " + keyHeads + " key heads");
        return new DeltaNet(
                keyHeads,
                config.count(Range.WIDTH, 128, "linear_key_head_dim"),
                valueHeads,
                config.count(Range.WIDTH, 128, "linear_value_head_dim"),
                config.count(Range.WIDTH, 4, "linear_conv_kernel_dim"),
                Tensors.layer());
    }

    /** Queries, keys, values and gates from one projection, and the two strengths from another. */
    DeltaNet inTwoProjections(int hidden) {
        Tensors layer = before().linear("linear_attn.in_proj_qkvz", hidden, mixed() + values(), false)
                .linear("linear_attn.in_proj_ba", hidden, 2L * valueHeads, false);
        return with(after(layer, hidden));
    }

    /** Queries, keys and values from one projection, and gates and strengths from three. */
    DeltaNet inFourProjections(int hidden) {
        return with(after(before(), hidden)
                .linear("linear_attn.in_proj_qkv", hidden, mixed(), false)
                .linear("linear_attn.in_proj_z", hidden, values(), false)
                .linear("linear_attn.in_proj_b", hidden, valueHeads, false)
                .linear("linear_attn.in_proj_a", hidden, valueHeads, false));
    }

    /** Keeps what the convolution sees, and a matrix of keys by values for each value head. */
    Attention attention() {
        long seen = Math.multiplyExact(mixed(), (long) kernel);
        long memory = Math.multiplyExact(values(), (long) keySize);
        return new Attention.Recurrent(Attention.Recurrent.Rule.GATED_DELTA, valueHeads, Math.addExact(seen, memory));
    }

    private Tensors before() {
        return Tensors.layer()
                .add("linear_attn.dt_bias", Kind.OTHER, (long) valueHeads)
                .add("linear_attn.A_log", Kind.OTHER, (long) valueHeads)
                .convolution("linear_attn.conv1d", mixed(), kernel, false);
    }

    private Tensors after(Tensors layer, int hidden) {
        return layer.norm("linear_attn.norm", valueSize).linear("linear_attn.out_proj", values(), hidden, false);
    }

    /** The width of all queries, keys and values of a token. */
    private long mixed() {
        return 2L * keyHeads * keySize + values();
    }

    private long values() {
        return (long) valueHeads * valueSize;
    }

    private DeltaNet with(Tensors layer) {
        return new DeltaNet(keyHeads, keySize, valueHeads, valueSize, kernel, layer);
    }
}
