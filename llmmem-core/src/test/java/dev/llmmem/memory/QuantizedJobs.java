package dev.llmmem.memory;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Adapters over quantized bases of several families, in the precisions that they are trained in. */
final class QuantizedJobs {

    private QuantizedJobs() {}

    static Arbitrary<Workload> any() {
        return Arbitraries.of(TinyFamilies.types())
                .map(TinyFamilies::of)
                .flatMap(model -> loops(model, Arbitraries.oneOf(eight(), prepared(), preparedByTrl())))
                .filter(QuantizedJobs::isModelled);
    }

    /** Layers of 8 bits whose inputs and biases differ in format are refused. */
    private static boolean isModelled(Workload job) {
        try {
            return MemoryEstimate.of(job).peak().value() > 0;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** Layers of 8 bits. */
    private static Arbitrary<Tuple2<Quantization, Precision>> eight() {
        return Arbitraries.of(Precision.FP32, Precision.FP16, Precision.BF16, Precision.MIXED_FP16)
                .map(precision -> Tuple.of(Quantization.int8(), precision));
    }

    /** Layers of 4 bits; norms and embeddings in fp32. */
    private static Arbitrary<Tuple2<Quantization, Precision>> prepared() {
        return Combinators.combine(fours(), Arbitraries.of(Precision.FP16, Precision.BF16, Precision.MIXED_BF16))
                .as(Tuple::of);
    }

    /** Layers of 4 bits; norms in fp32, embeddings in bf16, so that the first layer may be given another format. */
    private static Arbitrary<Tuple2<Quantization, Precision>> preparedByTrl() {
        return Combinators.combine(
                        fours(), Arbitraries.of(Precision.BF16.withAutocast(DType.BF16), Precision.MIXED_BF16))
                .as((four, precision) -> Tuple.of(four.withPreparation(Quantization.Preparation.TRL), precision));
    }

    private static Arbitrary<Quantization> fours() {
        return Combinators.combine(
                        Arbitraries.of(DType.NF4, DType.FP4), Arbitraries.of(DType.FP32, DType.FP16, DType.BF16))
                .as((format, compute) -> new Quantization(
                        format, false, compute, Quantization.Preparation.PEFT, List.of("lm_head", "embed_out")));
    }

    private static Arbitrary<Workload> loops(
            ModelSpec model, Arbitrary<Tuple2<Quantization, Precision>> quantizations) {
        return Builders.withBuilder(() -> Workload.builder().model(model).sequence(16))
                .use(strategies(model))
                .in(Workload.Builder::strategy)
                .use(quantizations)
                .in((job, chosen) -> job.quantization(chosen.get1()).precision(chosen.get2()))
                .use(Arbitraries.of(
                        Checkpointing.NONE,
                        Checkpointing.REENTRANT,
                        Checkpointing.NON_REENTRANT,
                        Checkpointing.SELECTIVE))
                .in(Workload.Builder::checkpointing)
                .use(Arbitraries.integers().between(1, 3))
                .in(Workload.Builder::batch)
                .use(Arbitraries.integers().between(1, 2))
                .in(Workload.Builder::accumulation)
                .use(Arbitraries.of(AttentionKernel.EAGER, AttentionKernel.SDPA))
                .in(Workload.Builder::attention)
                .build(Workload.Builder::build);
    }

    private static Arbitrary<Strategy> strategies(ModelSpec model) {
        Arbitrary<Targets> some = Arbitraries.of(linear(model))
                .set()
                .ofMinSize(1)
                .map(names -> new Targets.Named(names.stream().sorted().toList()));
        Arbitrary<Targets> targets =
                hasExperts(model) ? some : Arbitraries.oneOf(Arbitraries.just(new Targets.AllLinear()), some);
        Arbitrary<Strategy> lora = Combinators.combine(targets, Arbitraries.of(0.0, 0.1))
                .as((which, dropout) -> Strategy.lora(4).targeting(which).dropout(dropout));
        Arbitrary<Strategy> ia3 = Combinators.combine(some, some).as(Strategy.Ia3::new);
        Arbitrary<Strategy> prompt = Arbitraries.integers().between(1, 5).map(Strategy.PromptTuning::new);
        return Arbitraries.oneOf(lora, ia3, prompt);
    }

    /** The names of the linear layers of a block, or of its attention where names of others reach experts. */
    private static List<String> linear(ModelSpec model) {
        return model.layers().get(0).parameters().stream()
                .filter(Parameter::isLinear)
                .map(Parameter::module)
                .filter(module -> !hasExperts(model) || module.contains("attn"))
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .toList();
    }

    private static boolean hasExperts(ModelSpec model) {
        return model.modelType().equals("deepseek_v2");
    }
}
