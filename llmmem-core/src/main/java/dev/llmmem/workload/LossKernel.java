package dev.llmmem.workload;

/**
 * Which implementation computes the loss of training from the last hidden state.
 *
 * <p>Logits of a large vocabulary are often the highest point of a step; these differ in how many copies of them live at once.
 */
public enum LossKernel {
    /**
     * Logits, a copy of them in fp32, log-softmax and negative log-likelihood, each a tensor (transformers,
     * loss/loss_utils.py, ForCausalLMLoss).
     */
    EAGER,
    /**
     * Liger's cross-entropy in place of {@code torch.nn.functional.cross_entropy} ({@code cross_entropy=True} of
     * {@code apply_liger_kernel_to_llama} and the like, and nothing else of Liger): the gradient is written over the fp32
     * logits (liger-kernel 0.8, ops/cross_entropy.py; arXiv 2410.10989).
     */
    LIGER_CROSS_ENTROPY,
    /**
     * Liger's head and cross-entropy in one ({@code fused_linear_cross_entropy=True}, and nothing else of Liger): logits exist
     * for some rows at a time, and the gradients of the hidden state and of the head's weight are made in the forward pass
     * (liger-kernel 0.8, ops/fused_linear_cross_entropy.py; arXiv 2410.10989). The model returns no logits. For llama,
     * mistral, qwen2, qwen3, phi3, gemma, gemma2, gemma3_text, olmo2, glm4, smollm3 and exaone4, with a head that is
     * neither quantized nor adapted.
     */
    LIGER_FUSED_LINEAR_CROSS_ENTROPY
}
