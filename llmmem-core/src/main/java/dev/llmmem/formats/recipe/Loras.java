package dev.llmmem.formats.recipe;

import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** LoRA as tools over PEFT describe it. */
final class Loras {

    private Loras() {}

    /** Rank, alpha and dropout; an empty {@code rank} stands for no default. */
    static Strategy.Lora read(
            Reading in, String prefix, String rankKey, OptionalInt rank, double dropout, String source) {
        OptionalInt given = in.whole(rankKey, 1);
        if (given.isEmpty() && rank.isEmpty()) {
            throw in.wrong(rankKey, null, "whole numbers in [1, " + Integer.MAX_VALUE + "], as LoRA needs a rank");
        }
        if (given.isEmpty()) {
            in.supplied(rankKey, rank.getAsInt(), source);
        }
        Strategy.Lora lora = Strategy.lora(given.orElseGet(rank::getAsInt));
        Optional<Double> alpha = in.number(prefix + "lora_alpha");
        if (alpha.isPresent()) {
            lora = lora.alpha(alpha.get());
        }
        Optional<Double> drop = in.number(prefix + "lora_dropout");
        if (drop.isEmpty()) {
            in.supplied(prefix + "lora_dropout", dropout, source);
        }
        return lora.dropout(drop.orElse(dropout));
    }

    static void named(Reading in, Strategy.Lora lora, String key, List<String> names) {
        if (names.equals(List.of("all-linear"))) {
            linear(in, lora, key, names);
        } else {
            in.set(Setting.STRATEGY, names.isEmpty() ? lora : lora.targeting(new Targets.Named(names)));
        }
    }

    /** All linear layers but the head, which takes in those that are named. */
    static void linear(Reading in, Strategy.Lora lora, String key, List<String> names) {
        in.set(Setting.STRATEGY, lora.targetingAllLinear());
        if (names.stream().anyMatch(name -> name.contains("head") || name.contains("embed"))) {
            in.notModelled(key, "targets beside all linear layers");
        }
    }

    /** A pattern over whole names, or PEFT's word for all linear layers. */
    static void matching(Reading in, Strategy.Lora lora, String pattern) {
        in.set(
                Setting.STRATEGY,
                pattern.equals("all-linear")
                        ? lora.targetingAllLinear()
                        : lora.targeting(new Targets.Matching(pattern)));
    }
}
