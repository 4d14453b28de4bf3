package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * An update that treats all tensors at once: states of each parameter's size and format, and temporaries of the size of all
 * of them.
 */
record ForeachUpdate(Weights weights, int states, int temporaries, boolean madeAtOnce) implements Update {

    ForeachUpdate(Weights weights, int states, int temporaries) {
        this(weights, states, temporaries, false);
    }

    @Override
    public void load(Ledger ledger) {
        if (states > 0) {
            weights.forEachTrained(group -> group.hold(ledger, MemoryKind.OPTIMIZER_STATES, states));
        }
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        if (temporaries > 0) {
            weights.forEachTrained(group -> group.hold(ledger, MemoryKind.STEP_TEMPORARIES, temporaries));
        }
    }

    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {
        List<Tensor> made = new ArrayList<>();
        for (int i = 0; i < temporaries; i++) {
            made.add(tape.allocate(rows, columns, type));
        }
        made.forEach(tape::drop);
    }
}
