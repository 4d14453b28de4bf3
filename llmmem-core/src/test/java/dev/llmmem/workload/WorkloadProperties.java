package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.Tower;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Jobs of every kind, over models of every kind. */
class WorkloadProperties {

    @Property(tries = 300)
    void jsonIsReadBackExactly(@ForAll("jobs") Workload job) {
        String json = job.toJson();
        Workload read = Workload.fromJson(json);
        assertThat(read).isEqualTo(job).hasSameHashCodeAs(job).hasToString(job.toString());
        assertThat(read.toJson()).isEqualTo(json);
    }

    @Property(tries = 100)
    void jsonIsReadBackWithSpaceBetweenItsTokens(@ForAll("jobs") Workload job) {
        // No string of these jobs has a comma.
        assertThat(Workload.fromJson(" \n" + job.toJson().replace(",", " ,\r\n\t") + "\n"))
                .isEqualTo(job);
    }

    @Property(tries = 100)
    void copiesAreEqual(@ForAll("jobs") Workload job) {
        assertThat(job.toBuilder().build()).isEqualTo(job).hasSameHashCodeAs(job);
    }

    @Property(tries = 100)
    void textIsOneLine(@ForAll("jobs") Workload job) {
        assertThat(job.toString()).doesNotContain("\n").contains(job.batch() + " x " + job.sequence() + " tokens");
    }

    @Provide
    static Arbitrary<Workload> jobs() {
        Arbitrary<Workload.Builder> training = Combinators.combine(
                        models(), trainings(), optimizers(), Arbitraries.of(Checkpointing.class), ints(1, 1 << 20))
                .as((model, trained, optimizer, checkpointing, accumulation) -> Workload.builder()
                        .model(model)
                        .strategy(trained.get1())
                        .precision(trained.get2())
                        .optimizer(optimizer)
                        .checkpointing(
                                trained.get2().autocast().isPresent() && checkpointing == Checkpointing.OFFLOADED
                                        ? Checkpointing.REENTRANT
                                        : checkpointing)
                        .accumulation(accumulation))
                .flatMap(job -> Combinators.combine(bools(), bools(), Arbitraries.of(LossKernel.class))
                        .as((keep, cache, loss) ->
                                job.keepOutputs(keep).trainingCache(cache).lossKernel(loss)));
        Arbitrary<Workload.Builder> inference = Combinators.combine(
                        models(), ints(0, 10_000), bools(), optimizers(), precisions())
                .as((model, generated, all, optimizer, precision) -> Workload.builder()
                        .model(model)
                        .precision(precision)
                        .strategy(new Strategy.Inference(generated, all))
                        .optimizer(optimizer));
        return Arbitraries.oneOf(training, inference)
                .flatMap(job -> Combinators.combine(
                                ints(1, 1000),
                                ints(1, 100_000),
                                Arbitraries.of(AttentionKernel.class),
                                bools(),
                                Combinators.combine(
                                                bools(),
                                                bools(),
                                                bools(),
                                                Arbitraries.of(LossInput.class),
                                                bools(),
                                                bools())
                                        .as((fused, inPlace, safe, loss, projections, wide) -> RuntimeProfile.pytorch()
                                                .withFusedBackwardKernels(fused)
                                                .withGradientsSummedInPlace(inPlace)
                                                .withSafeSoftmax(safe)
                                                .withLossInput(loss)
                                                .withProjectionsAsCache(
                                                        projections && !(job.strategy instanceof Strategy.Inference))
                                                .withOutputsInFp32(wide)))
                        .as((batch, sequence, attention, packed, runtime) -> attending(job, attention, packed)
                                .lossKernel(
                                        runtime.lossInput() == LossInput.PADDED_LABELS
                                                ? job.lossKernel
                                                : LossKernel.EAGER)
                                .batch(batch)
                                .sequence(sequence)
                                .runtime(runtime)
                                .build()));
    }

    /** With a kernel of attention that takes the job. */
    private static Workload.Builder attending(Workload.Builder job, AttentionKernel attention, boolean packed) {
        if (attention != AttentionKernel.FLASH_ATTENTION_2) {
            return job.attention(attention).packed(packed);
        }
        boolean halves = job.precision.weights() != DType.FP32
                || job.precision.autocast().isPresent();
        boolean taken = halves && !(job.strategy instanceof Strategy.PrefixTuning);
        return job.attention(taken ? attention : AttentionKernel.SDPA);
    }

    /** Strategies with precisions; DoRA takes no two 16-bit formats at once. */
    private static Arbitrary<Tuple.Tuple2<Strategy, Precision>> trainings() {
        return Combinators.combine(strategies(), precisions())
                .as(Tuple::of)
                .filter(training -> !(training.get1() instanceof Strategy.Lora lora && lora.dora())
                        || training.get2().weights() == DType.FP32
                        || training.get2()
                                .autocast()
                                .map(training.get2().weights()::equals)
                                .orElse(true));
    }

