package dev.llmmem.memory;

/**
 * A colour for each kind: the scheme "muted" of Paul Tol (SRON/EPS/TN/09-002, 2021), made for colour-blind readers. Its
 * indigo and its wine are a little lighter here, so that they stand out from dark paper too.
 */
final class KindColors {

    private KindColors() {}

    static String of(MemoryKind kind) {
        return switch (kind) {
            case WEIGHTS -> "#5a45c8";
            case FROZEN_WEIGHTS -> "#88ccee";
            case BUFFERS -> "#bbbbbb";
            case INPUTS -> "#999933";
            case OPTIMIZER_STATES -> "#aa4499";
            case GRADIENTS -> "#ddcc77";
            case KEY_VALUE_CACHE -> "#117733";
            case ACTIVATIONS -> "#44aa99";
            case BACKWARD_TEMPORARIES -> "#cc6677";
            case STEP_TEMPORARIES -> "#a3295c";
        };
    }
}
