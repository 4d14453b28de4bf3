package dev.llmmem.bench;

import dev.llmmem.hardware.Accelerator;
import dev.llmmem.hardware.Accelerators;
import dev.llmmem.hardware.Fit;
import dev.llmmem.hardware.Headroom;
import dev.llmmem.memory.MemoryBreakdown;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.memory.MemoryKind;
import dev.llmmem.units.Bytes;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Workload;
import java.util.List;
import java.util.Locale;

/** Where the memory of a training job goes with and without gradient checkpointing, and where it fits. */
final class QuickstartTable {

    private static final List<String> CARDS =
            List.of("nvidia-rtx-4090-24gb", "nvidia-l40s-48gb", "nvidia-h100-sxm5-80gb");

    private QuickstartTable() {}

    static String of(Workload job) {
        MemoryEstimate kept = MemoryEstimate.of(
                job.toBuilder().checkpointing(Checkpointing.NONE).build());
        MemoryEstimate recomputed = MemoryEstimate.of(
                job.toBuilder().checkpointing(Checkpointing.NON_REENTRANT).build());
        return job + "\n\n" + breakdown(kept, recomputed) + "\n" + cards(kept.peak(), recomputed.peak()) + "\n"
                + note();
    }

    private static String breakdown(MemoryEstimate kept, MemoryEstimate recomputed) {
        Table table = new Table(1);
        table.row("GiB at the highest point", "plain", "with checkpointing");
        MemoryBreakdown left = kept.breakdown();
        MemoryBreakdown right = recomputed.breakdown();
        for (MemoryKind kind : MemoryKind.values()) {
            if (rounds(left.of(kind)) || rounds(right.of(kind))) {
                table.row("  " + kind.label(), gib(left.of(kind)), gib(right.of(kind)));
            }
        }
        table.row("total", gib(left.total()), gib(right.total()));
        table.row("reached in", phase(left), phase(right));
        return table.toString();
    }

    private static String cards(Bytes kept, Bytes recomputed) {
        Table table = new Table(2);
        table.row("Does it fit?", "", "usable GiB", "plain", "with checkpointing");
        for (String id : CARDS) {
            Accelerator card = Accelerators.get(id);
            table.row(
                    String.format(Locale.ROOT, "  %.0f GB", card.nominalMemory().toGiB()),
                    card.name(),
                    gib(card.usableMemory()),
                    answer(Fit.of(kept, card)),
                    answer(Fit.of(recomputed, card)));
        }
        return table.toString();
    }

    private static String note() {
        return String.format(
                Locale.ROOT,
                "Fits means: the total, %.0f MiB for the process and %.0f %% for what the allocator cannot use.\n",
                Headroom.DEFAULT.context().toMiB(),
                100 * Headroom.DEFAULT.fragmentation());
    }

    private static String answer(Fit fit) {
        return fit.fits()
                ? String.format(Locale.ROOT, "yes, %.2f free", fit.free().toGiB())
                : String.format(Locale.ROOT, "no, %.2f missing", fit.missing().toGiB());
    }

    private static String phase(MemoryBreakdown breakdown) {
        return breakdown.phase().name().toLowerCase(Locale.ROOT);
    }

    /** Whether more than nothing would be shown. */
    private static boolean rounds(Bytes size) {
        return !gib(size).equals(gib(Bytes.ZERO));
    }

    private static String gib(Bytes size) {
        return String.format(Locale.ROOT, "%.2f", size.toGiB());
    }
}
