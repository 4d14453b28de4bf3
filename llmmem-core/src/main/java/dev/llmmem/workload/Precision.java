package dev.llmmem.workload;

import dev.llmmem.units.DType;
import java.util.Objects;
import java.util.Optional;

/**
 * The number formats of a job.
 *
 * @param weights the format of the weights in memory: fp32, fp16 or bf16
 * @param autocast the format that {@code torch.autocast} runs matrix products in, or empty without autocast
 */
public record Precision(DType weights, Optional<DType> autocast) {

    /** 32-bit weights and arithmetic: 4 bytes a parameter. */
    public static final Precision FP32 = new Precision(DType.FP32, Optional.empty());
    /** 16-bit floating point, range of IEEE half: 2 bytes a parameter. */
    public static final Precision FP16 = new Precision(DType.FP16, Optional.empty());
    /** 16-bit floating point, range of fp32: 2 bytes a parameter. */
    public static final Precision BF16 = new Precision(DType.BF16, Optional.empty());
    /** 32-bit weights, matrix products in bf16 under {@code torch.autocast}. */
    public static final Precision MIXED_BF16 = FP32.withAutocast(DType.BF16);
    /** 32-bit weights, matrix products in fp16 under {@code torch.autocast}. */
    public static final Precision MIXED_FP16 = FP32.withAutocast(DType.FP16);

    /**
     * Checks the formats.
     *
     * @param weights the format of the weights
     * @param autocast the format of autocast
     * @throws IllegalArgumentException if a format is not one that PyTorch trains in
     */
    public Precision {
        Objects.requireNonNull(autocast, "autocast");
        if (weights != DType.FP32 && weights != DType.FP16 && weights != DType.BF16) {
            throw new IllegalArgumentException("precision weights is " + weights + ", but must be FP32, FP16 or BF16");
        }
        autocast.ifPresent(type -> {
            if (type != DType.FP16 && type != DType.BF16) {
                throw new IllegalArgumentException("precision autocast is " + type + ", but must be FP16 or BF16");
            }
        });
    }

    /**
     * The same weights under {@code torch.autocast}.
     *
     * @param type fp16 or bf16
     * @return a new precision
     */
    public Precision withAutocast(DType type) {
        return new Precision(weights, Optional.of(type));
    }
}
