package dev.llmmem.workload;

/**
 * Which framework executes the job, and how. Modelled: PyTorch 2.13 with Hugging Face transformers 5.18 and PEFT 0.21.
 *
 * @param fusedBackwardKernels whether the backward pass of an activation function is one kernel, as on a GPU, or a
 *     chain of elementary operations, as over fake tensors
 * @param gradientsSummedInPlace whether two gradients of one tensor are added into the first, as on a GPU, or into a
 *     third tensor, as over fake tensors
 */
public record RuntimeProfile(boolean fusedBackwardKernels, boolean gradientsSummedInPlace) {

    /**
     * PyTorch on a CUDA GPU; the default.
     *
     * @return the runtime
     */
    public static RuntimeProfile pytorch() {
        return new RuntimeProfile(true, true);
    }

    /**
     * PyTorch over fake tensors ({@code torch._subclasses.FakeTensorMode}), the way to ask PyTorch what a step
     * allocates without a GPU. It differs from a GPU in a few short-lived tensors of the backward pass.
     *
     * @return the runtime
     */
    public static RuntimeProfile pytorchFakeTensors() {
        return new RuntimeProfile(false, false);
    }
}
