package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;

/**
 * Rules of thumb in common use: bytes from the number of parameters alone.
 *
 * <p>They are here to be compared with. They know neither batch nor sequence nor architecture, so they cannot be right
 * for all jobs; what they say of one billion parameters is what they say of any one billion.
 *
 * <p>Results are exact: where a rule gives a fraction of a byte, it is rounded up. Sizes follow their sources in
 * gigabytes of 10<sup>9</sup> bytes. Stateless.
 */
public final class RulesOfThumb {

    private static final int FP32_WEIGHTS = 4;
    private static final int FP32_GRADIENTS = 4;
    private static final int FP32_ADAM = 8;
    private static final int ACTIVATIONS_AND_TEMPORARIES = 8;
    private static final int SAFETY_FACTOR = 20;
    private static final int HALF_WEIGHTS = 2;
    private static final int HALF_GRADIENTS = 2;
    private static final int HALF_ADAM = 4;

    private RulesOfThumb() {}

    /**
     * Storing a model in fp32: 4 bytes a parameter.
     *
     * @param parameters the number of parameters, 0 or more
     * @return 4 P, so 4 GB for one billion parameters
     * @throws IllegalArgumentException if {@code parameters < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes storage(long parameters) {
        return perParameter(parameters, FP32_WEIGHTS);
    }

    /**
     * Training with Adam in fp32: 24 bytes a parameter. They are 4 for the weight and 20 more: 8 for the two states of
     * Adam, 4 for the gradient and, at the high end, 8 for activations and temporaries.
     *
     * <p>Source: the first three terms are those of Hugging Face transformers' "Anatomy of model's memory"; the 8 and
     * the sum are those of the course "Generative AI with Large Language Models" (DeepLearning.AI, 2023), which refers
     * to it.
     *
     * @param parameters the number of parameters, 0 or more
     * @return 24 P, so 24 GB for one billion parameters
     * @throws IllegalArgumentException if {@code parameters < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes trainingWithAdam(long parameters) {
        return perParameter(parameters, FP32_WEIGHTS + FP32_ADAM + FP32_GRADIENTS + ACTIVATIONS_AND_TEMPORARIES);
    }

    /**
     * Training in fp32 to be on the safe side: 20 times what storing the model takes.
     *
     * <p>Source: the same course, which says 80 GB to train one billion parameters beside 4 GB to store them.
     *
     * @param parameters the number of parameters, 0 or more
     * @return 80 P, so 80 GB for one billion parameters
     * @throws IllegalArgumentException if {@code parameters < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes trainingSafely(long parameters) {
        return storage(parameters).times(SAFETY_FACTOR);
    }

    /**
     * Loading the weights: 4X GB for X billion parameters in fp32, 2X GB in fp16 or bf16; in other formats, their
     * width.
     *
     * <p>Source: Hugging Face transformers, "Optimizing LLMs for Speed and Memory".
     *
     * @param parameters the number of parameters, 0 or more
     * @param type the number format of the weights
     * @return P times the width of the format
     * @throws IllegalArgumentException if {@code parameters < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes loading(long parameters, DType type) {
        return type.bytes(requireCount(parameters));
    }

    /**
     * Fine-tuning in fp16 or bf16 with Adam, all of it in 16 bits: 8X GB for X billion parameters. They are 2 bytes for
     * the weight, 2 for the gradient and 4 for the two states of Adam; activations do not count.
     *
     * <p>Source: four times the weights, as Hugging Face Accelerate's model memory estimator has it (once the model,
     * once the gradients, twice the optimizer).
     *
     * @param parameters the number of parameters, 0 or more
     * @return 8 P, so 8 GB for one billion parameters
     * @throws IllegalArgumentException if {@code parameters < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes fineTuningIn16Bit(long parameters) {
        return perParameter(parameters, HALF_WEIGHTS + HALF_GRADIENTS + HALF_ADAM);
    }

    /**
     * Serving: M = P &middot; 4 B / (32 / Q) &middot; 1.2, the weights at Q bits and a fifth on top.
     *
     * <p>Source: Substratus.AI, "Calculating GPU memory for serving LLMs" (2023).
     *
     * @param parameters the number of parameters P, 0 or more
     * @param bits the bits Q that a weight is loaded in, 1 to 32
     * @return M, so 168 GB for 70 billion parameters in 16 bits
     * @throws IllegalArgumentException if {@code parameters < 0}, or {@code bits} is not in [1, 32]
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes serving(long parameters, int bits) {
        if (bits < 1 || bits > 32) {
            throw new IllegalArgumentException("bits = " + bits + ", permitted [1, 32] bits");
        }
        // P * 4 / (32 / Q) * 1.2 = 3 P Q / 20, in parts that do not overflow before the result does.
        long whole = requireCount(parameters) / 20;
        long rest = parameters % 20;
        return Bytes.of(3L * bits).times(whole).plus(Bytes.of(3L * bits * rest).dividedByRoundingUp(20));
    }

    private static Bytes perParameter(long parameters, long bytes) {
        return Bytes.of(bytes).times(requireCount(parameters));
    }

    private static long requireCount(long parameters) {
        if (parameters < 0) {
            throw new IllegalArgumentException(
                    "parameters = " + parameters + ", permitted [0, " + Long.MAX_VALUE + "] parameters");
        }
        return parameters;
    }
}
