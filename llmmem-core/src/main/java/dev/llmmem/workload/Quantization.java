package dev.llmmem.workload;

import dev.llmmem.units.DType;
import java.util.List;
import java.util.Objects;

/**
 * How the linear layers of a frozen base are stored: in 4 bits by bitsandbytes (QLoRA, arXiv 2305.14314).
 *
 * <p>Each block of 64 weights has an fp32 scale; double quantization stores the scales in 8 bits with an fp32 of their own
 * for each 256. Both passes unpack a weight into the compute format when its layer runs.
 *
 * @param format {@link DType#NF4} or {@link DType#FP4}
 * @param doubled whether the scales are quantized as well
 * @param compute the format that the layers compute in: fp32, fp16 or bf16
 * @param prepared whether PEFT's {@code prepare_model_for_kbit_training} has run: what is not quantized (embeddings, norms,
 *     head, biases) is in fp32, and the embedding's output wants a gradient
 * @param skipped parts of the names of linear layers that stay as they are, as {@code llm_int8_skip_modules}
 */
public record Quantization(DType format, boolean doubled, DType compute, boolean prepared, List<String> skipped) {

    /**
     * Checks the formats.
     *
     * @param format how weights are stored
     * @param doubled whether the scales are quantized
     * @param compute the format of arithmetic
     * @param prepared whether the model was prepared for training
     * @param skipped what stays as it is
     * @throws IllegalArgumentException if a format is not permitted
     */
    public Quantization {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(compute, "compute");
        skipped = List.copyOf(skipped);
        if (format != DType.NF4 && format != DType.FP4) {
            throw new IllegalArgumentException("quantization format is " + format + ", but must be NF4 or FP4");
        }
        if (compute != DType.FP32 && compute != DType.FP16 && compute != DType.BF16) {
            throw new IllegalArgumentException(
                    "quantization compute is " + compute + ", but must be FP32, FP16 or BF16");
        }
    }

    /**
     * NF4 with fp32 scales, computing in bf16, prepared for training, the head left as it is.
     *
     * @return the quantization
     */
    public static Quantization nf4() {
        return new Quantization(DType.NF4, false, DType.BF16, true, List.of("lm_head", "embed_out"));
    }

    /**
     * NF4 with quantized scales, computing in bf16, prepared for training, the head left as it is.
     *
     * @return the quantization
     */
    public static Quantization nf4Double() {
        return nf4().withDoubled(true);
    }

    /**
     * The same with or without quantized scales.
     *
     * @param value whether the scales are quantized
     * @return a changed quantization
     */
    public Quantization withDoubled(boolean value) {
        return new Quantization(format, value, compute, prepared, skipped);
    }

    /**
     * The same computing in another format.
     *
     * @param value fp32, fp16 or bf16
     * @return a changed quantization
     */
    public Quantization withCompute(DType value) {
        return new Quantization(format, doubled, value, prepared, skipped);
    }

    /**
     * The same with or without PEFT's preparation for training.
     *
     * @param value whether it has run
     * @return a changed quantization
     */
    public Quantization withPrepared(boolean value) {
        return new Quantization(format, doubled, compute, value, skipped);
    }

    /**
     * The same with other layers left as they are.
     *
     * @param names parts of module names
     * @return a changed quantization
     */
    public Quantization withSkipped(String... names) {
        return new Quantization(format, doubled, compute, prepared, List.of(names));
    }
}
