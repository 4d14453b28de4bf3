package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.units.DType;

/** AdamW in one kernel: no temporaries, but the step counters are on the device (torch/optim/adam.py, fused). */
record AdamWFused(Weights weights, int states) implements Update {

    @Override
    public void load(Ledger ledger) {
        weights.forEachTrained(group -> {
            group.hold(ledger, MemoryKind.OPTIMIZER_STATES, states);
            ledger.hold(MemoryKind.OPTIMIZER_STATES, "step counters", 1, 1, DType.FP32, group.count());
        });
    }

    @Override
    public void run(Ledger ledger, Tape tape) {}

    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {}
}
