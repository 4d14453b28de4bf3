package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.units.DType;

/**
 * AdamW with states of 8 bits in blocks of 256, each with an fp32 scale (arXiv 2110.02861; bitsandbytes,
 * optim/optimizer.py). Tensors below 4096 elements keep fp32 states. The kernel updates in place.
 *
 * @param paged whether states of 100,000 elements and more are in managed memory, outside PyTorch's allocator
 */
record AdamW8bitUpdate(Weights weights, boolean paged) implements Update {

    private static final long SMALLEST_QUANTIZED = 4096;
    private static final long SMALLEST_PAGED = 100_000;
    private static final long BLOCK = 256;
    private static final int STATES = 2;

    @Override
    public void load(Ledger ledger) {
        ledger.hold(MemoryKind.OPTIMIZER_STATES, "codes", 1, 256, DType.FP32, STATES);
        weights.forEachTrained(group -> {
            boolean quantized = group.elements() >= SMALLEST_QUANTIZED;
            if (!paged || group.elements() < SMALLEST_PAGED) {
                hold(ledger, group, group.elements(), quantized ? DType.UINT8 : DType.FP32);
            }
            if (quantized) {
                hold(ledger, group, (group.elements() + BLOCK - 1) / BLOCK, DType.FP32);
            }
        });
    }

    private static void hold(Ledger ledger, Weights.Group group, long elements, DType type) {
        long count = Math.multiplyExact((long) STATES, group.count());
        ledger.hold(MemoryKind.OPTIMIZER_STATES, group.site(), 1, elements, type, count);
    }

    @Override
    public void run(Ledger ledger, Tape tape) {}
}
