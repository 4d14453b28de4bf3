package dev.llmmem.workload;

import java.util.Objects;

/**
 * Which framework executes the job, and how. Modelled in full: PyTorch 2.13 with Hugging Face transformers 5.18 and PEFT
 * 0.21. Of earlier versions the differences that are stated here are modelled, and no others.
 *
 * <p>Immutable and thread-safe.
 */
public final class RuntimeProfile {

    private static final RuntimeProfile PYTORCH =
            new RuntimeProfile(true, true, false, LossInput.PADDED_LABELS, false, false);
    private static final RuntimeProfile FAKE_TENSORS =
            new RuntimeProfile(false, false, false, LossInput.PADDED_LABELS, false, false);

    private final boolean fusedBackwardKernels;
    private final boolean gradientsSummedInPlace;
    private final boolean safeSoftmax;
    private final LossInput lossInput;
    private final boolean projectionsAsCache;
    private final boolean outputsInFp32;

    private RuntimeProfile(
            boolean fusedBackwardKernels,
            boolean gradientsSummedInPlace,
            boolean safeSoftmax,
            LossInput lossInput,
            boolean projectionsAsCache,
            boolean outputsInFp32) {
        this.fusedBackwardKernels = fusedBackwardKernels;
        this.gradientsSummedInPlace = gradientsSummedInPlace;
        this.safeSoftmax = safeSoftmax;
        this.lossInput = Objects.requireNonNull(lossInput, "lossInput");
        this.projectionsAsCache = projectionsAsCache;
        this.outputsInFp32 = outputsInFp32;
    }

    /**
     * PyTorch on a CUDA GPU; the default.
     *
     * @return the runtime
     */
    public static RuntimeProfile pytorch() {
        return PYTORCH;
    }

    /**
     * PyTorch over fake tensors ({@code torch._subclasses.FakeTensorMode}), the way to ask PyTorch what a step
     * allocates without a GPU. It differs from a GPU in a few short-lived tensors of the backward pass.
     *
     * @return the runtime
     */
    public static RuntimeProfile pytorchFakeTensors() {
        return FAKE_TENSORS;
    }

    /**
     * Whether the backward pass of an activation function is one kernel, as on a GPU, or a chain of elementary
     * operations, as over fake tensors.
     *
     * @return true for one kernel
     */
    public boolean fusedBackwardKernels() {
        return fusedBackwardKernels;
    }

    /**
     * Whether two gradients of one tensor are added into the first, as on a GPU, or into a third tensor, as over fake
     * tensors. The same goes for the mask and the scores in the plain arithmetic behind {@code
     * scaled_dot_product_attention}: PyTorch adds into a tensor only if it is no subclass, which fake tensors are.
     *
     * @return true where they are added into the first
     */
    public boolean gradientsSummedInPlace() {
        return gradientsSummedInPlace;
    }

    /**
     * Whether the plain arithmetic behind {@code scaled_dot_product_attention} replaces the weights of rows that are
     * masked altogether in a tensor of its own, as PyTorch 2.5 and 2.6 do: for a moment there are three score matrices and
     * a mask instead of two matrices (pytorch/pytorch, pull request 131844 and issue 139612). What is kept for the backward
     * pass is one matrix all the same. The fused kernels don't.
     *
     * @return true where it does
     */
    public boolean safeSoftmax() {
        return safeSoftmax;
    }

    /**
     * What becomes of the logits before the loss is taken.
     *
     * @return the form in which they reach the cross-entropy
     */
    public LossInput lossInput() {
        return lossInput;
    }

    /**
     * Whether GPT-BigCode with multi-query attention, trained with {@linkplain Workload#trainingCache() its cache on},
     * returns views of what its query-key-value projections made, under gradient checkpointing as well (transformers 4.40
     * to 4.48, modeling_gpt_bigcode.py: {@code present = key_value}; nothing switches the cache off). A view keeps the whole
     * projection alive, (heads + 2) × head size values a token and layer, until the outputs are dropped. Without effect on
     * other model types.
     *
     * @return true where it does
     */
    public boolean projectionsAsCache() {
        return projectionsAsCache;
    }

    /**
     * Whether the trainer casts what the model returns under autocast to fp32, as accelerate, and so the Trainer of
     * transformers, does (accelerate, utils/operations.py, convert_outputs_to_fp32). The results stand beside the originals
     * until the last one is there.
     *
     * @return true where it does
     */
    public boolean outputsInFp32() {
        return outputsInFp32;
    }

    /**
     * The same with or without a {@linkplain #fusedBackwardKernels() single kernel for an activation's gradient}.
     *
     * @param value whether it is one kernel
     * @return a changed runtime
     */
    public RuntimeProfile withFusedBackwardKernels(boolean value) {
        return new RuntimeProfile(
                value, gradientsSummedInPlace, safeSoftmax, lossInput, projectionsAsCache, outputsInFp32);
    }

