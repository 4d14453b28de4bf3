package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.FusedAttention;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import org.jspecify.annotations.Nullable;

/**
 * From queries, keys and values to mixed values, by the implementation that PyTorch would choose.
 *
 * <p>Sources: transformers 5.18 (integrations/sdpa_attention.py, eager_attention_forward), PyTorch 2.13
 * (aten/src/ATen/native/transformers/attention.cpp, cuda/sdp_utils.cpp).
 */
final class ScoredAttention {

    /** The widest head that the flash kernel takes. */
    private static final long FLASH_HEAD_SIZE = 256;

    private ScoredAttention() {}

    /** The mixed values, and the attention weights that the caller's variable keeps alive, if they exist. */
    record Result(Tensor output, @Nullable Tensor weights) {}

    /** Matrix products and a softmax in fp32. */
    static Result eager(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean keysInOrder,
            double dropout,
            boolean capped) {
        boolean inOrder = keysInOrder || shape.heads() != shape.keyValueHeads();
        return eager(tape, queries, keys, values, mask, shape, new Order(false, inOrder, inOrder), dropout, capped);
    }

    /** Which operands have their tokens inside their heads in memory already. */
    record Order(boolean queries, boolean keys, boolean values) {}

    static Result eager(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            Order order,
            double dropout,
            boolean capped) {
        Tensor allKeys = expanded(tape, keys, shape);
        Tensor allValues = expanded(tape, values, shape);
        Tensor scores = product(
                tape, queries, order.queries(), allKeys, order.keys(), shape, shape.queryRows(), shape.keyLength());
        Tensor weights = Arithmetic.scale(tape, scores.last());
        if (capped) {
            weights = tape.rebind(weights, Arithmetic.scale(tape, weights));
            weights = tape.rebind(weights, Functions.tanh(tape, weights));
            weights = tape.rebind(weights, Arithmetic.scale(tape, weights));
        }
        if (mask != null) {
            weights = tape.rebind(weights, Arithmetic.add(tape, weights, mask));
        }
        Tensor wide = Functions.wideSoftmax(tape, weights);
        weights = tape.rebind(weights, Casts.cast(tape, wide.last(), queries.type()));
        weights = tape.rebind(weights, Functions.dropout(tape, weights, dropout));
        Tensor mixed = product(
                tape, weights, true, allValues, order.values(), shape, shape.queryRows(), values.columns());
        Tensor output = tape.rebind(mixed, merged(tape, mixed, shape));
        tape.drop(allKeys);
        tape.drop(allValues);
        return new Result(output, weights);
    }

    /** {@code scaled_dot_product_attention}, with the kernel that CUDA chooses. */
    static Tensor sdpa(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        boolean grouped = shape.heads() != shape.keyValueHeads();
        boolean sameSize = keys.columns() == values.columns();
        boolean kernelGroups = grouped && mask == null && sameSize && keys.columns() <= FLASH_HEAD_SIZE;
        Tensor allKeys = kernelGroups ? tape.alias(keys) : expanded(tape, keys, shape);
        Tensor allValues = kernelGroups ? tape.alias(values) : expanded(tape, values, shape);
        Tensor output = kernel(tape, queries, allKeys, allValues, mask, shape, kernelGroups);
        tape.drop(allKeys);
        tape.drop(allValues);
        return output;
    }

    private static Tensor kernel(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean grouped) {
        DType type = tape.autocastType() == null ? queries.type() : tape.autocastType();
        Tensor q = Casts.cast(tape, queries, type);
        Tensor k = Casts.cast(tape, keys, type);
        Tensor v = Casts.cast(tape, values, type);
        boolean sameSize = q.columns() == k.columns() && k.columns() == v.columns();
        Tensor output;
        if (type != DType.FP32 && mask == null && sameSize && q.columns() <= FLASH_HEAD_SIZE) {
            output = FusedAttention.flash(tape, q, k, v, grouped ? shape : shape.ungrouped());
        } else if (!grouped && sameSize) {
            output = FusedAttention.efficient(tape, q, k, v, mask, shape);
        } else {
            output = MathAttention.apply(tape, q, k, v, mask, shape);
        }
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        return output;
    }

    /** Keys or values repeated for every head of their group: a copy, or the tensor itself where there is one head a group. */
    static Tensor expanded(Tape tape, Tensor x, AttentionShape shape) {
        return shape.heads() == shape.keyValueHeads() || x.rows() != shape.keyRows()
                ? tape.alias(x)
                : Shapes.expand(tape, x, shape.expandedKeyRows());
    }

    /**
     * A batched product. Operands whose heads lie inside their tokens are copied first, unless batch, heads or tokens
     * are one.
     */
    static Tensor product(
            Tape tape,
            Tensor left,
            boolean leftInOrder,
            Tensor right,
            boolean rightInOrder,
            AttentionShape shape,
            long rows,
            long columns) {
        boolean copies = shape.batch() > 1 && shape.heads() > 1;
        boolean copyRight = copies && !rightInOrder && shape.keyLength() > 1;
        boolean copyLeft = copies && !leftInOrder && shape.queryLength() > 1;
        Tensor y = copyRight ? Shapes.copy(tape, right) : tape.alias(right);
        Tensor x = copyLeft ? Shapes.copy(tape, left) : tape.alias(left);
        return Products.matmul(tape, x.last(), y.last(), rows, columns);
    }

    /** Heads put back inside tokens: a copy. */
    static Tensor merged(Tape tape, Tensor mixed, AttentionShape shape) {
        return Shapes.merge(tape, mixed, shape.batch() > 1 && shape.heads() > 1 && shape.queryLength() > 1);
    }
}
