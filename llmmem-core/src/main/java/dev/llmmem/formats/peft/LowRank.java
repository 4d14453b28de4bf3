package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter.Kind;
import java.util.List;
import java.util.Set;

/**
 * Adapters that are products of small matrices: {@code update_layer} in {@code peft/tuners/<type>/layer.py} of peft 0.21.0, where
 * {@code <type>} is the name of the method here. Each reads its numbers at once and says then what a module of given widths gets.
 */
final class LowRank {

    /** Model types whose linear layers are of a class of their own. */
    private static final Set<String> SUBCLASSED = Set.of("falcon");

    private LowRank() {}

    static Method adalora(Settings settings) {
        settings.refuseIfSet("use_dora", "AdaLoRA has no DoRA");
        settings.refuseIfSet("megatron_config", "Megatron's layers are not modelled");
        settings.refuseIfSet("layer_replication", "repeated layers are not modelled");
        settings.refuseIfSet("target_parameters", "AdaLoRA adapts modules");
        long r = settings.rank("init_r", 12);
        return Method.bothLinear((module, out) -> {
            out.add(module, "lora_A", r, module.inputs());
            out.add(module, "lora_E", r, 1);
            out.add(module, "lora_B", module.outputs(), r);
        });
    }

    /**
     * The rows of each subspace hang on the values of the weights, so the subspaces stand as one here. Their sum does not, as long as
     * each has rank 1.
     */
    static Method adamss(Settings settings) {
        long r = settings.rank("r", 100);
        long subspaces = settings.number("num_subspaces", 5, 1, Settings.WIDEST, "subspaces");
        if (settings.rank("subspace_rank", 1) > 1) {
            settings.refuse("subspace_rank", "1: the shapes of others hang on the values of the weights");
        }
        return Method.linear((module, out) -> {
            long widest = module.inputs() + (module.bias().isPresent() ? 1 : 0);
            out.add(
                    module,
                    "adamss_A",
                    Math.min(subspaces, module.outputs()),
                    Math.min(r, Math.min(widest, module.outputs())));
            out.add(module, "adamss_B", module.outputs(), 1);
        });
    }

    /** {@code dispatch_default} takes {@code r} for every target, whatever {@code rank_pattern} says. */
    static Method hira(Settings settings) {
        long r = settings.rank("r", 32);
        return Method.perModule(Set.of(Kind.LINEAR, Kind.CONV1D, Kind.EMBEDDING), (module, out) -> {
            String part = module.kind() == Kind.EMBEDDING ? "hira_embedding_" : "hira_";
            out.add(module, part + "A", r, module.inputs());
            out.add(module, part + "B", module.outputs(), r);
        });
    }

    static Method deft(Settings settings) {
        long most = settings.rank("r", 8);
        boolean para = settings.flag("para", false);
        return Method.bothLinear((module, out) -> {
            long r = Math.min(most, module.outputs());
            out.add(module, "deft_P", module.outputs(), r);
            if (!para) {
                out.add(module, "deft_R", r, module.inputs());
            }
        });
    }

    static Method delora(Settings settings) {
        Patterns ranks = Patterns.read(settings, "rank_pattern", settings.rank("r", 8), "elements");
        return Method.linear((module, out) -> {
            long r = ranks.of(module, out.steps());
            out.add(module, "delora_A", r, module.inputs());
            out.add(module, "delora_B", module.outputs(), r);
            out.add(module, "delora_lambda", 1);
            out.add(module, "delora_w_norm", false, module.inputs());
        });
    }

    static Method loha(Settings settings) {
        Patterns ranks = Patterns.read(settings, "rank_pattern", settings.rank("r", 8), "elements");
        return Method.linear((module, out) -> {
            long r = ranks.of(module, out.steps());
            for (String pair : List.of("hada_w1_", "hada_w2_")) {
                out.add(module, pair + "a", module.outputs(), r);
                out.add(module, pair + "b", r, module.inputs());
            }
        });
    }

    static Method lokr(Settings settings) {
        Patterns ranks = Patterns.read(settings, "rank_pattern", settings.rank("r", 8), "elements");
        boolean both = settings.flag("decompose_both", false);
        long factor = settings.number("decompose_factor", -1, -1, Settings.WIDEST, "elements");
        return Method.linear((module, out) -> {
            long r = ranks.of(module, out.steps());
            long in1 = Factors.smaller(module.inputs(), factor);
            long in2 = module.inputs() / in1;
            long out1 = Factors.smaller(module.outputs(), factor);
            long out2 = module.outputs() / out1;
            if (both && 2 * r < Math.max(out1, in1)) {
                out.add(module, "lokr_w1_a", out1, r);
                out.add(module, "lokr_w1_b", r, in1);
            } else {
                out.add(module, "lokr_w1", out1, in1);
            }
            if (2 * r < Math.max(out2, in2)) {
                out.add(module, "lokr_w2_a", out2, r);
                out.add(module, "lokr_w2_b", r, in2);
            } else {
                out.add(module, "lokr_w2", out2, in2);
            }
        });
    }