    private static Arbitrary<Precision> precisions() {
        return Combinators.combine(
                        Arbitraries.of(DType.FP32, DType.FP16, DType.BF16),
                        Arbitraries.of(DType.FP16, DType.BF16).optional())
                .as(Precision::new);
    }

    private static Arbitrary<Optimizer> optimizers() {
        Arbitrary<Optimizer.Implementation> implementations = Arbitraries.of(Optimizer.Implementation.class);
        return Arbitraries.oneOf(
                implementations.map(Optimizer.AdamW::new),
                Combinators.combine(bools(), implementations).as(Optimizer.Sgd::new));
    }

    private static Arbitrary<Strategy> strategies() {
        Arbitrary<Targets> targets = Arbitraries.of(
                new Targets.Default(),
                new Targets.AllLinear(),
                new Targets.Named(List.of("q_proj")),
                new Targets.Named(List.of("no\u2028such \\ \"name\"", "attn.q_proj")),
                new Targets.Matching(".*\\.(q|\u00e4)_proj"));
        Arbitrary<Strategy> lora = Combinators.combine(
                        ints(1, Integer.MAX_VALUE),
                        doubles(Double.MIN_VALUE, Double.MAX_VALUE),
                        probabilities(),
                        targets,
                        Arbitraries.of(Strategy.Lora.Bias.class),
                        bools(),
                        bools())
                .as(Strategy.Lora::new);
        Arbitrary<Strategy> prompts = ints(1, 1000).map(Strategy.PromptTuning::new);
        Arbitrary<Strategy> encoded =
                Combinators.combine(ints(1, 1000), encoders()).as(Strategy.PTuning::new);
        // all linear layers may be transposed ones, which bottleneck adapters do not take
        Arbitrary<Targets> plain = targets.filter(chosen -> !(chosen instanceof Targets.AllLinear));
        Arbitrary<Placement> placements = Arbitraries.oneOf(
                plain.map(Placement.Parallel::new),
                Combinators.combine(plain, plain).as(Placement.Series::new));
        Arbitrary<Strategy> bottlenecks = Combinators.combine(
                        ints(1, 1 << 20), Arbitraries.of(Activation.class), probabilities(), placements)
                .as(Strategy.Bottleneck::new);
        Arbitrary<Strategy> partial = trained().map(Strategy.PartialFineTuning::new);
        return Arbitraries.oneOf(
                Arbitraries.just(new Strategy.FullFineTuning()), lora, prompts, encoded, bottlenecks, partial);
    }

    /** MLPs alone: an LSTM takes no autocast. */
    private static Arbitrary<PromptEncoder> encoders() {
        return ints(1, 1 << 20).map(PromptEncoder.Mlp::new);
    }

    private static Arbitrary<Trained> trained() {
        return Arbitraries.oneOf(
                Combinators.combine(ints(0, 1), bools(), bools())
                        .as((count, norm, head) -> new Trained.LastLayers(count, true, norm, head)),
                Arbitraries.of(new Trained.Named(List.of("model.embed")), new Trained.Named(List.of("embed.weight"))));
    }

    private static Arbitrary<ModelSpec> models() {
        return Combinators.combine(
                        Arbitraries.strings()
                                .ofMaxLength(20)
                                .map(name -> name.replace(",", "").replace("\n", "")),
                        ints(1, Integer.MAX_VALUE),
                        ints(1, Integer.MAX_VALUE),
                        ints(1, Integer.MAX_VALUE),
                        bools(),
                        Combinators.combine(probabilities(), probabilities(), probabilities())
                                .as(Dropout::new),
                        Arbitraries.of(DType.class).optional(),
                        layers().list().ofMinSize(1).ofMaxSize(3))
                .as((name, hidden, vocabulary, positions, tied, dropout, stored, distinct) -> {
                    ModelSpec.Builder model = ModelSpec.builder("llama")
                            .name(name)
                            .hiddenSize(hidden)
                            .vocabularySize(vocabulary)
                            .maxPositions(positions)
                            .tiedHead(tied)
                            .dropout(dropout)
                            .outerParameters(List.of(
                                    TestModels.parameter("model.embed.weight", Parameter.Kind.EMBEDDING, vocabulary)));
                    return stored.map(model::storedType).orElse(model).layers(distinct);
                })
                .flatMap(model -> Combinators.combine(
                                towers().list().ofMaxSize(2), extras().list().ofMaxSize(2))
                        .as((towers, extras) -> model.towers(towers).storedExtras(extras)))
                .flatMap(model -> ints(1, 4)
                        .map(repeats -> model.layers(repeated(model.build().layers(), repeats))
                                .build()));
    }

    private static List<Layer> repeated(List<Layer> layers, int repeats) {
        return layers.stream()
                .flatMap(layer -> Collections.nCopies(repeats, layer).stream())
                .toList();
    }

    private static Arbitrary<FeedForward.Routing> routings() {
        return Combinators.combine(bools(), ints(0, 8), ints(0, 8))
                .as((normalized, groups, visited) ->
                        new FeedForward.Routing(normalized, groups, Math.min(groups, Math.max(1, visited))));
    }

