package dev.llmmem.workload;

/** How long the gradients of a training step live. New constants may come in minor versions. */
public enum Gradients {
    /**
     * They are let go after the step, as {@code optimizer.zero_grad()} does by default ({@code set_to_none=True}): the next
     * backward pass makes new ones.
     */
    SET_TO_NONE,
    /**
     * They live on and are filled with zeros, as {@code optimizer.zero_grad(set_to_none=False)} does: each later backward
     * pass makes a new gradient of a parameter, adds it, and lets it go (torch/csrc/autograd/functions/accumulate_grad.h).
     */
    SET_TO_ZERO,
    /**
     * Each parameter has an optimizer of its own, which runs in the backward pass as soon as the parameter's gradient is
     * complete and then lets it go, so that gradients never live together ({@code register_post_accumulate_grad_hook};
     * PyTorch tutorial "How to save memory by fusing the optimizer step into the backward pass"; torchtune's
     * {@code optimizer_in_bwd}).
     */
    STEP_IN_BACKWARD
}