    static Method gralora(Settings settings) {
        long r = settings.rank("r", 32);
        long hybrid = settings.number("hybrid_r", 0, 0, Settings.WIDEST, "elements");
        long blocks = settings.number("gralora_k", 2, 1, Settings.WIDEST, "blocks");
        if (r % blocks != 0) {
            settings.refuse("r", "a multiple of gralora_k = " + blocks);
        }
        return Method.bothLinear((module, out) -> {
            Fit.divisor("gralora_k", blocks, module);
            out.add(module, "gralora_A", blocks, module.inputs() / blocks, r);
            out.add(module, "gralora_B", blocks, r, module.outputs() / blocks);
            if (hybrid > 0) {
                out.add(module, "gralora_A_general.weight", hybrid, module.inputs());
                out.add(module, "gralora_B_general.weight", module.outputs(), hybrid);
            }
        });
    }

    static Method peanut(Settings settings) {
        long r = settings.rank("r", 32);
        long depth = settings.number("depth", 0, 0, 64, "layers");
        return Method.linear((module, out) -> {
            out.add(module, "peanut_A.weight", r, module.outputs());
            for (String side : List.of("encoders", "decoders")) {
                for (long i = 0; i < depth; i++) {
                    out.add(module, "peanut_" + side + "." + i + ".weight", r, r);
                }
            }
            out.add(module, "peanut_B.weight", module.outputs(), r);
        });
    }

    static Method poly(Settings settings) {
        settings.requireChoice("poly_type", "poly", List.of("poly"));
        long r = settings.rank("r", 8);
        long tasks = settings.number("n_tasks", 1, 1, Settings.WIDEST, "tasks");
        long skills = settings.number("n_skills", 4, 1, Settings.WIDEST, "skills");
        long splits = settings.number("n_splits", 1, 1, Settings.WIDEST, "splits");
        return Method.linear((module, out) -> {
            Fit.divisor("n_splits", splits, module);
            out.add(module, "poly_router.module_logits", tasks, splits * skills);
            out.add(module, "poly_lora_A", splits, skills, module.inputs() / splits, r);
            out.add(module, "poly_lora_B", splits, skills, r, module.outputs() / splits);
        });
    }

    static Method miss(Settings settings) {
        long r = settings.rank("r", 64);
        long small = settings.rank("mini_r", 1);
        String kind = settings.isText("init_weights")
                ? settings.choice("init_weights", "", List.of("bat", "mini"))
                : settings.flag("init_weights", true) ? "" : "random";
        return Method.linear((module, out) -> {
            Fit.require(r <= module.inputs(), "r", r, "[1, the inputs]", module);
            switch (kind) {
                case "bat" -> {
                    Fit.divisor("r", r, module);
                    out.add(module, "miss_block", module.outputs() / r, r, r);
                }
                case "mini" -> {
                    Fit.divides("mini_r", small, module.outputs(), module);
                    out.add(module, "miss_block", r, small);
                }
                default -> out.add(module, "miss_block", r, module.outputs());
            }
        });
    }

    static Method hra(Settings settings) {
        long r = settings.rank("r", 8);
        return Method.linear((module, out) -> out.add(module, "hra_u", module.inputs(), r));
    }

    static Method glora(Settings settings) {
        long r = settings.rank("r", 8);
        List<String> paths = List.of("lora", "vector", "constant", "none");
        String weights = settings.choice("config_A_B", "lora", paths);
        String inputs = settings.choice("config_C", "lora", List.of("lora", "vector", "none"));
        String biases = settings.choice("config_D_E", "constant", List.of("constant", "vector", "none"));
        return new Method.PerModule(Set.of(Kind.LINEAR), false, model -> (module, out) -> {
            if (SUBCLASSED.contains(model.modelType())) {
                throw new IllegalArgumentException("the model type is " + model.modelType()
                        + ", permitted one whose linear layers are plain torch.nn.Linear, which GLoRA insists on");
            }
            gloraPath(module, "glora_A", weights, r, module.inputs(), module.outputs(), out);
            gloraPath(module, "glora_B", weights, r, module.inputs(), module.outputs(), out);
            if (module.bias().isPresent()) {
                gloraPath(module, "glora_C", inputs, r, 1, module.inputs(), out);
                gloraPath(module, "glora_D", biases, r, 0, module.outputs(), out);
                gloraPath(module, "glora_E", biases, r, 0, module.outputs(), out);
            }
        });
    }

    /** A path of GLoRA; a width of 0 makes a vector a row instead of a column. */
    private static void gloraPath(
            BaseModule module, String name, String kind, long r, long width, long height, Inventory out) {
        switch (kind) {
            case "lora" -> {
                out.add(module, name + ".Xd", height, r);
                out.add(module, name + ".Xu", r, width);
            }
            case "vector" -> {
                if (width > 0) {
                    out.add(module, name + ".X", height, 1);
                } else {
                    out.add(module, name + ".X", height);
                }
            }
            case "constant" -> out.add(module, name + ".X", 1);
            default -> {
                // "none" adds nothing
            }
        }
    }
}
