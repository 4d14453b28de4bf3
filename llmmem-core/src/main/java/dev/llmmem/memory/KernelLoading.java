package dev.llmmem.memory;

/** When the kernels of the framework come onto the device; they are most of what is called the CUDA context. */
public enum KernelLoading {
    /**
     * Each when it is first used. The default of PyTorch since 1.13 with CUDA 11.7 (pytorch#86509), and of CUDA itself since
     * 12.2 (pytorch#152695).
     */
    LAZY,
    /** All at once, when a library is loaded: PyTorch before 1.13, or {@code CUDA_MODULE_LOADING=EAGER}. */
    EAGER
}
