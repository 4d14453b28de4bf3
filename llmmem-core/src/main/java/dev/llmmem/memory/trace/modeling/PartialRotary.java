package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import java.util.List;

/**
 * Queries and keys of which the first elements of each head are rotated and the rest passes (transformers, PhiAttention,
 * apply_rotary_pos_emb of gpt_neox).
 *
 * @param queries rotated and passed parts side by side, a copy
 * @param keys the same for keys
 * @param parts what they were put together from
 */
record PartialRotary(Tensor queries, Tensor keys, List<Tensor> parts) {

    /** Reads both; the caller goes on holding them. */
    static PartialRotary of(Tape tape, Rotary rotary, Tensor queries, Tensor keys) {
        long size = rotary.cosine().columns();
        Tensor queryTurn = first(tape, queries, size);
        Tensor queryPass = Shapes.slice(tape, queries, queries.columns() - size);
        Tensor keyTurn = first(tape, keys, size);
        Tensor keyPass = Shapes.slice(tape, keys, keys.columns() - size);
        Tensor queryTurned = rotary.rotate(tape, queryTurn);
        Tensor keyTurned = rotary.rotate(tape, keyTurn);
        tape.drop(queryTurn);
        tape.drop(keyTurn);
        Tensor q = Shapes.concatenate(tape, queryTurned, queryPass);
        Tensor k = Shapes.concatenate(tape, keyTurned, keyPass);
        return new PartialRotary(q, k, List.of(queryTurned, queryPass, keyTurned, keyPass));
    }

    /** The first elements; a slice of everything is the tensor itself. */
    private static Tensor first(Tape tape, Tensor x, long size) {
        return size == x.columns() ? tape.alias(x) : Shapes.slice(tape, x, size);
    }

    /** The variables of the parts die. */
    void dropParts(Tape tape) {
        for (Tensor part : parts) {
            tape.drop(part);
        }
    }
}
