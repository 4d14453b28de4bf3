package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;

/**
 * How much of an accelerator's memory a runtime can use, from what is known about it.
 *
 * @param value the usable memory
 * @param basis what it rests on
 */
record UsableMemory(Bytes value, UsableMemoryBasis basis) {

    private static final Bytes MARGIN = Bytes.ofMiB(512);
    private static final int MARGIN_PART = 100;

    /** What error correction takes of GDDR memory, which has no bits of its own for it. */
    private static final int ECC_PART = 16;

    private static final int NPU_MARGIN_PART = 16;

    static UsableMemory ofRuntimeTotal(Bytes total) {
        return new UsableMemory(total, UsableMemoryBasis.MEASURED);
    }

    static UsableMemory ofDriverTotal(Bytes driverTotal, Bytes driverReserved) {
        return new UsableMemory(driverTotal.minus(driverReserved), UsableMemoryBasis.MEASURED);
    }

    static UsableMemory ofDriverTotal(Bytes driverTotal, Accelerator.Category category) {
        return new UsableMemory(lessMargin(driverTotal, category), UsableMemoryBasis.DRIVER_TOTAL_WITH_MARGIN);
    }

    static UsableMemory ofUnifiedShare(Bytes share) {
        return new UsableMemory(share, UsableMemoryBasis.UNIFIED_SHARE);
    }

    static UsableMemory ofNominal(Bytes nominal, boolean inBandEcc, Accelerator.Category category) {
        Bytes total = inBandEcc ? nominal.minus(nominal.dividedByRoundingUp(ECC_PART)) : nominal;
        return new UsableMemory(lessMargin(total, category), UsableMemoryBasis.NOMINAL_WITH_MARGIN);
    }

    private static Bytes lessMargin(Bytes total, Accelerator.Category category) {
        Bytes margin = switch (category) {
            case TPU, NPU -> total.dividedByRoundingUp(NPU_MARGIN_PART);
            default -> MARGIN.plus(total.dividedByRoundingUp(MARGIN_PART));
        };
        return total.minus(margin.min(total));
    }
}
