package dev.llmmem.workload;

import dev.llmmem.model.ModelSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is run on one device: a model, its number formats, what is done with it, and the loop around it.
 *
 * <pre>{@code
 * var job = Workload.builder()
 *     .model(llama)
 *     .strategy(Strategy.lora(16).targeting("q_proj", "v_proj"))
 *     .batch(4)
 *     .sequence(2048)
 *     .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Workload {

    private static final int USUAL_SEQUENCE = 2048;

    private final ModelSpec model;
    private final Precision precision;
    private final Strategy strategy;
    private final Optional<Quantization> quantization;
    private final Optimizer optimizer;
    private final Gradients gradients;
    private final Checkpointing checkpointing;
    private final int batch;
    private final int sequence;
    private final int accumulation;
    private final AttentionKernel attention;
    private final LossKernel lossKernel;
    private final boolean keepOutputs;
    private final boolean trainingCache;
    private final boolean packed;
    private final RuntimeProfile runtime;

    private Workload(Builder builder, ModelSpec model, Strategy strategy) {
        this.model = model;
        this.strategy = strategy;
        this.precision = builder.precision;
        this.quantization = builder.quantization;
        this.optimizer = builder.optimizer;
        this.gradients = builder.gradients;
        this.checkpointing = builder.checkpointing;
        this.batch = builder.batch;
        this.sequence = builder.sequenceFor(model);
        this.accumulation = builder.accumulation;
        this.attention = builder.attention;
        this.lossKernel = builder.lossKernel;
        this.keepOutputs = builder.keepOutputs;
        this.trainingCache = builder.trainingCache;
        this.packed = builder.packed;
        this.runtime = builder.runtime;
    }

    /**
     * Starts a job.
     *
     * @return a builder with the defaults that its methods state
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with this job's facts; the sequence stays when the model is changed
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The model.
     *
     * @return the model
     */
    public ModelSpec model() {
        return model;
    }

    /**
     * The number formats.
     *
     * @return formats of weights and arithmetic
     */
    public Precision precision() {
        return precision;
    }

    /**
     * What is done with the model.
     *
     * @return the strategy
     */
    public Strategy strategy() {
        return strategy;
    }

    /**
     * How the linear layers of the base are stored, if not in the format of the weights.
     *
     * @return the quantization, or empty
     */
    public Optional<Quantization> quantization() {
        return quantization;
    }

    /**
     * What updates the weights; without meaning for inference.
     *
     * @return the optimizer
     */
    public Optimizer optimizer() {
        return optimizer;
    }

    /**
     * How long gradients live.
     *
     * @return what the training loop does with them
     */
    public Gradients gradients() {
        return gradients;
    }

    /**
     * Whether layers are computed again in the backward pass.
     *
     * @return how
     */
    public Checkpointing checkpointing() {
        return checkpointing;
    }

    /**
     * The rows of one micro-step.
     *
     * @return 1 to 1048576 rows
     */
    public int batch() {
        return batch;
    }

    /**
     * The tokens of one row; for inference, of its prompt.
     *
     * @return 1 to 1073741824 tokens
     */
    public int sequence() {
        return sequence;
    }

    /**
     * The micro-steps of one optimizer step.
     *
     * @return 1 to 1048576
     */
    public int accumulation() {
        return accumulation;
    }

    /**
     * What computes attention.
     *
     * @return the implementation
     */
    public AttentionKernel attention() {
        return attention;
    }

    /**
     * What computes the loss of training.
     *
     * @return the implementation
     */
    public LossKernel lossKernel() {
        return lossKernel;
    }

    /**
     * Whether the training loop holds the model's outputs, and so the logits, through backward and step.
     *
     * @return true where it does
     */
    public boolean keepOutputs() {
        return keepOutputs;
    }

    /**
     * Whether the forward pass of training builds a key-value cache.
     *
     * @return true where it does
     */
    public boolean trainingCache() {
        return trainingCache;
    }

    /**
     * Whether rows hold several documents.
     *
     * @return true where they do
     */
    public boolean packed() {
        return packed;
    }

    /**
     * Which framework executes the job.
     *
     * @return the runtime
     */
    public RuntimeProfile runtime() {
        return runtime;
    }

    /**
     * Writes the job, the whole model included, so that it can be stored, sent and compared with nothing beside it.
     *
     * @return one line of JSON in ASCII, at most 16 MiB, with all settings in a fixed order
     * @throws IllegalStateException if the model is too large to be read back: 16 MiB or 1000000 values, which no real
     *     model comes near
     */
    public String toJson() {
        return WorkloadJson.write(this);
    }

    /**
     * Reads a job that {@link #toJson()} wrote, or that is written by hand in the same form. Settings that are absent
     * have their defaults; fields that are not known are refused.
     *
     * <p>The text may come from anywhere: the work and memory of reading it are bounded.
     *
     * @param json one object, at most 16 MiB, 1000000 values and 16 levels deep
     * @return the job; {@code Workload.fromJson(job.toJson())} equals {@code job}
     * @throws IllegalArgumentException if the text is not such an object, or the job not one that can be built; with
     *     line and column, and with name, value, permitted range and unit
     */
    public static Workload fromJson(String json) {
        return WorkloadJson.read(Objects.requireNonNull(json, "json"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Workload that
                && model.equals(that.model)
                && precision.equals(that.precision)
                && strategy.equals(that.strategy)
                && optimizer.equals(that.optimizer)
                && gradients == that.gradients
                && checkpointing == that.checkpointing
                && batch == that.batch
                && sequence == that.sequence
                && accumulation == that.accumulation
                && attention == that.attention
                && lossKernel == that.lossKernel
                && keepOutputs == that.keepOutputs
                && trainingCache == that.trainingCache
                && packed == that.packed
                && quantization.equals(that.quantization)
                && runtime.equals(that.runtime);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                model,
                precision,
                strategy,
                optimizer,
                gradients,
                checkpointing,
                batch,
                sequence,
                accumulation,
                attention,
                lossKernel,
                keepOutputs,
                trainingCache,
                packed,
                quantization,
                runtime);
    }

    /**
     * One line: what is done with which model, on how much, in which format; then whatever differs from the defaults.
     *
     * @return for example {@code LoRA rank 16 on q_proj, v_proj of meta-llama/Llama-3.1-8B (llama, 32 layers, hidden
     *     4096, vocabulary 128256, 8030261248 parameters), 4 x 2048 tokens, BF16, AdamW, checkpointing non_reentrant}
     */
    @Override
    public String toString() {
        return Describe.workload(this);
    }

    /** Builds a {@link Workload}. Each method returns a new builder; none is changed. */
    public static final class Builder {
        // Not private: WorkloadCheck reads them.
        @Nullable
        ModelSpec model;

        Precision precision = Precision.BF16;

        @Nullable
        Strategy strategy;

        Optimizer optimizer = Optimizer.adamW();
        Gradients gradients = Gradients.SET_TO_NONE;
        Checkpointing checkpointing = Checkpointing.NONE;
        int batch = 1;
        OptionalInt sequence = OptionalInt.empty();
        int accumulation = 1;
        AttentionKernel attention = AttentionKernel.SDPA;
        LossKernel lossKernel = LossKernel.EAGER;
        boolean keepOutputs;
        boolean trainingCache;
        boolean packed;
        Optional<Quantization> quantization = Optional.empty();
        RuntimeProfile runtime = RuntimeProfile.pytorch();

        private Builder() {}

        private Builder(Workload job) {
            this.model = job.model;
            this.precision = job.precision;
            this.strategy = job.strategy;
            this.optimizer = job.optimizer;
            this.gradients = job.gradients;
            this.checkpointing = job.checkpointing;
            this.batch = job.batch;
            this.sequence = OptionalInt.of(job.sequence);
            this.accumulation = job.accumulation;
            this.attention = job.attention;
            this.lossKernel = job.lossKernel;
            this.keepOutputs = job.keepOutputs;
            this.trainingCache = job.trainingCache;
            this.packed = job.packed;
            this.quantization = job.quantization;
            this.runtime = job.runtime;
        }

        private Builder(Builder other) {
            this.model = other.model;
            this.precision = other.precision;
            this.strategy = other.strategy;
            this.optimizer = other.optimizer;
            this.gradients = other.gradients;
            this.checkpointing = other.checkpointing;
            this.batch = other.batch;
            this.sequence = other.sequence;
            this.accumulation = other.accumulation;
            this.attention = other.attention;
            this.lossKernel = other.lossKernel;
            this.keepOutputs = other.keepOutputs;
            this.trainingCache = other.trainingCache;
            this.packed = other.packed;
            this.quantization = other.quantization;
            this.runtime = other.runtime;
        }

        /**
         * Sets the model.
         *
         * @param value the model; required, with at most 10000 layers and 1000000 tensors, whose names have at most
         *     1000 characters and 32 parts
         * @return a changed builder
         */
        public Builder model(ModelSpec value) {
            Builder next = new Builder(this);
            next.model = Objects.requireNonNull(value, "model");
            return next;
        }

        /**
         * Sets the number formats.
         *
         * @param value the formats; the default is {@link Precision#BF16}
         * @return a changed builder
         */
        public Builder precision(Precision value) {
            Builder next = new Builder(this);
            next.precision = Objects.requireNonNull(value, "precision");
            return next;
        }

        /**
         * Sets what is done with the model.
         *
         * @param value the strategy; required. LoRA must target layers that the model has, see {@link #build()}
         * @return a changed builder
         */
        public Builder strategy(Strategy value) {
            Builder next = new Builder(this);
            next.strategy = Objects.requireNonNull(value, "strategy");
            return next;
        }

        /**
         * Says how the linear layers of the base are stored.
         *
         * @param value the quantization; the default is none
         * @return a changed builder
         */
        public Builder quantization(Quantization value) {
            Builder next = new Builder(this);
            next.quantization = Optional.of(value);
            return next;
        }

        /**
         * Sets what updates the weights.
         *
         * @param value the optimizer; the default is {@link Optimizer#adamW()}, and inference ignores it
         * @return a changed builder
         */
        public Builder optimizer(Optimizer value) {
            Builder next = new Builder(this);
            next.optimizer = Objects.requireNonNull(value, "optimizer");
            return next;
        }

        /**
         * Sets how long gradients live.
         *
         * @param value what the training loop does with them; the default is {@link Gradients#SET_TO_NONE}, the only choice
         *     for inference. {@link Gradients#STEP_IN_BACKWARD} needs an accumulation of 1, and an optimizer other than
         *     Adafactor, Adam-mini, GaLore and Muon
         * @return a changed builder
         */
        public Builder gradients(Gradients value) {
            Builder next = new Builder(this);
            next.gradients = Objects.requireNonNull(value, "gradients");
            return next;
        }

        /**
         * Sets whether layers are computed again in the backward pass.
         *
         * @param value how; the default is {@link Checkpointing#NONE}, the only choice for inference
         * @return a changed builder
         */
        public Builder checkpointing(Checkpointing value) {
            Builder next = new Builder(this);
            next.checkpointing = Objects.requireNonNull(value, "checkpointing");
            return next;
        }

        /**
         * Sets the rows of one micro-step.
         *
         * @param value 1 to 1048576 rows, and at most 1073741824 tokens in all rows; the default is 1
         * @return a changed builder
         */
        public Builder batch(int value) {
            Builder next = new Builder(this);
            next.batch = value;
            return next;
        }

        /**
         * Sets the tokens of one row; for inference, of its prompt.
         *
         * @param value 1 to 1073741824 tokens, and no more than the model has positions where it learned them; the
         *     default is 2048, or the model's {@link ModelSpec#maxPositions() longest sequence} where that is shorter
         * @return a changed builder
         */
        public Builder sequence(int value) {
            Builder next = new Builder(this);
            next.sequence = OptionalInt.of(value);
            return next;
        }

        /**
         * Sets the micro-steps of one optimizer step.
         *
         * @param value 1 to 1048576; the default is 1, the only choice for inference
         * @return a changed builder
         */
        public Builder accumulation(int value) {
            Builder next = new Builder(this);
            next.accumulation = value;
            return next;
        }

        /**
         * Sets what computes attention.
         *
         * @param value the implementation; the default is {@link AttentionKernel#SDPA}.
         *     {@link AttentionKernel#FLASH_ATTENTION_2} needs 16-bit weights or autocast, one document a row, and another
         *     strategy than prefix tuning; bloom, codegen, deepseek_v2 and _v3, falcon, gpt_neo, gpt_oss and gptj, and heads
         *     above 256 elements, are refused when the job is estimated. Some model types compute attention step by step,
         *     whatever is asked for
         * @return a changed builder
         */
        public Builder attention(AttentionKernel value) {
            Builder next = new Builder(this);
            next.attention = Objects.requireNonNull(value, "attention");
            return next;
        }

        /**
         * Sets what computes the loss of training.
         *
         * @param value the implementation; the default is {@link LossKernel#EAGER}, the only choice for inference and with
         *     another {@link RuntimeProfile#lossInput()} than {@link LossInput#PADDED_LABELS}. {@link
         *     LossKernel#LIGER_FUSED_LINEAR_CROSS_ENTROPY} is for some model types only, with a head that is neither
         *     quantized nor adapted, which is asked when the job is estimated
         * @return a changed builder
         */
        public Builder lossKernel(LossKernel value) {
            Builder next = new Builder(this);
            next.lossKernel = Objects.requireNonNull(value, "lossKernel");
            return next;
        }

        /**
         * Says whether the training loop holds the model's outputs, and so the logits, through backward and step, as
         * {@code outputs = model(...)} does and {@code loss = model(...).loss} does not.
         *
         * @param value true where it does; the default is false, the only choice for inference
         * @return a changed builder
         */
        public Builder keepOutputs(boolean value) {
            Builder next = new Builder(this);
            next.keepOutputs = value;
            return next;
        }

        /**
         * Says whether the forward pass of training builds a key-value cache, as a Hugging Face model does unless its
         * {@code use_cache} is switched off. Without effect under gradient checkpointing, where transformers switches
         * it off, except where {@link RuntimeProfile#projectionsAsCache()} says otherwise.
         *
         * @param value true where it does; the default is false, the only choice for inference, whose cache goes
         *     without saying
         * @return a changed builder
         */
        public Builder trainingCache(boolean value) {
            Builder next = new Builder(this);
            next.trainingCache = value;
            return next;
        }

        /**
         * Says whether rows hold several documents, told apart by position ids. Then transformers materializes a
         * block-causal mask, and {@link AttentionKernel#SDPA} leaves the flash kernel.
         *
         * @param value true where they do; the default is false
         * @return a changed builder
         */
        public Builder packed(boolean value) {
            Builder next = new Builder(this);
            next.packed = value;
            return next;
        }

        /**
         * Sets which framework executes the job.
         *
         * @param value the runtime; the default is {@link RuntimeProfile#pytorch()}
         * @return a changed builder
         */
        public Builder runtime(RuntimeProfile value) {
            Builder next = new Builder(this);
            next.runtime = Objects.requireNonNull(value, "runtime");
            return next;
        }

        /**
         * Checks everything and makes the job.
         *
         * <p>The targets of {@link Strategy.Lora}, {@link Strategy.Ia3} and {@link Strategy.Bottleneck} must be linear
         * layers of the model, and what {@link Strategy.PartialFineTuning} trains must be in it. Targets that PEFT takes and that
         * are not modelled are refused: embeddings, a head that shares the embedding's matrix, fused experts, and
         * targets that differ from layer to layer. Whether the model's architecture can be estimated is not asked here.
         *
         * @return the job
         * @throws IllegalArgumentException that lists every violation with name, value, permitted range and unit
         */
        public Workload build() {
            List<String> violations = WorkloadCheck.violations(this);
            if (model == null || strategy == null || !violations.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", violations));
            }
            return new Workload(this, model, strategy);
        }

        /** The sequence, or its default for a model. */
        int sequenceFor(ModelSpec spec) {
            return sequence.orElse(Math.min(USUAL_SEQUENCE, spec.maxPositions()));
        }

        /**
         * What has been set of the two settings that are required.
         *
         * @return for example {@code Workload.Builder[model meta-llama/Llama-3.1-8B, strategy Lora]}
         */
        @Override
        public String toString() {
            return "Workload.Builder[model " + (model == null ? "missing" : model.name()) + ", strategy "
                    + (strategy == null ? "missing" : strategy.getClass().getSimpleName()) + "]";
        }
    }
}
