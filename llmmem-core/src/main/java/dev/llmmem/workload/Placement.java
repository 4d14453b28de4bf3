package dev.llmmem.workload;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.Objects;
import java.util.Optional;

/**
 * Where bottleneck adapters stand (LLM-Adapters, arXiv 2304.01933, {@code peft/tuners/bottleneck.py}). New kinds may come in
 * minor versions, so keep a {@code default} branch in switches.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Placement {

    /** What an adapter of a linear layer reads and changes. */
    enum Side {
        /** The layer's input, which passes the adapter first. */
        INPUT,
        /** The layer's output, which passes the adapter next. */
        OUTPUT,
        /** It reads the input, and its result is added to the output. */
        BESIDE
    }

    /**
     * Which linear layers get an adapter.
     *
     * @return the layers
     */
    Targets targets();

    /**
     * Where the adapter of a linear layer stands.
     *
     * @param model the model
     * @param weight the weight of the layer
     * @return its place; empty if the layer has no adapter
     */
    Optional<Side> side(ModelSpec model, Parameter weight);

    /**
     * One after the other: on the output of attention and network (Houlsby, arXiv 1902.00751), on that of the network alone
     * (Pfeiffer, arXiv 2005.00247), or, as LLM-Adapters has it, on the inputs of the network's first layers besides.
     *
     * @param targets which linear layers get an adapter
     * @param onOutput which of those have it on their output; the others have it on their input
     */
    record Series(Targets targets, Targets onOutput) implements Placement {
        /**
         * Checks that nothing is missing.
         *
         * @param targets which layers
         * @param onOutput which have it on their output
         */
        public Series {
            Objects.requireNonNull(targets, "targets");
            Objects.requireNonNull(onOutput, "onOutput");
        }

        @Override
        public Optional<Side> side(ModelSpec model, Parameter weight) {
            if (!targets.match(model, weight)) {
                return Optional.empty();
            }
            return Optional.of(onOutput.match(model, weight) ? Side.OUTPUT : Side.INPUT);
        }
    }

    /**
     * Side by side with linear layers.
     *
     * @param targets which linear layers get an adapter
     */
    record Parallel(Targets targets) implements Placement {
        /**
         * Checks that nothing is missing.
         *
         * @param targets which layers
         */
        public Parallel {
            Objects.requireNonNull(targets, "targets");
        }

        @Override
        public Optional<Side> side(ModelSpec model, Parameter weight) {
            return targets.match(model, weight) ? Optional.of(Side.BESIDE) : Optional.empty();
        }
    }
}
