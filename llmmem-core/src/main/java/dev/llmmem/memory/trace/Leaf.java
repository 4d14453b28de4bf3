package dev.llmmem.memory.trace;

import dev.llmmem.memory.MemoryKind;
import org.jspecify.annotations.Nullable;

/**
 * A parameter (or another tensor that the user asked gradients for): where gradients come to rest.
 *
 * <p>The first gradient of a step is taken over as it is, a later one is added to it in place
 * (torch/csrc/autograd/functions/accumulate_grad.h).
 */
final class Leaf extends Node {

    private final MemoryKind gradientKind;
    /** Uses in the graph whose gradients have not arrived yet. */
    int pending;

    private @Nullable Storage accumulated;

    Leaf(long rows, long columns, dev.llmmem.units.DType type, MemoryKind gradientKind) {
        output(rows, columns, type);
        this.gradientKind = gradientKind;
    }

    @Override
    void backward(Tape tape, Tensor arrived) {
        boolean parameter = gradientKind == MemoryKind.GRADIENTS;
        if (accumulated != null || (parameter && tape.hasGradient())) {
            return; // added in place
        }
        Storage storage = arrived.storage;
        if (storage.references > 1 && !arrived.partOfWhole) { // somebody else holds it: a copy is made
            accumulated = tape.allocate(rows, columns, type).storage;
        } else {
            Ledger.retain(storage);
            accumulated = storage;
        }
        tape.ledger.rename(accumulated, gradientKind);
        if (parameter) {
            tape.rested(this);
        }
    }

    /** Gives the gradient away. */
    @Nullable
    Storage take() {
        Storage storage = accumulated;
        accumulated = null;
        return storage;
    }

    /** Lets go of the gradient, as {@code zero_grad(set_to_none=True)} does. */
    void release(Ledger ledger) {
        if (accumulated != null) {
            ledger.release(accumulated);
            accumulated = null;
        }
    }
}
