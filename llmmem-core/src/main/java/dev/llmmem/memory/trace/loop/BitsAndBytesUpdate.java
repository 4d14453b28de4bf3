package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.units.DType;

/**
 * An optimizer of bitsandbytes, whose kernel updates in place (bitsandbytes, optim/optimizer.py, Optimizer1State and
 * Optimizer2State).
 *
 * <p>A state has 8 bits an element in blocks of 256, each with an fp32 scale (arXiv 2110.02861), or 32. The codes of the 8
 * bits come to the device with the first state that needs them, once for each optimizer.
 *
 * @param states how many each parameter has
 * @param quantized whether states have 8 bits where the tensor is large enough
 * @param embeddingsInFp32 whether those of embeddings have 32 bits anyway
 * @param paged whether large states are in managed memory, outside PyTorch's allocator
 * @param ownCodes whether each parameter has an optimizer of its own
 */
record BitsAndBytesUpdate(
        Weights weights, int states, boolean quantized, boolean embeddingsInFp32, boolean paged, boolean ownCodes)
        implements Update {

    private static final long SMALLEST_QUANTIZED = 4096;
    private static final long SMALLEST_PAGED = 100_000;
    private static final long BLOCK = 256;
    private static final long CODES = 256;

    @Override
    public void load(Ledger ledger) {
        long[] coded = {0};
        weights.forEachTrained(group -> {
            boolean packed =
                    quantized && group.elements() >= SMALLEST_QUANTIZED && !(embeddingsInFp32 && group.embedding());
            if (!paged || group.elements() < SMALLEST_PAGED) {
                hold(ledger, group, group.elements(), packed ? DType.UINT8 : DType.FP32);
            }
            if (packed) {
                hold(ledger, group, (group.elements() + BLOCK - 1) / BLOCK, DType.FP32);
                coded[0] += group.count();
            }
        });
        long codes = ownCodes ? coded[0] : Math.min(coded[0], 1);
        if (codes > 0) {
            ledger.hold(MemoryKind.OPTIMIZER_STATES, "codes", 1, CODES, DType.FP32, Math.multiplyExact(codes, states));
        }
    }

    private void hold(Ledger ledger, Weights.Group group, long elements, DType type) {
        long count = Math.multiplyExact((long) states, group.count());
        ledger.hold(MemoryKind.OPTIMIZER_STATES, group.site(), 1, elements, type, count);
    }

    @Override
    public void run(Ledger ledger, Tape tape) {}

    @Override
    public void runAlone(Tape tape, long rows, long columns, DType type) {}
}
