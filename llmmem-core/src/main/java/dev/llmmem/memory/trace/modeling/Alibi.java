package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/** Attention with linear biases (arXiv 2108.12409): one slope a head (transformers, build_alibi_tensor). */
final class Alibi {

    private Alibi() {}

    /**
     * What is added to the scores, for each head and key.
     *
     * @param places the format that positions and slopes are multiplied in
     * @param type the format of the result
     */
    static Tensor table(Tape tape, Pass pass, int heads, DType places, DType type) {
        long seen = pass.seen();
        Tensor slopes = tape.allocate(1, heads, DType.FP32);
        Tensor positions = tape.allocate(pass.batch(), seen, places);
        Tensor table = tape.allocate(pass.batch() * heads, seen, places);
        if (type != places) {
            table = tape.rebind(table, tape.allocate(pass.batch() * heads, seen, type));
        }
        tape.drop(positions);
        tape.drop(slopes);
        return table;
    }
}
