package dev.llmmem.memory;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Placement;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.PromptEncoder;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Trained;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random tiny models and random jobs on them, over every option that a job has. */
final class Jobs {

    private static final List<String> IN_LAYERS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private Jobs() {}

    /** Inference, full fine-tuning and LoRA. */
    static Arbitrary<Workload> any() {
        return Arbitraries.frequencyOf(Tuple.of(1, inference()), Tuple.of(4, training()));
    }

    /** Full fine-tuning and LoRA. */
    static Arbitrary<Workload> training() {
        return Arbitraries.oneOf(full(), lora());
    }

    /**
     * Inference, full fine-tuning and LoRA with the package flash-attn, a loss of Liger's, or layers' inputs on the host,
     * where those take the job.
     */
    static Arbitrary<Workload> withSavers() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Combinators.combine(any(), flags, Arbitraries.of(LossKernel.class), flags)
                .as((job, flash, loss, offloaded) -> {
                    Workload attending = flash ? withFlashAttention(job) : job;
                    return withLoss(offloaded ? offloaded(attending) : attending, loss);
                });
    }

    private static Workload offloaded(Workload job) {
        return job.strategy() instanceof Strategy.Inference
                        || job.precision().autocast().isPresent()
                ? job
                : job.toBuilder().checkpointing(Checkpointing.OFFLOADED).build();
    }

    private static Workload withFlashAttention(Workload job) {
        Attention.Grouped attention =
                (Attention.Grouped) job.model().layers().get(0).attention();
        boolean halves = job.precision().weights() != DType.FP32
                || job.precision().autocast().isPresent();
        return halves && attention.headSize() <= 256
                ? job.toBuilder()
                        .attention(AttentionKernel.FLASH_ATTENTION_2)
                        .packed(false)
                        .build()
                : job;
    }

    private static Workload withLoss(Workload job, LossKernel loss) {
        boolean adaptedHead = job.strategy() instanceof Strategy.Lora lora
                && lora.targets().toString().contains("lm_head");
        if (job.strategy() instanceof Strategy.Inference
                || (adaptedHead && loss == LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY)) {
            return job;
        }
        return job.toBuilder().lossKernel(loss).build();
    }

    /** DoRA, IA3, prompt and prefix tuning; inference and LoRA over a base in 4 bits. In the usual precisions. */
    static Arbitrary<Workload> others() {
        Arbitrary<Workload> quantized = Combinators.combine(Arbitraries.oneOf(inference(), lora()), quantizations())
                .as((job, quantization) -> job.toBuilder()
                        .quantization(permitted(job, quantization))
                        .build());
        Arbitrary<Workload> eight = Combinators.combine(
                        Arbitraries.oneOf(inference(), lora().filter(Jobs::hasFrozenBiases)),
                        Arbitraries.of(true, false))
                .as((job, prepared) -> job.toBuilder()
                        .model(TinyModels.llama(job.model().layers().size()))
                        .quantization(Quantization.int8().withPrepared(prepared))
                        .build());
        Arbitrary<Workload> dora = lora().filter(Jobs::hasUsualPrecision)
                .map(job -> job.toBuilder()
                        .strategy(((Strategy.Lora) job.strategy()).dora(true))
                        .build());
        return Arbitraries.oneOf(quantized, eight, dora, otherAdapters()).filter(Jobs::hasUsualPrecision);
    }

    private static boolean hasFrozenBiases(Workload job) {
        return ((Strategy.Lora) job.strategy()).bias() == Strategy.Lora.Bias.NONE
                && !((Strategy.Lora) job.strategy()).targets().toString().contains("lm_head");
    }

    private static boolean hasUsualPrecision(Workload job) {
        return job.precision().weights() == DType.FP32
                || job.precision().autocast().isEmpty();
    }

    static Arbitrary<Workload> full() {
        return models().flatMap(model -> loops(model, Arbitraries.just(Strategy.fullFineTuning())));
    }

    static Arbitrary<Workload> lora() {
        return models().flatMap(model -> loops(model, adapters(model)));
    }

    /** IA3, prompt tuning, and prefix tuning, which is refused under checkpointing. */
    private static Arbitrary<Workload> otherAdapters() {
        return Arbitraries.oneOf(usualAdapters(), laterAdapters());
    }

    /** P-tuning and bottlenecks. */
    private static Arbitrary<Workload> laterAdapters() {
        Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 70);
        Arbitrary<PromptEncoder> encoders = sizes.map(PromptEncoder.Mlp::new);
        Arbitrary<Strategy> encoded = Combinators.combine(Arbitraries.integers().between(1, 9), encoders)
                .as(Strategy.PTuning::new);
        Arbitrary<Placement> placements = Arbitraries.oneOf(
                named(IN_LAYERS).map(Placement.Parallel::new),
                Combinators.combine(named(IN_LAYERS), named(IN_LAYERS)).as(Placement.Series::new));
        Arbitrary<Strategy> bottlenecks = Combinators.combine(
                        sizes,
                        Arbitraries.of(Activation.class).filter(function -> function != Activation.IDENTITY),
                        Arbitraries.of(0.0, 0.1),
                        placements)
                .as(Strategy.Bottleneck::new);
        return models().flatMap(model -> loops(model, Arbitraries.oneOf(encoded, bottlenecks)));
    }

    /** Full fine-tuning of some layers, of named modules, or of all but those. */
    static Arbitrary<Workload> partial() {
        return models().flatMap(model -> loops(model, trained(model).map(Strategy.PartialFineTuning::new)));
    }

    private static Arbitrary<Trained> trained(ModelSpec model) {
        int layers = model.layers().size();
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Trained> last = Combinators.combine(Arbitraries.integers().between(1, layers), flags, flags, flags)
                .as(Trained.LastLayers::new);
        Arbitrary<Trained> some = Arbitraries.integers()
                .between(0, layers - 1)
                .set()
                .ofMinSize(1)
                .map(which -> new Trained.Named(
                        which.stream().map(layer -> "layers." + layer).toList()));
        Arbitrary<Trained> modules =
                Arbitraries.of(IN_LAYERS).set().ofMinSize(1).map(names -> new Trained.Named(List.copyOf(names)));
        return Arbitraries.oneOf(
                last, some, modules, Arbitraries.oneOf(some, modules).map(Trained.AllBut::new));
    }

    private static Arbitrary<Workload> usualAdapters() {
        Arbitrary<Integer> virtualTokens = Arbitraries.integers().between(1, 9);
        Arbitrary<Strategy> ia3 =
                Combinators.combine(named(IN_LAYERS), named(IN_LAYERS)).as(Strategy.Ia3::new);
        Arbitrary<Strategy> prompt = virtualTokens.map(Strategy.PromptTuning::new);
        Arbitrary<Strategy> prefix = virtualTokens.map(Strategy.PrefixTuning::new);
        Arbitrary<Workload> any = models().flatMap(model -> loops(model, Arbitraries.oneOf(ia3, prompt)));
        Arbitrary<Workload> plain = Combinators.combine(any.filter(Jobs::hasUsualPrecision), prefix)
                .as((job, strategy) -> job.toBuilder()
                        .checkpointing(Checkpointing.NONE)
                        .strategy(strategy)
                        .build());
        return Arbitraries.oneOf(any, plain);
    }

    static Arbitrary<Workload> inference() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Strategy> strategies = Combinators.combine(
                        Arbitraries.integers().between(0, 40), flags)
                .as(Strategy.Inference::new);
        return Combinators.combine(models(), strategies, precisions(), rows(), tokens(), kernels(), flags)
                .as((model, strategy, precision, batch, sequence, kernel, packed) -> Workload.builder()
                        .model(model)
                        .strategy(strategy)
                        .precision(precision)
                        .batch(batch)
                        .sequence(sequence)
                        .attention(kernel)
                        .packed(packed)
                        .build());
    }

    private static Arbitrary<Workload> loops(ModelSpec model, Arbitrary<? extends Strategy> strategies) {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Builders.withBuilder(() -> Workload.builder().model(model))
                .use(strategies)
                .in(Workload.Builder::strategy)
                .use(precisions())
                .in(Workload.Builder::precision)
                .use(optimizers())
                .in(Workload.Builder::optimizer)
                .use(Arbitraries.of(
                        Checkpointing.NONE,
                        Checkpointing.REENTRANT,
                        Checkpointing.NON_REENTRANT,
                        Checkpointing.SELECTIVE))
                .in(Workload.Builder::checkpointing)
                .use(rows())
                .in(Workload.Builder::batch)
                .use(tokens())
                .in(Workload.Builder::sequence)
                .use(Arbitraries.integers().between(1, 3))
                .in(Workload.Builder::accumulation)
                .use(kernels())
                .in(Workload.Builder::attention)
                .use(flags)
                .in(Workload.Builder::keepOutputs)
                .use(flags)
                .in(Workload.Builder::trainingCache)
                .use(flags)
                .in(Workload.Builder::packed)
                .use(Arbitraries.of(RuntimeProfile.pytorch(), RuntimeProfile.pytorchFakeTensors()))
                .in(Workload.Builder::runtime)
                .build(Workload.Builder::build);
    }

    /** TRL prepares where it trains under bf16 autocast. */
    private static Quantization permitted(Workload job, Quantization quantization) {
        boolean trl = !(job.strategy() instanceof Strategy.Inference)
                && job.precision().autocast().equals(Optional.of(DType.BF16));
        return trl || quantization.preparation() != Quantization.Preparation.TRL
                ? quantization
                : quantization.withPreparation(Quantization.Preparation.PEFT);
    }

    private static Arbitrary<Quantization> quantizations() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Combinators.combine(
                        flags,
                        Arbitraries.of(DType.FP32, DType.BF16, DType.FP16),
                        Arbitraries.of(Quantization.Preparation.class))
                .as((doubled, compute, preparation) -> Quantization.nf4()
                        .withDoubled(doubled)
                        .withCompute(compute)
                        .withPreparation(preparation));
    }

    /** One to twelve layers, all equal or of two kinds in any order. */
    static Arbitrary<ModelSpec> models() {
        Arbitrary<Integer> keyValueHeads = Arbitraries.integers().between(1, 3);
        Arbitrary<Integer> groups = Arbitraries.integers().between(1, 3);
        Arbitrary<Integer> headSizes = Arbitraries.of(2, 8, 16, 34, 64, 288);
        Arbitrary<Integer> hidden = Arbitraries.integers().between(1, 96);
        Arbitrary<Integer> vocabulary = Arbitraries.integers().between(1, 700);
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Combinators.combine(hidden, keyValueHeads, groups, headSizes, vocabulary, layers(), flags, flags)
                .as((width, kv, group, size, rows, layers, biases, tied) ->
                        new TinyModels.Shape(width, kv * group, kv, size, rows, layers, biases, tied).spec());
    }

    private static Arbitrary<List<TinyModels.Kind>> layers() {
        Arbitrary<TinyModels.Kind> kind = Combinators.combine(
                        Arbitraries.integers().between(1, 200), windows())
                .as(TinyModels.Kind::new);
        Arbitrary<List<TinyModels.Kind>> equal =
                Combinators.combine(Arbitraries.integers().between(1, 12), kind).as(Collections::nCopies);
        Arbitrary<List<TinyModels.Kind>> twoKinds = Combinators.combine(
                        kind,
                        kind,
                        Arbitraries.of(true, false).list().ofMinSize(1).ofMaxSize(12))
                .as((a, b, which) -> which.stream().map(first -> first ? a : b).toList());
        Arbitrary<List<TinyModels.Kind>> alternating = Combinators.combine(
                        kind,
                        kind,
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 12))
                .as(Jobs::alternating);
        return Arbitraries.oneOf(equal, twoKinds, alternating);
    }

    /** So many layers of the first kind, so many of the second, and again. */
    private static List<TinyModels.Kind> alternating(
            TinyModels.Kind a, TinyModels.Kind b, int runOfA, int runOfB, int layers) {
        List<TinyModels.Kind> kinds = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            kinds.add(i % (runOfA + runOfB) < runOfA ? a : b);
        }
        return kinds;
    }

    private static Arbitrary<OptionalInt> windows() {
        return Arbitraries.oneOf(
                Arbitraries.just(OptionalInt.empty()),
                Arbitraries.integers().between(1, 40).map(OptionalInt::of));
    }

    private static Arbitrary<Strategy.Lora> adapters(ModelSpec model) {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Targets> targets =
                Arbitraries.oneOf(Arbitraries.of(new Targets.Default(), new Targets.AllLinear()), named(names(model)));
        return Combinators.combine(
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.of(0.0, 0.1),
                        targets,
                        Arbitraries.of(Strategy.Lora.Bias.class),
                        flags)
                .as((rank, dropout, which, bias, wide) -> Strategy.lora(rank)
                        .targeting(which)
                        .dropout(dropout)
                        .bias(bias)
                        .adaptersInFp32(wide));
    }

    private static Arbitrary<Targets> named(List<String> names) {
        return Arbitraries.of(names).set().ofMinSize(1).map(some -> new Targets.Named(List.copyOf(some)));
    }

    private static List<String> names(ModelSpec model) {
        List<String> names = new ArrayList<>(IN_LAYERS);
        if (!model.tiedHead()) {
            names.add("lm_head");
        }
        return names;
    }

    static Arbitrary<Precision> precisions() {
        return Combinators.combine(
                        Arbitraries.of(DType.FP32, DType.BF16, DType.FP16),
                        Arbitraries.of(Optional.<DType>empty(), Optional.of(DType.BF16), Optional.of(DType.FP16)))
                .as(Precision::new);
    }

    static Arbitrary<Optimizer> optimizers() {
        Arbitrary<Optimizer.Implementation> implementations = Arbitraries.of(Optimizer.Implementation.class);
        return Arbitraries.oneOf(
                implementations.map(Optimizer::adamW),
                implementations.map(implementation -> new Optimizer.Sgd(false, implementation)),
                implementations.map(implementation -> new Optimizer.Sgd(true, implementation)),
                Arbitraries.of(new Optimizer.RmsProp(), new Optimizer.Adagrad(), new Optimizer.Adafactor()));
    }

    /** Training with the optimizers that few use, and with gradients that live on, or that are consumed at once. */
    static Arbitrary<Workload> otherUpdates() {
        return Arbitraries.oneOf(
                Combinators.combine(full(), Arbitraries.oneOf(anywhere(), onlyFull()))
                        .as((job, optimizer) ->
                                job.toBuilder().optimizer(optimizer).build()),
                Combinators.combine(
                                Arbitraries.oneOf(training(), others()).filter(Jobs::trains),
                                Arbitraries.oneOf(anywhere(), optimizers()),
                                Arbitraries.of(Gradients.SET_TO_NONE, Gradients.SET_TO_ZERO))
                        .as((job, optimizer, gradients) -> job.toBuilder()
                                .optimizer(optimizer)
                                .gradients(gradients)
                                .build()),
                Combinators.combine(
                                Arbitraries.oneOf(training(), others()).filter(Jobs::trains),
                                Arbitraries.oneOf(anywhere(), optimizers()).filter(Jobs::stepsAlone))
                        .as((job, optimizer) -> job.toBuilder()
                                .optimizer(optimizer)
                                .accumulation(1)
                                .gradients(Gradients.STEP_IN_BACKWARD)
                                .build()));
    }

    static boolean trains(Workload job) {
        return !(job.strategy() instanceof Strategy.Inference);
    }

    static boolean stepsAlone(Optimizer optimizer) {
        return !(optimizer instanceof Optimizer.Adafactor) && !(optimizer instanceof Optimizer.Muon);
    }

    private static Arbitrary<Optimizer> anywhere() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Optimizer.Implementation> implementations = Arbitraries.of(Optimizer.Implementation.class);
        return Arbitraries.oneOf(
                Arbitraries.of(new Optimizer.Muon(), new Optimizer.Lion()),
                implementations.map(implementation -> new Optimizer.AdamW(implementation, true)),
                Combinators.combine(flags, flags, implementations)
                        .as((nesterov, decay, implementation) ->
                                new Optimizer.Sgd(true, nesterov, decay, implementation)),
                Combinators.combine(flags, flags).as(Optimizer.AdamW8bit::new),
                Combinators.combine(flags, flags).as(Optimizer.Lion8bit::new),
                flags.map(Optimizer.AdamW32bit::new),
                flags.map(Optimizer.Lion32bit::new));
    }

    private static Arbitrary<Optimizer> onlyFull() {
        Arbitrary<Integer> ranks = Arbitraries.integers().between(1, 80);
        return Combinators.combine(ranks, Arbitraries.of(true, false)).as(Optimizer.GaLore::new);
    }

    private static Arbitrary<Integer> rows() {
        return Arbitraries.integers().between(1, 4);
    }

    private static Arbitrary<Integer> tokens() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 40), Arbitraries.integers().between(120, 136));
    }

    private static Arbitrary<AttentionKernel> kernels() {
        return Arbitraries.of(AttentionKernel.EAGER, AttentionKernel.SDPA);
    }
}
