package dev.llmmem.memory.trace;

import com.google.common.math.LongMath;
import dev.llmmem.units.DType;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cross-entropies of Liger (arXiv 2410.10989), whose gradients are made in the forward pass.
 *
 * <p>Source: liger-kernel 0.8 (ops/cross_entropy.py, ops/fused_linear_cross_entropy.py,
 * transformers/model/loss_utils.py).
 */
public final class LigerLosses {

    private LigerLosses() {}

    /** The mean cross-entropy of logits: in fp32, whose storage the gradient takes over. */
    public static Tensor crossEntropy(Tape tape, Tensor logits, long batch) {
        Tensor upcast = Casts.cast(tape, logits, DType.FP32);
        long rows = upcast.rows;
        Tensor padded = tape.allocate(batch, rows / batch + 1, DType.INT64);
        Tensor labels = shifted(tape, padded, batch, rows);
        Made node = null;
        if (tape.flows(upcast)) {
            node = tape.record(new Made(List.of(Objects.requireNonNull(tape.edge(upcast)))));
            tape.save(node, upcast.storage);
        }
        Tensor each = tape.allocate(rows, 1, DType.FP32);
        Tensor counted = counted(tape, rows);
        for (int bound = 0; bound < 2; bound++) { // labels are compared with the vocabulary and with zero
            Tensor kept = tape.allocate(rows, 1, DType.INT64);
            Tensor extreme = tape.rebind(kept, tape.allocate(1, 1, DType.INT64));
            Tensor within = tape.allocate(1, 1, DType.BOOL);
            tape.drop(extreme);
            tape.drop(within);
        }
        Tensor loss = tape.result(1, 1, DType.FP32, node);
        for (Tensor local : new Tensor[] {each, counted, padded, labels, upcast}) {
            tape.drop(local);
        }
        return loss;
    }

    /** The labels moved by one: a slice, which one row has in order already. */
    private static Tensor shifted(Tape tape, Tensor padded, long batch, long rows) {
        return batch == 1 ? tape.alias(padded) : tape.allocate(batch, rows / batch, DType.INT64);
    }

    /** Which labels count; how many they are is read by the host. */
    private static Tensor counted(Tape tape, long rows) {
        Tensor counted = tape.allocate(rows, 1, DType.BOOL);
        tape.drop(tape.allocate(1, 1, DType.INT64));
        return counted;
    }

    /**
     * The mean cross-entropy of a hidden state and a head: logits are made for some rows at a time, as many as make them
     * about as large as the hidden state. All chunks are alike, so the first two and the last are run.
     */
    public static Tensor fusedLinearCrossEntropy(Tape tape, Tensor hidden, Tensor weight, long batch) {
        long rows = hidden.rows;
        Tensor padded = tape.allocate(batch, rows / batch + 1, DType.INT64);
        Tensor labels = shifted(tape, padded, batch, rows);
        boolean differentiated = tape.flows(hidden);
        boolean trained = differentiated && tape.flows(weight);
        Made node = null;
        if (differentiated) {
            List<Node> inputs = new ArrayList<>(2);
            inputs.add(Objects.requireNonNull(tape.edge(hidden)));
            if (trained) {
                inputs.add(Objects.requireNonNull(tape.edge(weight)));
            }
            node = tape.record(new Made(inputs));
        }
        Chunks chunks = new Chunks(tape, hidden, weight, trained);
        Tensor each = tape.allocate(rows, 1, DType.FP32);
        Tensor counted = counted(tape, rows);
        tape.withoutGradients(() -> {
            chunks.run(differentiated);
            return chunks;
        });
        Tensor loss = tape.result(1, 1, DType.FP32, node);
        chunks.finish(node);
        for (Tensor local : new Tensor[] {each, counted, padded, labels}) {
            tape.drop(local);
        }
        return loss;
    }

    /** The loop over chunks and its variables. */
    private static final class Chunks {
        private final Tape tape;
        private final Tensor hidden;
        private final Tensor weight;
        private final Tensor hiddenGradient;
        private final @Nullable Tensor weightGradient;
        private @Nullable Tensor logits;
        private @Nullable Tensor input;

        Chunks(Tape tape, Tensor hidden, Tensor weight, boolean trained) {
            this.tape = tape;
            this.hidden = hidden;
            this.weight = weight;
            this.hiddenGradient = tape.allocate(hidden.rows, hidden.columns, hidden.type);
            this.weightGradient = trained ? tape.allocate(weight.rows, weight.columns, weight.type) : null;
        }

        void run(boolean differentiated) {
            long wider = LongMath.divide(weight.rows, hidden.columns, RoundingMode.CEILING);
            long least = LongMath.divide(hidden.rows, wider, RoundingMode.CEILING);
            long size = least == 1 ? 1 : Long.highestOneBit(least - 1) << 1;
            long count = LongMath.divide(hidden.rows, size, RoundingMode.CEILING);
            for (long chunk = 0; chunk < count; chunk = chunk == 1 && count > 2 ? count - 1 : chunk + 1) {
                chunk(Math.min(size, hidden.rows - chunk * size), differentiated);
            }
        }

        private void chunk(long rows, boolean differentiated) {
            Tensor part = tape.view(hidden, rows, hidden.columns, null);
            Tensor transposed = tape.view(weight, weight.rows, weight.columns, null);
            Tensor made = product(part, transposed, rows, weight.rows);
            tape.drop(transposed);
            if (weightGradient == null) {
                replaceLogits(made);
            }
            if (differentiated) {
                tape.drop(product(made, weight, rows, hidden.columns));
            }
            if (weightGradient != null) {
                replaceLogits(made);
                addWeightGradient(weightGradient, made, part);
            }
            tape.drop(part);
        }

        private void replaceLogits(Tensor made) {
            if (logits != null) {
                tape.drop(logits);
            }
            logits = made;
        }

        private Tensor product(Tensor left, Tensor right, long rows, long columns) {
            Tensor x = tape.operand(left);
            Tensor y = tape.operand(right);
            Tensor product = tape.allocate(rows, columns, x.type);
            tape.drop(x);
            tape.drop(y);
            return product;
        }

        /** In place where a product of 16-bit operands is summed in fp32; else the product is made, widened and added. */
        private void addWeightGradient(Tensor sum, Tensor made, Tensor part) {
            if (sum.type == DType.FP32 && made.type.bits() == 16) {
                Tensor next = Casts.cast(tape, part, made.type);
                if (input != null) {
                    tape.drop(input);
                }
                input = next;
                return;
            }
            Tensor product = product(made, part, sum.rows, sum.columns);
            tape.drop(tape.rebind(product, Casts.cast(tape, product, DType.FP32)));
        }

        /** The function returns: its gradients are saved. */
        void finish(@Nullable Node node) {
            if (node != null) {
                tape.save(node, hiddenGradient.storage);
                if (weightGradient != null) {
                    tape.save(node, weightGradient.storage);
                }
            }
            for (Tensor local : new @Nullable Tensor[] {logits, input, hiddenGradient, weightGradient}) {
                if (local != null) {
                    tape.drop(local);
                }
            }
        }
    }

    /** A loss whose gradients are made already: what was saved is sent, once the loss has been compared with one. */
    private static final class Made extends Node {
        private final List<Node> inputs;

        Made(List<Node> inputs) {
            this.inputs = inputs;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.drop(tape.allocate(1, 1, DType.FP32));
            for (int i = 0; i < inputs.size(); i++) {
                Node to = inputs.get(i);
                Storage storage = saved(i);
                Ledger.retain(storage);
                tape.send(to, new Tensor(storage, to.rows, to.columns, storage.type, null));
            }
        }
    }
}
