package dev.llmmem.workload;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Which of a model's own parameters are trained ({@code requires_grad}); all others are frozen before the optimizer is
 * made. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Trained {

    /**
     * Whether a parameter is trained.
     *
     * @param model the model
     * @param parameter one of its parameters
     * @param layer the index of the layer that the parameter is in, from 0; empty outside the layers
     * @return true where it wants a gradient
     */
    boolean contains(ModelSpec model, Parameter parameter, OptionalInt layer);

    /**
     * Whether equal layers may differ in what is trained of them.
     *
     * @return false where the number of a layer never matters
     */
    default boolean differsByLayer() {
        return false;
    }

    /** Every bias, those of norms included: BitFit (arXiv 2106.10199). The model must have one. */
    record Biases() implements Trained {
        @Override
        public boolean contains(ModelSpec model, Parameter parameter, OptionalInt layer) {
            return isBias(parameter);
        }

        /** Whether PEFT and BitFit take a parameter for a bias: its own name says so. */
        static boolean isBias(Parameter parameter) {
            return TargetRules.lastPart(parameter.name()).contains("bias");
        }
    }

    /**
     * Everything in the last layers, and what is chosen of the modules around the layers.
     *
     * @param count how many layers, at least 0; 0 trains none of them
     * @param embeddings whether all embeddings outside the layers are trained; a tied head is trained with them
     * @param finalNorm whether the norms outside the layers are trained
     * @param head whether the output head is trained; if it is tied, so are the token embeddings, which it shares
     */
    record LastLayers(int count, boolean embeddings, boolean finalNorm, boolean head) implements Trained {
        /**
         * Checks the count.
         *
         * @param count how many layers
         * @param embeddings whether embeddings are trained
         * @param finalNorm whether norms outside the layers are trained
         * @param head whether the head is trained
         * @throws IllegalArgumentException if the count is negative, or nothing is chosen
         */
        public LastLayers {
            if (count < 0) {
                throw new IllegalArgumentException("count is " + count + ", but must be at least 0 layers");
            }
            if (count == 0 && !embeddings && !finalNorm && !head) {
                throw new IllegalArgumentException(
                        "count is 0, but must be at least 1 layer where nothing outside the layers is trained");
            }
        }

        @Override
        public boolean contains(ModelSpec model, Parameter parameter, OptionalInt layer) {
            if (layer.isPresent()) {
                return layer.getAsInt() >= model.layers().size() - count;
            }
            return switch (parameter.kind()) {
                case EMBEDDING -> embeddings || (head && model.tiedHead() && isTokenTable(model, parameter));
                case NORM -> finalNorm;
                default -> TargetRules.isHead(parameter.module()) ? head : embeddings;
            };
        }

        @Override
        public boolean differsByLayer() {
            return true;
        }

        private static boolean isTokenTable(ModelSpec model, Parameter parameter) {
            return parameter.equals(model.outerParameters().get(0));
        }
    }

    /**
     * Parameters in whose full names one of the given names stands between dots, for example {@code layers.31}, {@code
     * self_attn}, {@code lm_head} or {@code q_proj.bias}. A head that is tied goes by the name of the embeddings.
     *
     * @param names 1 to 1000 names, each of which must occur in the model
     */
    record Named(List<String> names) implements Trained {
        private static final int MOST_NAMES = 1000;

        /**
         * Copies the names.
         *
         * @param names 1 to 1000 names
         * @throws IllegalArgumentException if there are fewer or more, or one is blank
         */
        public Named {
            names = List.copyOf(names);
            if (names.isEmpty() || names.size() > MOST_NAMES) {
                throw new IllegalArgumentException(
                        "trained has " + names.size() + " names, but must have 1 to " + MOST_NAMES + " names");
            }
            if (names.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("trained has a blank name, but each must have at least 1 character");
            }
        }

        @Override
        public boolean contains(ModelSpec model, Parameter parameter, OptionalInt layer) {
            String name = fullName(parameter, layer);
            return names.stream().anyMatch(part -> stands(part, name));
        }

        @Override
        public boolean differsByLayer() {
            return names.stream().anyMatch(TargetRules::hasIndex);
        }

        static String fullName(Parameter parameter, OptionalInt layer) {
            return layer.isPresent() ? TargetRules.inLayer(parameter.name(), layer.getAsInt()) : parameter.name();
        }

        static boolean stands(String part, String name) {
            return ("." + name + ".").contains("." + part + ".");
        }
    }

    /**
     * All parameters but these.
     *
     * @param frozen what is not trained; no {@code AllBut} itself
     */
    record AllBut(Trained frozen) implements Trained {
        /**
         * Checks that nothing is missing.
         *
         * @param frozen what is not trained
         * @throws IllegalArgumentException if that is itself all but some
         */
        public AllBut {
            Objects.requireNonNull(frozen, "frozen");
            if (frozen instanceof AllBut) {
                throw new IllegalArgumentException("frozen is " + frozen + ", but must not be AllBut itself");
            }
        }

        @Override
        public boolean contains(ModelSpec model, Parameter parameter, OptionalInt layer) {
            return !frozen.contains(model, parameter, layer);
        }

        @Override
        public boolean differsByLayer() {
            return frozen.differsByLayer();
        }
    }
}
