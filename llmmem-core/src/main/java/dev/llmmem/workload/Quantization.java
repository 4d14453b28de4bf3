package dev.llmmem.workload;

import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import java.util.List;
import java.util.Objects;

/**
 * How the linear layers of a frozen base are stored by bitsandbytes: in 4 bits (QLoRA, arXiv 2305.14314) or in 8 (LLM.int8,
 * arXiv 2208.07339).
 *
 * <p>In 4 bits each block of 64 weights has an fp32 scale; double quantization stores the scales in 8 bits with an fp32 of their own
 * for each 256. Both passes unpack a weight into the compute format when its layer runs.
 *
 * <p>In 8 bits each output has an fp32 scale. Inputs are quantized from fp16 row by row with threshold 6.0; which of their
 * columns hold outliers depends on the data, and the estimate takes it that none do: a column that does is computed in the
 * input's format besides, which makes one more copy of the layer's result while the layer runs. The backward pass makes a
 * copy of the weight in the input's format, and inputs live until the whole backward pass has run, checkpointed or not.
 *
 * @param format {@link DType#NF4}, {@link DType#FP4} or {@link DType#INT8}
 * @param doubled whether the scales are quantized as well; never in 8 bits
 * @param compute the format that the layers compute in: fp32, fp16 or bf16; in 8 bits fp16, from which inputs are quantized
 * @param preparation what has been done to what is not quantized, so that adapters can be trained over it
 * @param skipped parts of the names of linear layers that stay as they are, as {@code llm_int8_skip_modules}
 */
public record Quantization(
        DType format, boolean doubled, DType compute, Preparation preparation, List<String> skipped) {

    /** What is done to a quantized model before adapters are trained over it. */
    public enum Preparation {
        /** Nothing. */
        NONE,
        /**
         * PEFT's {@code prepare_model_for_kbit_training} (peft/utils/other.py): what is not quantized (embeddings, norms,
         * head, biases) is cast to fp32, and the embedding's output wants a gradient.
         */
        PEFT,
        /**
         * The same, after which TRL's {@code SFTTrainer} casts embeddings and head of a 4-bit model to bf16 where it trains
         * under bf16 autocast (TRL 0.13, trl/trainer/utils.py, peft_module_casting_to_bf16).
         */
        TRL
    }

    /**
     * Checks the formats.
     *
     * @param format how weights are stored
     * @param doubled whether the scales are quantized
     * @param compute the format of arithmetic
     * @param preparation what was done to what is not quantized
     * @param skipped what stays as it is
     * @throws IllegalArgumentException if a format is not permitted
     */
    public Quantization {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(compute, "compute");
        Objects.requireNonNull(preparation, "preparation");
        skipped = List.copyOf(skipped);
        if (skipped.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("quantization skipped is " + skipped
                    + ", but a part must not be blank: it would" + " stand in every name");
        }
        if (format != DType.NF4 && format != DType.FP4 && format != DType.INT8) {
            throw new IllegalArgumentException("quantization format is " + format + ", but must be NF4, FP4 or INT8");
        }
        if (format == DType.INT8 && (doubled || compute != DType.FP16)) {
            throw new IllegalArgumentException("quantization " + (doubled ? "doubled is true" : "compute is " + compute)
                    + ", but must be " + (doubled ? "false" : "FP16") + " for INT8");
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
        return new Quantization(DType.NF4, false, DType.BF16, Preparation.PEFT, List.of("lm_head", "embed_out"));
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
     * LLM.int8 (bitsandbytes, Linear8bitLt with threshold 6.0), prepared for training, the head left as it is.
     *
     * @return the quantization
     */
    public static Quantization int8() {
        return new Quantization(DType.INT8, false, DType.FP16, Preparation.PEFT, List.of("lm_head", "embed_out"));
    }

    /**
     * Whether the module of a parameter is of a kind that is quantized, skipped or not: in 8 bits that takes in the
     * transposed layers of GPT-2.
     *
     * @param parameter a parameter of the model
     * @return true for the weight of such a module
     */
    public boolean takes(Parameter parameter) {
        return format == DType.INT8 ? parameter.isLinear() : parameter.kind() == Parameter.Kind.LINEAR;
    }

    /**
     * The same with or without quantized scales.
     *
     * @param value whether the scales are quantized
     * @return a changed quantization
     * @throws IllegalArgumentException if the format does not permit it
     */
    public Quantization withDoubled(boolean value) {
        return new Quantization(format, value, compute, preparation, skipped);
    }

    /**
     * The same computing in another format.
     *
     * @param value fp32, fp16 or bf16
     * @return a changed quantization
     * @throws IllegalArgumentException if the format does not permit it
     */
    public Quantization withCompute(DType value) {
        return new Quantization(format, doubled, value, preparation, skipped);
    }

    /**
     * The same with or without PEFT's preparation for training.
     *
     * @param value whether it has run
     * @return a changed quantization
     */
    public Quantization withPrepared(boolean value) {
        return withPreparation(value ? Preparation.PEFT : Preparation.NONE);
    }

    /**
     * The same prepared in another way.
     *
     * @param value what has been done to what is not quantized
     * @return a changed quantization
     */
    public Quantization withPreparation(Preparation value) {
        return new Quantization(format, doubled, compute, value, skipped);
    }

    /**
     * Whether the model was prepared for training in any way.
     *
     * @return false for {@link Preparation#NONE}
     */
    public boolean prepared() {
        return preparation != Preparation.NONE;
    }

    /**
     * The same with other layers left as they are.
     *
     * @param names parts of module names
     * @return a changed quantization
     * @throws IllegalArgumentException if a part is blank
     */
    public Quantization withSkipped(String... names) {
        return new Quantization(format, doubled, compute, preparation, List.of(names));
    }
}
