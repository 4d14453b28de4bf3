package dev.llmmem.memory;

import dev.llmmem.units.Bytes;

/**
 * The generation of an NVIDIA GPU. It decides what cuBLAS works in, and tells measurements of the CUDA context apart.
 *
 * <p>The workspaces are PyTorch's defaults (aten/src/ATen/cuda/CublasHandlePool.cpp): {@code :4096:2:16:8}, so 2 × 4096 KiB
 * and 8 × 16 KiB; 32 MiB on Hopper since torch 2.0 (pytorch#91564) and on Blackwell since 2026 (pytorch#175344).
 */
public enum GpuFamily {
    /** V100, Titan V: compute capability 7.0. */
    VOLTA,
    /** T4, RTX 20: compute capability 7.5. */
    TURING,
    /** A100, A10, RTX 30: compute capability 8.0 and 8.6. */
    AMPERE,
    /** L4, L40S, RTX 40: compute capability 8.9. */
    ADA,
    /** H100, H200, GH200: compute capability 9.0. */
    HOPPER,
    /** B200, GB200, RTX 50: compute capability 10.0 and 12.0. */
    BLACKWELL;

    /**
     * What cuBLAS gets to work in, unless {@code CUBLAS_WORKSPACE_CONFIG} says otherwise. It comes from the caching
     * allocator, once for each thread that multiplies matrices: one for inference, two for training.
     *
     * @return 8.125 or 32 MiB
     */
    public Bytes workspace() {
        return switch (this) {
            case HOPPER, BLACKWELL -> Bytes.ofMiB(32);
            case VOLTA, TURING, AMPERE, ADA -> Bytes.ofKiB(2 * 4096 + 8 * 16);
        };
    }
}
