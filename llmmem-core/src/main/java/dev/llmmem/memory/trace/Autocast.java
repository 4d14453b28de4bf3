package dev.llmmem.memory.trace;

import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@code torch.autocast} is set to, and the casts of weights that it keeps (aten/src/ATen/autocast_mode.cpp). */
final class Autocast {

    private final Tape tape;
    private @Nullable DType type;
    /** Casts of weights that are kept until the context ends. */
    private List<CachedCast> cache = new ArrayList<>();

    private record CachedCast(Storage leaf, Tensor cast) {}

    Autocast(Tape tape) {
        this.tape = tape;
    }

    /** The format of matrix products, or null outside of any context. */
    @Nullable
    DType type() {
        return type;
    }

    /** Runs code in a context; without a format, outside of any. */
    <T> T within(@Nullable DType format, Supplier<T> code) {
        DType before = type;
        List<CachedCast> cacheBefore = cache;
        type = format;
        cache = new ArrayList<>();
        T result = code.get();
        for (CachedCast cached : cache) {
            tape.drop(cached.cast);
        }
        cache = cacheBefore;
        type = before;
        return result;
    }

    /** An operand of a matrix product; the cast of an fp32 leaf is made once and kept. */
    Tensor operand(Tensor x) {
        if (type == null || x.type == type || !x.type.isFloating()) {
            return tape.alias(x);
        }
        if (x.type != DType.FP32 || !(x.node instanceof Leaf)) {
            return Casts.cast(tape, tape.alias(x).last(), type);
        }
        for (int i = cache.size() - 1; i >= 0; i--) {
            CachedCast cached = cache.get(i);
            if (cached.leaf == x.storage) {
                return tape.alias(cached.cast);
            }
        }
        Tensor cast = Casts.cast(tape, tape.alias(x).last(), type);
        cache.add(new CachedCast(x.storage, tape.alias(cast)));
        return cast;
    }
}
