package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adapters that are vectors, or chosen elements of the weights: {@code update_layer} in {@code peft/tuners/<type>/layer.py} of peft
 * 0.21.0, where {@code <type>} is the name of the method here.
 */
final class Vectors {

    private static final Map<String, Integer> ROAD_HALVES = Map.of("road_1", 1, "road_2", 2, "road_4", 4);

    private Vectors() {}

    static Method beft() {
        return Method.linear((module, out) -> out.add(module, "beft_bias", 1, module.outputs()));
    }

    static Method road(Settings settings) {
        String variant = settings.choice("variant", "road_1", List.of("road_1", "road_2", "road_4"));
        long group = settings.number("group_size", 64, 2, Settings.WIDEST, "elements");
        if (group % 2 != 0) {
            settings.refuse("group_size", "an even number of elements");
        }
        long halves = ROAD_HALVES.getOrDefault(variant, 1);
        return Method.linear((module, out) -> {
            Fit.divides("group_size", group, module.outputs(), module);
            long size = module.outputs() / 2 * halves;
            out.add(module, "road_theta", size);
            out.add(module, "road_alpha", size);
        });
    }

    static Method fourierft(Settings settings) {
        Patterns counts = frequencies(settings, 1000);
        return Method.bothLinear(
                (module, out) -> spectrum(module, "fourierft_spectrum", counts.of(module, out.steps()), out));
    }

    static Method waveft(Settings settings) {
        Patterns counts = frequencies(settings, 2592);
        if (settings.flag("proportional_parameters", false)) {
            long each = settings.number("n_frequency", 2592, 1, Integer.MAX_VALUE, "frequencies");
            return new Method.PerModule(
                    Set.of(Kind.LINEAR, Kind.CONV1D), false, model -> new ProportionalFrequencies(each));
        }
        return Method.bothLinear(
                (module, out) -> spectrum(module, "waveft_spectrum", counts.of(module, out.steps()), out));
    }

    private static Patterns frequencies(Settings settings, long absent) {
        long count = settings.number("n_frequency", absent, 1, Integer.MAX_VALUE, "frequencies");
        return Patterns.read(settings, "n_frequency_pattern", count, "frequencies");
    }

    static void spectrum(BaseModule module, String name, long frequencies, Inventory out) {
        Fit.atMostElements("n_frequency", frequencies, module);
        out.add(module, name, frequencies);
    }

    static Method shira(Settings settings) {
        settings.requireChoice("mask_type", "random", List.of("random"));
        long r = settings.rank("r", 32);
        return Method.linear((module, out) -> {
            long chosen = r * (module.inputs() + module.outputs());
            Fit.atMostElements("r (inputs + outputs)", chosen, module);
            out.add(module, "shira_weight", chosen);
            out.store(module, "shira_indices", 2, chosen);
        });
    }

    static Method supertuning(Settings settings) {
        double sparsity = settings.real("sparsity", 0.99, 0, 1);
        long r = settings.states("r") ? settings.rank("r", 1) : 0;
        boolean indices = settings.flag("save_precomputed_indices", true);
        return Method.linear((module, out) -> {
            long elements = Math.multiplyExact(module.inputs(), module.outputs());
            long chosen = (long) (elements * (1 - sparsity));
            Fit.require(chosen >= 1, "trained elements", chosen, "at least 1 at sparsity " + sparsity, module);
            out.add(module, "supertuning_values", chosen);
            if (indices) {
                out.store(module, "supertuning_indices", chosen);
            }
            if (r > 0) {
                out.add(module, "supertuning_lora_A.weight", r, module.inputs());
                out.add(module, "supertuning_lora_B.weight", module.outputs(), r);
            }
        });
    }

    /** The sparse matrix is as wide as the inputs: {@code peft/tuners/frod/model.py}, {@code _init_frod_projections}. */
    static Method frod(Settings settings) {
        double rate = settings.real("sparse_rate", 0.01, 0, 1);
        return Method.bothLinear((module, out) -> {
            long square = Math.multiplyExact(module.inputs(), module.inputs());
            long beside = square - module.inputs();
            long chosen = Math.min((long) (square * rate), beside);
            if (rate > 0 && beside > 0) {
                chosen = Math.max(1, chosen);
            }
            out.add(module, "frod_lambda_l", module.inputs());
            out.add(module, "frod_lambda_s_values", chosen);
        });
    }

    /** A copy of each target, in the format that the target has. */
    static Method lnTuning() {
        return Method.perModule(Set.of(Kind.NORM, Kind.LINEAR, Kind.CONV1D, Kind.EMBEDDING), (module, out) -> {
            for (Parameter parameter : module.parameters()) {
                String part = parameter.name().substring(parameter.name().lastIndexOf('.') + 1);
                out.addUnwidened(module, "ln_tuning_layers." + part, parameter.shape());
            }
        });
    }
}
