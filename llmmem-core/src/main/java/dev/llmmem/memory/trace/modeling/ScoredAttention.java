package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.AttentionShape;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.FusedAttention;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;
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
    record Result(Tensor output, @Nullable Tensor weights) {

        /** Both variables die. */
        void drop(Tape tape) {
            tape.drop(output);
            dropWeights(tape);
        }

        /** The variable of the output dies; the block returns the weights, or they die as well. */
        void returned(Tape tape, @Nullable BlockOutputs outputs) {
            if (outputs == null) {
                drop(tape);
            } else {
                tape.drop(output);
                outputs.put(tape, weights);
            }
        }

        /** The variable of the weights dies. */
        void dropWeights(Tape tape) {
            if (weights != null) {
                tape.drop(weights);
            }
        }
    }

    /** Matrix products and a softmax in fp32. */
    static Result eager(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean keysInOrder,
            double dropout) {
        Order order = new Order(false, keysInOrder, keysInOrder);
        return eager(tape, queries, keys, values, mask, shape, order, dropout, true, false);
    }

    /** Which of the three have their heads outside their tokens in memory, so that products need no copy of them. */
    record Order(boolean queries, boolean keys, boolean values) {}

    /**
     * Matrix products and a softmax.
     *
     * @param wide whether the softmax runs in fp32; autocast runs every one in fp32
     * @param capped whether scores pass a tanh, scaled before and after
     */
    static Result eager(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            Order order,
            double dropout,
            boolean wide,
            boolean capped) {
        Tensor allKeys = repeated(tape, keys, shape);
        Tensor allValues = repeated(tape, values, shape);
        boolean repeated = shape.keyValueHeads() > 1 && shape.heads() != shape.keyValueHeads();
        boolean shared = shape.keyValueHeads() == 1 && shape.heads() > 1;
        Tensor scores = product(
                tape,
                queries,
                order.queries(),
                allKeys,
                repeated || (!shared && order.keys()),
                shape,
                shape.queryRows(),
                shape.keyLength());
        Tensor weights = Arithmetic.scale(tape, scores.last());
        if (capped) {
            weights = tape.rebind(weights, Arithmetic.scale(tape, weights));
            weights = tape.rebind(weights, Functions.tanh(tape, weights));
            weights = tape.rebind(weights, Arithmetic.scale(tape, weights));
        }
        if (mask != null) {
            weights = tape.rebind(weights, Arithmetic.add(tape, weights, mask));
        }
        Tensor shares = wide || tape.autocastType() != null
                ? Functions.wideSoftmax(tape, weights)
                : Functions.softmax(tape, weights);
        weights = tape.rebind(weights, Casts.cast(tape, shares.last(), queries.type()));
        weights = tape.rebind(weights, Functions.dropout(tape, weights, dropout));
        Tensor mixed = product(
                tape,
                weights,
                true,
                allValues,
                repeated || (!shared && order.values()),
                shape,
                shape.queryRows(),
                values.columns());
        Tensor output = tape.rebind(mixed, merged(tape, mixed, shape));
        tape.drop(allKeys);
        tape.drop(allValues);
        return new Result(output, weights);
    }

    /**
     * Step by step as Falcon does: scores in fp32 with distances added to them, softmax in the format of the stream
     * (transformers, FalconAttention).
     */
    static Result falcon(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            Tensor mask,
            @Nullable Tensor distances,
            DType stream,
            AttentionShape shape,
            boolean cached,
            double dropout) {
        boolean inOrder = cached && shape.keyValueHeads() > 1;
        Tensor product = shared(tape, queries, false, keys, inOrder, shape, shape.keyLength());
        List<Tensor> variables = new ArrayList<>();
        Tensor logits = product;
        if (distances != null) {
            variables.add(product);
            Tensor scores = Casts.cast(tape, product, product.type().bits() == 16 ? DType.FP32 : product.type());
            variables.add(scores);
            logits = Arithmetic.add(tape, scores, distances);
            variables.add(logits);
        }
        Tensor masked = Arithmetic.add(tape, logits, mask);
        Tensor weights =
                Functions.softmax(tape, Casts.cast(tape, masked, stream).last());
        tape.drop(masked);
        if (distances == null) { // one variable for scores and weights
            tape.drop(product);
        } else {
            weights = tape.rebind(weights, Functions.dropout(tape, weights, dropout));
        }
        Tensor mixed = shared(tape, weights, true, values, inOrder, shape, values.columns());
        Tensor output = tape.rebind(mixed, merged(tape, mixed, shape));
        variables.forEach(tape::drop);
        return new Result(output, weights);
    }

    /** A product that broadcasts a head that all share: autocast casts it before it is repeated. */
    private static Tensor shared(
            Tape tape,
            Tensor left,
            boolean leftInOrder,
            Tensor right,
            boolean rightInOrder,
            AttentionShape shape,
            long columns) {
        Tensor operand = tape.operand(right);
        Tensor all = repeated(tape, operand, shape);
        Tensor product = product(tape, left, leftInOrder, all, rightInOrder, shape, shape.queryRows(), columns);
        tape.drop(all);
        tape.drop(operand);
        return product;
    }

    /** {@code scaled_dot_product_attention}, with the kernel that CUDA chooses. */
    static Tensor sdpa(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        return sdpa(tape, queries, keys, values, mask, shape, false);
    }

    /**
     * {@code scaled_dot_product_attention}, with the kernel that CUDA chooses.
     *
     * @param inOrder whether queries lie head by head: then so does the output, and is copied back into tokens
     */
    static Tensor sdpa(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean inOrder) {
        boolean grouped = shape.heads() != shape.keyValueHeads();
        boolean sameSize = keys.columns() == values.columns();
        boolean kernelGroups = grouped && mask == null && sameSize && keys.columns() <= FLASH_HEAD_SIZE;
        Tensor allKeys = kernelGroups ? tape.alias(keys) : repeated(tape, keys, shape);
        Tensor allValues = kernelGroups ? tape.alias(values) : repeated(tape, values, shape);
        Tensor output = kernel(tape, queries, allKeys, allValues, mask, shape, kernelGroups, inOrder);
        tape.drop(allKeys);
        tape.drop(allValues);
        return output;
    }

    /** The same without repeating keys first: a single head of them is broadcast by the plain arithmetic. */
    static Tensor sdpaUnrepeated(
            Tape tape, Tensor queries, Tensor keys, Tensor values, @Nullable Tensor mask, AttentionShape shape) {
        if (shape.heads() == shape.keyValueHeads()) {
            return kernel(tape, queries, keys, values, mask, shape, false, false);
        }
        DType type = tape.autocastType() == null ? queries.type() : tape.autocastType();
        Tensor q = Casts.cast(tape, queries, type);
        Tensor k = Casts.cast(tape, keys, type);
        Tensor v = Casts.cast(tape, values, type);
        Tensor bias = mask == null || mask.type() != DType.BOOL
                ? mask
                : tape.allocate(shape.batch() * shape.queryLength(), shape.keyLength(), type);
        // the operator runs its steps without autocast
        Tensor mixed = tape.autocast(null, () -> math(tape, q, k, v, bias, shape, true));
        if (bias != null && bias != mask) {
            tape.drop(bias);
        }
        Tensor output = tape.rebind(mixed, merged(tape, mixed, shape));
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        return output;
    }

    private static Tensor kernel(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean grouped,
            boolean inOrder) {
        DType type = tape.autocastType() == null ? queries.type() : tape.autocastType();
        Tensor q = Casts.cast(tape, queries, type);
        Tensor k = Casts.cast(tape, keys, type);
        Tensor v = Casts.cast(tape, values, type);
        boolean sameSize = q.columns() == k.columns() && k.columns() == v.columns();
        Tensor output;
        if (type != DType.FP32 && mask == null && sameSize && q.columns() <= FLASH_HEAD_SIZE) {
            output = inTokens(
                    tape, FusedAttention.flash(tape, q, k, v, grouped ? shape : shape.ungrouped()), shape, inOrder);
        } else if (!grouped && sameSize) {
            Tensor bias = mask != null && mask.type().isFloating() ? Casts.cast(tape, mask, type) : mask;
            output = inTokens(tape, FusedAttention.efficient(tape, q, k, v, bias, shape), shape, inOrder);
            if (bias != null && bias != mask) {
                tape.drop(bias);
            }
        } else {
            Tensor mixed = tape.autocast(null, () -> math(tape, q, k, v, mask, shape, false));
            output = tape.rebind(mixed, merged(tape, mixed, shape));
        }
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        return output;
    }

    /** Heads back inside tokens: the output of the kernels lies as their queries do. */
    private static Tensor inTokens(Tape tape, Tensor output, AttentionShape shape, boolean inOrder) {
        return inOrder && shape.heads() > 1 && shape.queryLength() > 1
                ? tape.rebind(output, Shapes.merge(tape, output, false))
                : output;
    }

    /** The plain arithmetic that SDPA falls back to: operands scaled, scores masked, softmax, product. */
    private static Tensor math(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean broadcast) {
        DType type = queries.type();
        DType wide = type.bits() == 16 ? DType.FP32 : type; // 16-bit operands are widened
        Tensor q = Casts.cast(tape, queries, wide);
        Tensor k = Casts.cast(tape, keys, wide);
        Tensor v = Casts.cast(tape, values, wide);
        Tensor mixed = wideMath(tape, q, k, v, mask, shape, broadcast, type);
        tape.drop(q);
        tape.drop(k);
        tape.drop(v);
        return mixed;
    }

    private static Tensor wideMath(
            Tape tape,
            Tensor queries,
            Tensor keys,
            Tensor values,
            @Nullable Tensor mask,
            AttentionShape shape,
            boolean broadcast,
            DType type) {
        Tensor scaled = Arithmetic.scale(tape, queries);
        Tensor bias = mask == null ? causalBias(tape, queries.type(), shape) : tape.alias(mask);
        Tensor allKeys = broadcast ? tape.alias(keys) : expanded(tape, keys, shape);
        Tensor allValues = broadcast ? tape.alias(values) : expanded(tape, values, shape);
        Tensor transposed = Arithmetic.scale(tape, allKeys);
        if (broadcast) {
            transposed = repeated(tape, transposed.last(), shape);
        }
        Tensor scores =
                product(tape, scaled, false, transposed, !broadcast, shape, shape.queryRows(), shape.keyLength());
        tape.drop(transposed);
        if (bias != null) {
            scores = tape.runtime().gradientsSummedInPlace()
                    ? Arithmetic.addInPlace(tape, scores, bias)
                    : tape.rebind(scores, Arithmetic.add(tape, scores, bias));
        }
        Tensor weights =
                tape.runtime().safeSoftmax() ? Functions.safeSoftmax(tape, scores) : Functions.softmax(tape, scores);
        tape.drop(scores);
        if (broadcast) {
            allValues = repeated(tape, allValues.last(), shape);
        }
        Tensor returned = Casts.cast(tape, weights, type);
        Tensor mixed = product(tape, weights, true, allValues, !broadcast, shape, shape.queryRows(), values.columns());
        mixed = tape.rebind(mixed, Casts.cast(tape, mixed, type));
        tape.drop(returned);
        tape.drop(scaled);
        tape.drop(allKeys);
        tape.drop(allValues);
        tape.drop(weights);
        if (bias != null) {
            tape.drop(bias);
        }
        return mixed;
    }

    private static @Nullable Tensor causalBias(Tape tape, DType type, AttentionShape shape) {
        if (shape.queryLength() == 1) {
            return null;
        }
        Tensor ones = tape.allocate(shape.queryLength(), shape.keyLength(), DType.BOOL);
        Tensor lower = tape.rebind(ones, tape.allocate(shape.queryLength(), shape.keyLength(), DType.BOOL));
        return tape.rebind(lower, tape.allocate(shape.queryLength(), shape.keyLength(), type));
    }

    /**
     * Keys or values repeated for every head of their group before the kernel sees them (transformers, repeat_kv): a
     * copy, but a view where all heads share one.
     */
    private static Tensor repeated(Tape tape, Tensor x, AttentionShape shape) {
        return shape.keyValueHeads() == 1 && shape.heads() > 1
                ? Shapes.view(tape, x, shape.expandedKeyRows(), x.columns())
                : expanded(tape, x, shape);
    }

    /** Keys or values repeated for every head of their group: a copy, or the tensor itself where there is one head a group. */
    static Tensor expanded(Tape tape, Tensor x, AttentionShape shape) {
        return shape.heads() == shape.keyValueHeads() || x.rows() != shape.keyRows()
                ? tape.alias(x)
                : Shapes.expand(tape, x, shape.expandedKeyRows());
    }

    /**
     * A batched product. Operands are cast as autocast asks for; those whose heads lie inside their tokens are then
     * copied, unless batch, heads or tokens are one.
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
        Tensor y = tape.operand(right);
        Tensor x = tape.operand(left);
        y = copyRight ? Shapes.copy(tape, y.last()) : y;
        x = copyLeft ? Shapes.copy(tape, x.last()) : x;
        return Products.matmul(tape, x.last(), y.last(), rows, columns);
    }

    /** Heads put back inside tokens: a copy, unless there is one head or one token. */
    static Tensor merged(Tape tape, Tensor mixed, AttentionShape shape) {
        return shape.heads() == 1 || shape.queryLength() == 1
                ? tape.alias(mixed)
                : Shapes.merge(tape, mixed, shape.batch() > 1);
    }
}
