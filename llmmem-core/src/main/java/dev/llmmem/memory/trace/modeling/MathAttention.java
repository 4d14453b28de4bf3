package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * The plain arithmetic that SDPA falls back to (aten/src/ATen/native/transformers/attention.cpp,
 * _scaled_dot_product_attention_math): operands widened to fp32 and scaled, scores masked, softmax, product.
 */
final class MathAttention {

    private MathAttention() {}

    /** Reads its arguments, which the caller goes on holding. Without a mask, queries see no later token. */
    static Tensor apply(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        // autocast has cast the operands and leaves what is inside alone
        return tape.autocast(null, () -> plain(tape, queries, keys, values, mask, shape));
    }

    private static Tensor plain(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        DType type = queries.type();
        Tensor bias = mask == null ? null : added(tape, mask, type);
        Tensor q = Casts.cast(tape, queries, DType.FP32);
        Tensor k = Casts.cast(tape, keys, DType.FP32);
        Tensor v = Casts.cast(tape, values, DType.FP32);
        Tensor scaled = Arithmetic.scale(tape, q);
        if (mask == null) {
            bias = causalBias(tape, q.type(), shape);
        }
        Tensor allKeys = ScoredAttention.expanded(tape, k, shape);
        Tensor allValues = ScoredAttention.expanded(tape, v, shape);
        Tensor transposed = Arithmetic.scale(tape, allKeys);
        Tensor scores = ScoredAttention.product(
                tape, scaled, true, transposed, true, shape, shape.queryRows(), shape.keyLength());
        tape.drop(transposed);
        if (bias != null) {
            scores = tape.rebind(scores, Arithmetic.add(tape, scores, bias));
        }
        Tensor weights = Functions.softmax(tape, scores);
        tape.drop(scores);
        Tensor returned = tape.withoutGradients(() -> Casts.cast(tape, weights, type));
        boolean valuesInOrder = shape.heads() != shape.keyValueHeads();
        Tensor mixed = ScoredAttention.product(
                tape, weights, true, allValues, valuesInOrder, shape, shape.queryRows(), values.columns());
        boolean copied = shape.batch() > 1 && shape.heads() > 1 && shape.queryLength() > 1;
        Tensor narrow = Casts.cast(
                tape, Shapes.heads(tape, mixed.last(), 1, copied).last(), type);
        for (Tensor local : new Tensor[] {q, k, v, scaled, allKeys, allValues, weights, returned}) {
            tape.drop(local);
        }
        if (bias != null) {
            tape.drop(bias);
        }
        return Shapes.merge(tape, narrow.last(), false);
    }

    /** The mask as numbers to add. */
    private static Tensor added(Tape tape, Tensor mask, DType type) {
        if (mask.type() != DType.BOOL) {
            return tape.alias(mask);
        }
        Tensor zero = tape.allocate(1, 1, type);
        Tensor infinity = tape.allocate(1, 1, type);
        Tensor bias = tape.allocate(mask.rows(), mask.columns(), type);
        tape.drop(infinity);
        tape.drop(zero);
        return bias;
    }

    private static @Nullable Tensor causalBias(Tape tape, DType type, AttentionShape shape) {
        if (shape.queryLength() == 1) {
            return null;
        }
        Tensor ones = tape.allocate(shape.queryLength(), shape.keyLength(), DType.BOOL);
        Tensor lower = tape.rebind(ones, tape.allocate(shape.queryLength(), shape.keyLength(), DType.BOOL));
        return tape.rebind(lower, tape.allocate(shape.queryLength(), shape.keyLength(), type));
    }
}