    /**
     * The same with or without {@linkplain #gradientsSummedInPlace() sums of gradients in place}.
     *
     * @param value whether they are summed in place
     * @return a changed runtime
     */
    public RuntimeProfile withGradientsSummedInPlace(boolean value) {
        return new RuntimeProfile(
                fusedBackwardKernels, value, safeSoftmax, lossInput, projectionsAsCache, outputsInFp32);
    }

    /**
     * The same with or without the {@linkplain #safeSoftmax() additional score matrix} of SDPA's plain arithmetic.
     *
     * @param value whether it is made
     * @return a changed runtime
     */
    public RuntimeProfile withSafeSoftmax(boolean value) {
        return new RuntimeProfile(
                fusedBackwardKernels, gradientsSummedInPlace, value, lossInput, projectionsAsCache, outputsInFp32);
    }

    /**
     * The same with logits that reach the loss in another form.
     *
     * @param value the form; {@link LossInput#of(String, String)} knows that of a version of transformers
     * @return a changed runtime
     */
    public RuntimeProfile withLossInput(LossInput value) {
        return new RuntimeProfile(
                fusedBackwardKernels, gradientsSummedInPlace, safeSoftmax, value, projectionsAsCache, outputsInFp32);
    }

    /**
     * The same with or without {@linkplain #projectionsAsCache() projections that stand for GPT-BigCode's cache}.
     *
     * @param value whether they do
     * @return a changed runtime
     */
    public RuntimeProfile withProjectionsAsCache(boolean value) {
        return new RuntimeProfile(
                fusedBackwardKernels, gradientsSummedInPlace, safeSoftmax, lossInput, value, outputsInFp32);
    }

    /**
     * The same with or without {@linkplain #outputsInFp32() outputs cast to fp32}.
     *
     * @param value whether they are cast
     * @return a changed runtime
     */
    public RuntimeProfile withOutputsInFp32(boolean value) {
        return new RuntimeProfile(
                fusedBackwardKernels, gradientsSummedInPlace, safeSoftmax, lossInput, projectionsAsCache, value);
    }

    /**
     * The same as a version of transformers has it for a model type: its {@link #lossInput()} and {@link
     * #projectionsAsCache()}. Nothing else that tells versions apart is modelled.
     *
     * @param version for example {@code 4.48.1}
     * @param modelType the model's {@code model_type}
     * @return a changed runtime
     * @throws IllegalArgumentException if the text is not a version, or what that version does for the model type is not
     *     known here, as {@link LossInput#of(String, String)} says
     */
    public RuntimeProfile withTransformers(String version, String modelType) {
        LossInput input = LossInput.of(version, modelType);
        boolean projections = modelType.equals("gpt_bigcode")
                && Version.of("transformers version", version).isBefore(4, 49);
        return withLossInput(input).withProjectionsAsCache(projections);
    }

    /**
     * The same as a version of PyTorch has it: {@link #safeSoftmax()} is set for 2.5 and 2.6. Nothing else that tells
     * versions apart is modelled.
     *
     * @param version for example {@code 2.6.0} or {@code 2.6.0+cu124}; at least 2.0
     * @return a changed runtime
     * @throws IllegalArgumentException if that is not a version, or one before 2.0
     */
    public RuntimeProfile withTorch(String version) {
        Version torch = Version.of("torch version", Objects.requireNonNull(version, "version"));
        if (torch.isBefore(2, 0)) {
            throw new IllegalArgumentException("torch version is " + version + ", but must be at least 2.0");
        }
        return withSafeSoftmax(!torch.isBefore(2, 5) && torch.isBefore(2, 7));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RuntimeProfile that
                && fusedBackwardKernels == that.fusedBackwardKernels
                && gradientsSummedInPlace == that.gradientsSummedInPlace
                && safeSoftmax == that.safeSoftmax
                && lossInput == that.lossInput
                && projectionsAsCache == that.projectionsAsCache
                && outputsInFp32 == that.outputsInFp32;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                fusedBackwardKernels,
                gradientsSummedInPlace,
                safeSoftmax,
                lossInput,
                projectionsAsCache,
                outputsInFp32);
    }

    /**
     * The settings by name.
     *
     * @return for example {@code RuntimeProfile[fusedBackwardKernels=true, gradientsSummedInPlace=true,
     *     safeSoftmax=false, lossInput=PADDED_LABELS, projectionsAsCache=false, outputsInFp32=false]}
     */
    @Override
    public String toString() {
        return "RuntimeProfile[fusedBackwardKernels=" + fusedBackwardKernels + ", gradientsSummedInPlace="
                + gradientsSummedInPlace + ", safeSoftmax=" + safeSoftmax + ", lossInput=" + lossInput
                + ", projectionsAsCache=" + projectionsAsCache + ", outputsInFp32=" + outputsInFp32 + "]";
    }
}
