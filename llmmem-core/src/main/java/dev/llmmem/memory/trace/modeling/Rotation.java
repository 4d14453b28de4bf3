package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;

/** A way to turn queries and keys by their positions (transformers, apply_rotary_pos_emb of each model). */
interface Rotation {

    /** Turned queries and keys. */
    record Turned(Tensor queries, Tensor keys) {}

    /** Reads queries and keys, which the caller goes on holding. */
    Turned turn(Tape tape, Rotary table, Tensor queries, Tensor keys);

    /** Whole heads, one half against the other (LlamaAttention). */
    Rotation HALVES = (tape, table, queries, keys) -> {
        Tensor turned = table.rotate(tape, queries);
        return new Turned(turned, table.rotate(tape, keys));
    };

    /** The same by tables of pairs (GptOssAttention). */
    Rotation PAIRS = (tape, table, queries, keys) -> {
        Tensor turned = table.rotateHalves(tape, queries);
        return new Turned(turned, table.rotateHalves(tape, keys));
    };
}
