package dev.llmmem.workload;

import dev.llmmem.model.Activation;
import java.util.List;
import java.util.Objects;

/**
 * What is done with the model. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>All kinds are immutable.
 */
public sealed interface Strategy {

    /**
     * The learned tokens, or keys and values, that stand before those of each row.
     *
     * @return 0 for strategies that learn none
     */
    default int virtualTokens() {
        return 0;
    }

    /**
     * Reading a prompt and generating tokens with a key-value cache.
     *
     * @param generatedTokens tokens that are generated after the prompt, at least 0; 0 stops after the prompt
     * @param allLogits whether the prompt pass computes the logits of every position, as a plain call of a Hugging Face
     *     model does, or of the last one only, as {@code generate} does
     */
    record Inference(int generatedTokens, boolean allLogits) implements Strategy {
        /**
         * Checks the count.
         *
         * @param generatedTokens tokens that are generated
         * @param allLogits whether every position's logits are computed
         * @throws IllegalArgumentException if the count is negative
         */
        public Inference {
            if (generatedTokens < 0) {
                throw new IllegalArgumentException(
                        "generatedTokens is " + generatedTokens + ", but must be at least 0 tokens");
            }
        }
    }

    /** Every parameter is trained. */
    record FullFineTuning() implements Strategy {}

    /**
     * Some of the model's own parameters are trained, and all others are frozen: BitFit (arXiv 2106.10199), or fine-tuning
     * of some layers. Where activations are recomputed, the embeddings' output is made to want a gradient, as {@code
     * gradient_checkpointing_enable} of transformers does, so that the backward pass runs through frozen layers too.
     *
     * @param trained which parameters are trained
     */
    record PartialFineTuning(Trained trained) implements Strategy {
        /**
         * Checks that nothing is missing.
         *
         * @param trained which parameters are trained
         */
        public PartialFineTuning {
            Objects.requireNonNull(trained, "trained");
        }
    }

    /**
     * Low-rank adaptation (arXiv 2106.09685) as PEFT implements it: the base is frozen, and each target gets two small
     * matrices.
     *
     * @param rank the inner width of an adapter, at least 1
     * @param alpha the numerator of the adapter's scale; it does not bear on memory
     * @param dropout the dropout probability on the adapter's input, in [0, 1)
     * @param targets which linear layers get an adapter
     * @param bias which biases are trained besides
     * @param adaptersInFp32 whether adapters over 16-bit weights are kept in fp32 (PEFT's {@code
     *     autocast_adapter_dtype}, true by default)
     * @param dora whether the weight is split into magnitude and direction (DoRA, arXiv 2402.09353): a magnitude for each
     *     output is trained besides
     */
    record Lora(
            int rank, double alpha, double dropout, Targets targets, Bias bias, boolean adaptersInFp32, boolean dora)
            implements Strategy {

        /** Which biases a LoRA run trains. */
        public enum Bias {
            /** None; the default. */
            NONE,
            /** Every bias of the model. */
            ALL,
            /** The biases of the adapted layers. */
            LORA_ONLY
        }

        /**
         * Checks the numbers.
         *
         * @param rank the inner width
         * @param alpha the numerator of the scale
         * @param dropout the dropout probability
         * @param targets which layers
         * @param bias which biases
         * @param adaptersInFp32 whether adapters are kept in fp32
         * @param dora whether magnitudes are trained besides
         * @throws IllegalArgumentException if a number is out of range
         */
        public Lora {
            if (rank < 1) {
                throw new IllegalArgumentException("rank is " + rank + ", but must be at least 1");
            }
            if (!(alpha > 0) || Double.isInfinite(alpha)) {
                throw new IllegalArgumentException("alpha is " + alpha + ", but must be a positive number");
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException("dropout is " + dropout + ", but must be in [0, 1)");
            }
            Objects.requireNonNull(targets, "targets");
            Objects.requireNonNull(bias, "bias");
        }

        /**
         * The same on the named layers.
         *
         * @param names module names as PEFT matches them, for example {@code q_proj}
         * @return a changed strategy
         */
        public Lora targeting(String... names) {
            return new Lora(rank, alpha, dropout, new Targets.Named(List.of(names)), bias, adaptersInFp32, dora);
        }

        /**
         * The same on the given layers.
         *
         * @param value which layers
         * @return a changed strategy
         */
        public Lora targeting(Targets value) {
            return new Lora(rank, alpha, dropout, value, bias, adaptersInFp32, dora);
        }

        /**
         * The same on every linear layer but the output head.
         *
         * @return a changed strategy
         */
        public Lora targetingAllLinear() {
            return targeting(new Targets.AllLinear());
        }

        /**
         * The same with another scale.
         *
         * @param value a positive number
         * @return a changed strategy
         * @throws IllegalArgumentException if a number is out of range
         */
        public Lora alpha(double value) {
            return new Lora(rank, value, dropout, targets, bias, adaptersInFp32, dora);
        }

        /**
         * The same with dropout on the adapters' inputs.
         *
         * @param value a probability in [0, 1)
         * @return a changed strategy
         * @throws IllegalArgumentException if a number is out of range
         */
        public Lora dropout(double value) {
            return new Lora(rank, alpha, value, targets, bias, adaptersInFp32, dora);
        }

        /**
         * The same with trained biases.
         *
         * @param value which
         * @return a changed strategy
         */
        public Lora bias(Bias value) {
            return new Lora(rank, alpha, dropout, targets, value, adaptersInFp32, dora);
        }

        /**
         * The same with adapters in fp32 or in the format of the base weights.
         *
         * @param value whether adapters over 16-bit weights are kept in fp32
         * @return a changed strategy
         */
        public Lora adaptersInFp32(boolean value) {
            return new Lora(rank, alpha, dropout, targets, bias, value, dora);
        }

        /**
         * The same with or without trained magnitudes.
         *
         * @param value whether it is DoRA
         * @return a changed strategy
         */
        public Lora dora(boolean value) {
            return new Lora(rank, alpha, dropout, targets, bias, adaptersInFp32, value);
        }
    }