    private static Arbitrary<Layer> layers() {
        Arbitrary<Attention> grouped = Combinators.combine(ints(1, 8), ints(1, 8), ints(1, 256), windows())
                .as((groups, heads, size, window) ->
                        new Attention.Grouped(groups * heads, heads, size, size / 2, window));
        Arbitrary<Attention> latent = Combinators.combine(
                        ints(1, 128), windows(), ints(1, 512), ints(1, 128), ints(1, 64))
                .as((heads, rank, size, plain, rotary) ->
                        new Attention.Latent(heads, rank, size, plain, rotary, Integer.MAX_VALUE));
        Arbitrary<FeedForward> dense = Combinators.combine(
                        ints(1, Integer.MAX_VALUE), bools(), Arbitraries.of(Activation.class))
                .as(FeedForward.Dense::new);
        Arbitrary<FeedForward> experts = Combinators.combine(
                        ints(1, 8),
                        ints(0, 8),
                        ints(1, 1000),
                        ints(0, 1000),
                        Arbitraries.of(Activation.class),
                        routings())
                .as((used, unused, width, shared, activation, routing) ->
                        new FeedForward.Experts(used + unused, used, width, shared, true, activation, routing));
        Arbitrary<List<Parameter>> parameters = Combinators.combine(
                        Arbitraries.of(Parameter.Kind.class),
                        Arbitraries.longs().between(1, 1L << 20).list().ofMaxSize(3))
                .as((kind, shape) -> new Parameter("h.{i}.x.attn.some." + kind, shape, kind))
                .list()
                .ofMaxSize(3);
        Arbitrary<Attention> attentions = Arbitraries.oneOf(grouped, latent, otherAttentions(grouped, latent));
        Arbitrary<FeedForward> networks = Arbitraries.oneOf(dense, experts, Arbitraries.just(new FeedForward.Absent()));
        return Combinators.combine(attentions, networks, parameters).as((attention, feedForward, others) -> {
            List<Parameter> all = new ArrayList<>(others);
            all.add(TestModels.parameter("h.{i}.attn.q_proj.weight", Parameter.Kind.LINEAR, 8, 8));
            return new Layer(attention, feedForward, all);
        });
    }

    private static Arbitrary<Attention> otherAttentions(Arbitrary<Attention> grouped, Arbitrary<Attention> latent) {
        Arbitrary<Attention> around = Combinators.combine(grouped, latent, ints(0, 128), ints(0, 3))
                .as((plain, compressed, size, kind) -> switch (kind) {
                    case 0 -> new Attention.Borrowed((Attention.Grouped) plain);
                    case 1 -> new Attention.Indexed((Attention.Latent) compressed, size);
                    case 2 -> new Attention.Cross(Optional.of((Attention.Grouped) plain), 4, 2, size + 1);
                    default -> new Attention.Cross(Optional.empty(), 4, 4, size + 1);
                });
        Arbitrary<Attention> alone = Combinators.combine(
                        ints(1, 8), ints(1, 256), windows(), Arbitraries.of(Attention.Recurrent.Rule.class), ints(0, 4))
                .as((heads, size, window, rule, kind) -> switch (kind) {
                    case 3 -> new Attention.Compressed(heads, 4 * size, size, 5, 4 * (size % 2), 4 * (size % 2));
                    case 0 -> new Attention.Uneven(2 * heads, heads, size, size + 1, size / 2, window);
                    case 1 -> new Attention.Bidirectional(heads, size);
                    case 2 -> new Attention.Recurrent(rule, heads, 1L << (size / 5));
                    default -> new Attention.Absent();
                });
        return Arbitraries.oneOf(around, alone);
    }

    private static Arbitrary<Tower> towers() {
        return Combinators.combine(ints(1, 9), Arbitraries.longs().between(1, 1L << 20))
                .as((count, size) -> new Tower(
                        "vision",
                        List.of(new Tower.Part(
                                new Parameter("vision.{i}.weight", List.of(size, 2L), Parameter.Kind.LINEAR), count))));
    }

    private static Arbitrary<StoredExtra> extras() {
        return Combinators.combine(Arbitraries.longs().greaterOrEqual(1), Arbitraries.of(StoredExtra.Cause.class))
                .as((elements, cause) -> new StoredExtra("some", elements, cause));
    }

    private static Arbitrary<OptionalInt> windows() {
        return ints(1, Integer.MAX_VALUE)
                .optional()
                .map((Optional<Integer> window) -> window.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static Arbitrary<Double> probabilities() {
        return doubles(0, Math.nextDown(1.0));
    }

    /** Positive doubles of every magnitude. */
    private static Arbitrary<Double> doubles(double least, double most) {
        return Arbitraries.longs()
                .between(Double.doubleToLongBits(least), Double.doubleToLongBits(most))
                .map(Double::longBitsToDouble);
    }

    private static Arbitrary<Integer> ints(int least, int most) {
        return Arbitraries.integers().between(least, most);
    }

    private static Arbitrary<Boolean> bools() {
        return Arbitraries.of(true, false);
    }
}
