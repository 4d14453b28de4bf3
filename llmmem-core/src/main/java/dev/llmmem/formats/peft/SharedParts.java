package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter.Kind;
import java.util.Set;
import java.util.function.Function;

/**
 * Adapters whose modules share something: {@code update_layer} in {@code peft/tuners/<type>/layer.py} and the model in {@code
 * peft/tuners/<type>/model.py} of peft 0.21.0, where {@code <type>} is the name of the method here.
 */
final class SharedParts {

    private static final Set<Kind> BOTH_LINEAR = Set.of(Kind.LINEAR, Kind.CONV1D);

    private SharedParts() {}

    static Method vera(Settings settings) {
        long r = settings.rank("r", 256);
        boolean stored = settings.flag("save_projection", true);
        return started(model -> new Widest() {
            @Override
            public void adapt(BaseModule module, Inventory out) {
                see(module);
                out.add(module, "vera_lambda_b", module.outputs());
                out.add(module, "vera_lambda_d", r);
            }

            @Override
            public void finish(Inventory out) {
                if (stored) {
                    out.addShared("base_model.vera_A", false, true, true, r, inputs());
                    out.addShared("base_model.vera_B", false, true, true, outputs(), r);
                }
            }
        });
    }

    static Method pvera(Settings settings) {
        long r = settings.rank("r", 256);
        boolean stored = settings.flag("save_projection", true);
        return started(model -> new Widest() {
            @Override
            public void adapt(BaseModule module, Inventory out) {
                see(module);
                out.add(module, "pvera_lambda_b", module.outputs());
                out.add(module, "pvera_lambda_d", 2 * r);
            }

            @Override
            public void finish(Inventory out) {
                if (stored) {
                    out.addShared("base_model.pvera_A", false, true, true, 2 * r, inputs());
                    out.addShared("base_model.pvera_B", false, true, true, outputs(), r);
                }
            }
        });
    }

    static Method randlora(Settings settings) {
        long r = settings.rank("r", 32);
        return Method.bothLinear((module, out) -> {
            long narrow = Math.min(module.inputs(), module.outputs());
            long bases = (narrow + r - 1) / r;
            out.add(module, "randlora_lambda", r, bases);
            out.add(module, "randlora_gamma", bases, narrow);
        });
    }

    static Method vblora(Settings settings) {
        long r = settings.rank("r", 4);
        long vectors = settings.number("num_vectors", 256, 1, Settings.WIDEST, "vectors");
        long length = settings.number("vector_length", 256, 1, Settings.WIDEST, "elements");
        long best = settings.number("topk", 2, 1, Settings.WIDEST, "vectors");
        if (best > vectors) {
            settings.refuse("topk", "[1, num_vectors = " + vectors + "]");
        }
        return started(model -> new Method.Run() {
            @Override
            public void adapt(BaseModule module, Inventory out) {
                Fit.divisor("vector_length", length, module);
                out.add(module, "vblora_logits_A", r, module.inputs() / length, vectors);
                out.add(module, "vblora_logits_B", module.outputs() / length, r, vectors);
            }

            @Override
            public void finish(Inventory out) {
                out.addShared("base_model.vblora_vector_bank", true, true, true, vectors, length);
            }
        });
    }

    static Method unilora(Settings settings) {
        settings.requireRank("r");
        long length = settings.number("theta_d_length", 256, 1, Integer.MAX_VALUE, "elements");
        return started(model -> new Method.Run() {
            @Override
            public void adapt(BaseModule module, Inventory out) {
                // its indices are drawn, not trained
            }

            @Override
            public void finish(Inventory out) {
                out.addShared("base_model.unilora_theta_d", true, true, true, length);
            }
        });
    }

    /** Groups of targets share a vector: {@code TinyLoraModel._create_and_replace}. */
    static Method tinylora(Settings settings) {
        settings.requireRank("r");
        long size = settings.number("u", 64, 1, Settings.WIDEST, "elements");
        double tying = settings.real("weight_tying", 0, 0, 1);
        Function<ModelSpec, Method.Run> start = model -> new Method.Run() {
            private long targets;

            @Override
            public void adapt(BaseModule module, Inventory out) {
                targets++;
            }

            @Override
            public void finish(Inventory out) {
                long groups = Math.max(1, (long) Math.rint(targets * (1.0 - tying)));
                long members = Math.max(1, targets / groups);
                long used = Math.min((targets - 1) / members, groups - 1) + 1;
                for (long i = 0; i < used; i++) {
                    out.addShared("base_model.tinylora_v." + i, true, true, true, size);
                }
            }
        };
        return new Method.PerModule(Set.of(Kind.LINEAR, Kind.CONV1D, Kind.EMBEDDING), false, start);
    }

    private static Method started(Function<ModelSpec, Method.Run> start) {
        return new Method.PerModule(BOTH_LINEAR, false, start);
    }

    /** Remembers the widest of the targets. */
    private abstract static class Widest implements Method.Run {
        private long inputs;
        private long outputs;

        void see(BaseModule module) {
            inputs = Math.max(inputs, module.inputs());
            outputs = Math.max(outputs, module.outputs());
        }

        long inputs() {
            return inputs;
        }

        long outputs() {
            return outputs;
        }
    }
}