    /**
     * Scaling of keys, values and inner activations by learned vectors (IA³, arXiv 2205.05638) as PEFT implements it. The
     * vectors are kept in fp32 where the weights have 16 bits.
     *
     * @param targets which linear layers get a vector
     * @param feedForward which of those scale their input instead of their output
     */
    record Ia3(Targets targets, Targets feedForward) implements Strategy {
        /**
         * Checks that nothing is missing.
         *
         * @param targets which layers
         * @param feedForward which scale their input
         */
        public Ia3 {
            Objects.requireNonNull(targets, "targets");
            Objects.requireNonNull(feedForward, "feedForward");
        }
    }

    /**
     * Bottleneck adapters as LLM-Adapters implements them (arXiv 2304.01933): a linear layer down, a non-linear function and a
     * linear layer up, both in fp32 and without biases, in series with linear layers or parallel to them. The base is frozen.
     *
     * @param size the width of the bottleneck, 1 to 1048576 elements
     * @param nonLinearity the function in the middle; LLM-Adapters' default is tanh
     * @param dropout the dropout probability on the adapter's input, in [0, 1)
     * @param placement where the adapters stand
     */
    record Bottleneck(int size, Activation nonLinearity, double dropout, Placement placement) implements Strategy {

        private static final int WIDEST = 1 << 20;

        /**
         * Checks the numbers.
         *
         * @param size the width of the bottleneck
         * @param nonLinearity the function in the middle
         * @param dropout the dropout probability
         * @param placement where the adapters stand
         * @throws IllegalArgumentException if a number is out of range
         */
        public Bottleneck {
            if (size < 1 || size > WIDEST) {
                throw new IllegalArgumentException("size is " + size + ", but must be 1 to " + WIDEST + " elements");
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException("dropout is " + dropout + ", but must be in [0, 1)");
            }
            Objects.requireNonNull(nonLinearity, "nonLinearity");
            Objects.requireNonNull(placement, "placement");
        }
    }

    /**
     * Prompt tuning (arXiv 2104.08691): learned embeddings stand before the tokens of each row.
     *
     * @param virtualTokens how many, at least 1
     */
    record PromptTuning(int virtualTokens) implements Strategy {
        /**
         * Checks the count.
         *
         * @param virtualTokens how many
         * @throws IllegalArgumentException if it is below 1
         */
        public PromptTuning {
            requireVirtualTokens(virtualTokens);
        }
    }

    /**
     * P-tuning (arXiv 2103.10385) as PEFT implements it: learned embeddings pass a small network, trained with them, and stand
     * before the tokens of each row.
     *
     * @param virtualTokens how many, at least 1
     * @param encoder the network
     */
    record PTuning(int virtualTokens, PromptEncoder encoder) implements Strategy {
        /**
         * Checks the count.
         *
         * @param virtualTokens how many
         * @param encoder the network
         * @throws IllegalArgumentException if the count is below 1
         */
        public PTuning {
            requireVirtualTokens(virtualTokens);
            Objects.requireNonNull(encoder, "encoder");
        }
    }

    /**
     * Prefix tuning (arXiv 2101.00190): learned keys and values stand before those of each layer.
     *
     * @param virtualTokens how many, at least 1
     */
    record PrefixTuning(int virtualTokens) implements Strategy {
        /**
         * Checks the count.
         *
         * @param virtualTokens how many
         * @throws IllegalArgumentException if it is below 1
         */
        public PrefixTuning {
            requireVirtualTokens(virtualTokens);
        }
    }

    private static void requireVirtualTokens(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("virtualTokens is " + count + ", but must be at least 1 token");
        }
    }

    /**
     * Inference with logits of the last position only.
     *
     * @param generatedTokens tokens that are generated after the prompt, at least 0
     * @return the strategy
     */
    static Inference inference(int generatedTokens) {
        return new Inference(generatedTokens, false);
    }

    /**
     * Full fine-tuning.
     *
     * @return the strategy
     */
    static FullFineTuning fullFineTuning() {
        return new FullFineTuning();
    }

    /**
     * Fine-tuning of every bias and nothing else (BitFit, arXiv 2106.10199).
     *
     * @return the strategy
     */
    static PartialFineTuning bitFit() {
        return new PartialFineTuning(new Trained.Biases());
    }

    /**
     * Fine-tuning of the last layers, with embeddings, final norm and head frozen.
     *
     * @param count how many layers, at least 1
     * @return the strategy
     * @throws IllegalArgumentException if a number is out of range, or nothing is chosen
     */
    static PartialFineTuning lastLayers(int count) {
        return new PartialFineTuning(new Trained.LastLayers(count, false, false, false));
    }

    /**
     * Bottleneck adapters with tanh, without dropout.
     *
     * @param size the width of the bottleneck, 1 to 1048576 elements
     * @param placement where the adapters stand
     * @return the strategy
     * @throws IllegalArgumentException if a number is out of range
     */
    static Bottleneck bottleneck(int size, Placement placement) {
        return new Bottleneck(size, Activation.TANH, 0, placement);
    }

    /**
     * LoRA on the layers that PEFT chooses by default, without dropout, alpha 8, biases frozen.
     *
     * @param rank the inner width of an adapter, at least 1
     * @return the strategy
     * @throws IllegalArgumentException if a number is out of range
     */
    static Lora lora(int rank) {
        return new Lora(rank, 8, 0, new Targets.Default(), Lora.Bias.NONE, true, false);
    }
}
