package dev.llmmem.hardware;

/**
 * A number format that an accelerator computes in, as vendors state peaks for it.
 *
 * <p>Not a {@link dev.llmmem.units.DType}: {@link #TF32} is a way to compute and stores nothing, and {@link #FP8} stands for both
 * 8-bit formats. New constants may come in a minor version: a {@code switch} keeps its {@code default}.
 */
public enum ComputeFormat {
    /** 64-bit floating point, on vector units. */
    FP64,

    /** 32-bit floating point, on vector units. */
    FP32,

    /** 32-bit inputs rounded to 10 bits of fraction, on matrix units. */
    TF32,

    /** 16-bit floating point that adds up in 32 bits, on matrix units where there are any. */
    FP16,

    /** Brain floating point that adds up in 32 bits, on matrix units. */
    BF16,

    /** 8-bit floating point that adds up in 32 bits, on matrix units. */
    FP8,

    /** 8-bit integers; the peak counts integer operations. */
    INT8,

    /** 4-bit floating point, on matrix units. */
    FP4
}
