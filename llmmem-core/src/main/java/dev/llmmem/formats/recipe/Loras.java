package dev.llmmem.formats.recipe;

import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** LoRA as tools over PEFT describe it. */
final class Loras {

    private Loras() {}

    /** Rank, alpha and dropout; {@code rank} below 1 stands for no default. */
    static Optional<Strategy.Lora> read(
            Reading in, String rankKey, int rank, String alphaKey, String dropoutKey, double dropout, String source) {
        OptionalInt given = in.whole(rankKey, 1);
        if (given.isEmpty() && rank < 1) {
            in.block(Setting.STRATEGY, rankKey + " is missing");
            return Optional.empty();
        }
        if (given.isEmpty()) {
            in.supplied(rankKey, rank, source);
        }
        Strategy.Lora lora = Strategy.lora(given.orElse(rank));
        Optional<Double> alpha = in.number(alphaKey);
        if (alpha.isPresent()) {
            lora = lora.alpha(alpha.get());
        }
        Optional<Double> drop = in.number(dropoutKey);
        if (drop.isEmpty()) {
            in.supplied(dropoutKey, dropout, source);
        }
        return Optional.of(lora.dropout(drop.orElse(dropout)));
    }

    static void target(Reading in, Strategy.Lora lora, List<String> names, boolean all) {
        if (all || names.equals(List.of("all")) || names.equals(List.of("all-linear"))) {
            in.set(Setting.STRATEGY, lora.targetingAllLinear());
            if (names.stream().anyMatch(name -> name.contains("head") || name.contains("embed"))) {
                in.block(Setting.STRATEGY, "targets beside all linear layers are not modelled");
            }
        } else {
            in.set(Setting.STRATEGY, names.isEmpty() ? lora : lora.targeting(new Targets.Named(names)));
        }
    }

    /** Four bits, computing in the format of the weights. */
    static void quantize(Reading in, Quantization quantization) {
        in.weights().ifPresent(weights -> in.set(Setting.QUANTIZATION, quantization.withCompute(weights)));
    }
}
