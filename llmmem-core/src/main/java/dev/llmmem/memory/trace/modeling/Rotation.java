package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import java.util.List;

/** A way to turn queries and keys by their positions (transformers, apply_rotary_pos_emb of each model). */
interface Rotation {

    /**
     * Turned queries and keys.
     *
     * @param inOrder whether they lie head by head, rather than as heads inside tokens
     * @param locals variables on the way that live as long as the attention runs
     */
    record Turned(Tensor queries, Tensor keys, boolean inOrder, List<Tensor> locals) {

        Turned(Tensor queries, Tensor keys) {
            this(queries, keys, false, List.of());
        }
    }

    /** Reads queries and keys, which the caller goes on holding. */
    Turned turn(Tape tape, Rotary table, Tensor queries, Tensor keys);

    /** Whole heads, one half against the other (LlamaAttention). */
    Rotation HALVES = (tape, table, queries, keys) -> {
        Tensor turned = table.rotate(tape, queries);
        return new Turned(turned, table.rotate(tape, keys));
    };

    /** The same in the format of wide tables, and back (OlmoAttention). */
    Rotation WIDE = (tape, table, queries, keys) -> {
        Tensor wideQueries = table.rotate(tape, queries);
        Tensor wideKeys = table.rotate(tape, keys);
        Tensor turned = Casts.cast(tape, wideQueries, queries.type());
        Tensor turnedKeys = Casts.cast(tape, wideKeys, keys.type());
        tape.drop(wideQueries);
        tape.drop(wideKeys);
        return new Turned(turned, turnedKeys);
    };

    /** The first elements of each head; those and the rest are put together again (Phi3Attention). */
    Rotation LEADING = (tape, table, queries, keys) -> {
        Parted q = Parted.of(tape, table.cosine().columns(), queries);
        Parted k = Parted.of(tape, table.cosine().columns(), keys);
        Tensor turned = Shapes.concatenate(tape, table.rotate(tape, q.first()).last(), q.rest());
        Tensor turnedKeys =
                Shapes.concatenate(tape, table.rotate(tape, k.first()).last(), k.rest());
        q.drop(tape);
        k.drop(tape);
        return new Turned(turned, turnedKeys, true, List.of());
    };

    /** The same with the parts in variables of the attention itself (StableLmAttention, PhiAttention, GPTNeoXAttention). */
    Rotation LEADING_INLINE = (tape, table, queries, keys) -> {
        Parted q = Parted.of(tape, table.cosine().columns(), queries);
        Parted k = Parted.of(tape, table.cosine().columns(), keys);
        Tensor first = table.rotate(tape, q.first());
        Tensor firstKeys = table.rotate(tape, k.first());
        tape.drop(q.first());
        tape.drop(k.first());
        return new Turned(
                Shapes.concatenate(tape, first, q.rest()),
                Shapes.concatenate(tape, firstKeys, k.rest()),
                true,
                List.of(first, firstKeys, q.rest(), k.rest()));
    };

    /** Whole heads, neighbours against each other, in fp32 and back (CohereAttention). */
    Rotation NEIGHBOURS_WIDE = (tape, table, queries, keys) -> {
        Tensor q = Casts.cast(tape, queries, DType.FP32);
        Tensor k = Casts.cast(tape, keys, DType.FP32);
        Tensor wideQueries = table.rotate(tape, q);
        Tensor wideKeys = table.rotate(tape, k);
        Tensor turned = Casts.cast(tape, wideQueries, queries.type());
        Tensor turnedKeys = Casts.cast(tape, wideKeys, keys.type());
        tape.drop(wideQueries);
        tape.drop(wideKeys);
        tape.drop(q);
        tape.drop(k);
        return new Turned(turned, turnedKeys);
    };

    /** The first elements of each head, neighbours against each other by tables made anew (Glm4Attention). */
    Rotation LEADING_NEIGHBOURS = (tape, table, queries, keys) -> {
        Rotary interleaved = new Rotary(Shapes.copy(tape, table.cosine()), Shapes.copy(tape, table.sine()));
        Parted q = Parted.of(tape, table.cosine().columns(), queries);
        Parted k = Parted.of(tape, table.cosine().columns(), keys);
        Tensor first = interleaved.rotate(tape, q.first());
        Tensor firstKeys = interleaved.rotate(tape, k.first());
        Tensor turned = Shapes.concatenate(tape, first.last(), q.rest());
        Tensor turnedKeys = Shapes.concatenate(tape, firstKeys.last(), k.rest());
        q.drop(tape);
        k.drop(tape);
        tape.drop(interleaved.cosine());
        tape.drop(interleaved.sine());
        return new Turned(turned, turnedKeys, true, List.of());
    };

    /** Heads cut into what is turned and what is not. */
    record Parted(Tensor first, Tensor rest) {

        static Parted of(Tape tape, long size, Tensor heads) {
            Tensor first = size == heads.columns()
                    ? Shapes.view(tape, heads, heads.rows(), size)
                    : Shapes.slice(tape, heads, size);
            return new Parted(first, Shapes.slice(tape, heads, heads.columns() - size));
        }

        void drop(Tape tape) {
            tape.drop(first);
            tape.drop(rest);
        }
    }

    /** The same by tables of pairs (GptOssAttention). */
    Rotation PAIRS = (tape, table, queries, keys) -> {
        Tensor turned = table.rotateHalves(tape, queries);
        return new Turned(turned, table.rotateHalves(tape, keys));
    };

    /** Neighbours turned against each other and then put apart (apply_rotary_pos_emb_interleave of deepseek_v3). */
    Rotation INTERLEAVED = (tape, table, queries, keys) -> {
        Rotary half = table.firstHalf(tape);
        long size = queries.columns() / 2;
        Tensor[] q = {Shapes.slice(tape, queries, size), Shapes.slice(tape, queries, size)};
        Tensor[] k = {Shapes.slice(tape, keys, size), Shapes.slice(tape, keys, size)};
        Turned turned = new Turned(half.rotatePairs(tape, q), half.rotatePairs(tape, k));
        for (Tensor local : new Tensor[] {q[0], q[1], k[0], k[1], half.cosine(), half.sine()}) {
            tape.drop(local);
        }
        return turned;
    };
}
