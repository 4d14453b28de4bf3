package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import org.jspecify.annotations.Nullable;

/** The attention mask of a pass, where one is made (transformers, masking_utils.py). */
final class CausalMask {

    private CausalMask() {}

    /**
     * Makes the mask that the layers share, or none: SDPA needs none unless rows hold several documents or a window
     * cuts off what a query may see.
     */
    static @Nullable Tensor make(Tape tape, Pass pass, Attention attention) {
        long seen = seen(pass, attention);
        boolean windowed =
                attention.window().isPresent() && seen >= attention.window().getAsInt();
        return make(tape, pass, seen, windowed);
    }

    /** The tokens that a query sees at most. */
    static long seen(Pass pass, Attention attention) {
        KeyValueCache cache = pass.cache();
        return cache == null ? pass.length() : pass.length() + cache.visible(attention);
    }

    /** Makes a mask over so many tokens, if one is needed; where a window cuts something off it is. */
    static @Nullable Tensor make(Tape tape, Pass pass, long seen, boolean windowed) {
        if (pass.attention() == AttentionKernel.FLASH_ATTENTION_2) {
            return null;
        }
        boolean eager = pass.attention() == AttentionKernel.EAGER;
        boolean packed = pass.packed() && pass.cache() == null;
        if (!eager && !packed && !windowed && (pass.length() == 1 || seen == pass.length())) {
            return null;
        }
        long rows = pass.length();
        @Nullable Tensor documents = packed ? tape.allocate(pass.batch(), pass.length(), DType.INT64) : null;
        Tensor lower = tape.allocate(rows, seen, DType.BOOL);
        Tensor mask = tape.rebind(lower, tape.allocate(rows, seen, DType.BOOL));
        long batch = packed || eager ? pass.batch() : 1;
        if (packed) {
            Tensor same = tape.allocate(batch * rows, seen, DType.BOOL);
            Tensor both = tape.allocate(batch * rows, seen, DType.BOOL);
            tape.drop(same);
            mask = tape.rebind(mask, both);
        }
        if (eager) {
            mask = tape.rebind(mask, tape.allocate(batch * rows, seen, pass.stream()));
        }
        if (!packed && !eager && pass.batch() > 1) { // the rows of the batch share it
            mask = Shapes.view(tape, mask.last(), pass.batch() * rows, seen);
        }
        if (documents != null) {
            tape.drop(documents);
        }
        return mask;
    }
}
