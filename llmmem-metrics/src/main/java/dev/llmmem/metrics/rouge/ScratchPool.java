package dev.llmmem.metrics.rouge;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps scratches for the next call, whatever thread makes it: at most as many as it has slots, and without locks. */
final class ScratchPool {

    private static final int SLOTS = 32;

    private final AtomicReferenceArray<Scratch> slots = new AtomicReferenceArray<>(SLOTS);
    private final boolean stemming;

    ScratchPool(boolean stemming) {
        this.stemming = stemming;
    }

    Scratch take() {
        int home = home();
        for (int i = 0; i < SLOTS; i++) {
            int slot = home + i & SLOTS - 1;
            if (slots.getPlain(slot) != null) {
                Scratch scratch = slots.getAndSet(slot, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return new Scratch(stemming);
    }

    /** Takes a scratch back that is in order, which it is not after an exception. */
    void give(Scratch scratch) {
        if (scratch.isLarge()) {
            return;
        }
        int home = home();
        for (int i = 0; i < SLOTS; i++) {
            int slot = home + i & SLOTS - 1;
            if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, scratch)) {
                return;
            }
        }
    }

    /** A thread finds its own scratch again unless others are in its way. */
    private static int home() {
        return (int) ((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> 59);
    }
}
