package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Recurrent;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Activation;
import dev.llmmem.units.DType;
import dev.llmmem.workload.PromptEncoder;
import java.util.ArrayList;
import java.util.List;

/** The network over the learned embeddings of P-tuning (peft/tuners/p_tuning/model.py, PromptEncoder). */
public final class EncodedPrompt implements Transform {

    private final PromptEncoder encoder;
    /** Of the LSTM. */
    private final List<Tensor> recurrent = new ArrayList<>();
    /** Weight and bias by turns. */
    private final List<Tensor> head = new ArrayList<>();

    EncodedPrompt(PromptEncoder encoder, long hiddenSize) {
        this.encoder = encoder;
        for (List<Long> shape : recurrentShapes(encoder, hiddenSize)) {
            recurrent.add(parameter(shape));
        }
        for (List<Long> shape : headShapes(encoder, hiddenSize)) {
            head.add(parameter(shape));
        }
    }

    private static Tensor parameter(List<Long> shape) {
        boolean matrix = shape.size() == 2;
        return Tape.parameter(matrix ? shape.get(0) : 1, shape.get(shape.size() - 1), DType.FP32, true);
    }

    /** The shapes of all trained tensors but the embeddings, in the order of the modules. */
    public static List<List<Long>> shapes(PromptEncoder encoder, long hiddenSize) {
        List<List<Long>> shapes = new ArrayList<>(recurrentShapes(encoder, hiddenSize));
        shapes.addAll(headShapes(encoder, hiddenSize));
        return shapes;
    }

    private static List<List<Long>> recurrentShapes(PromptEncoder encoder, long hiddenSize) {
        List<List<Long>> shapes = new ArrayList<>();
        if (encoder instanceof PromptEncoder.Lstm lstm) {
            long gates = 4L * lstm.hiddenSize();
            for (int layer = 0; layer < lstm.layers(); layer++) {
                long inputs = layer == 0 ? hiddenSize : 2L * lstm.hiddenSize();
                for (int direction = 0; direction < 2; direction++) {
                    shapes.add(List.of(gates, inputs));
                    shapes.add(List.of(gates, (long) lstm.hiddenSize()));
                    shapes.add(List.of(gates));
                    shapes.add(List.of(gates));
                }
            }
        }
        return shapes;
    }

    private static List<List<Long>> headShapes(PromptEncoder encoder, long hiddenSize) {
        boolean lstm = encoder instanceof PromptEncoder.Lstm;
        long width = lstm ? 2L * encoder.hiddenSize() : encoder.hiddenSize();
        List<List<Long>> shapes = new ArrayList<>();
        if (!lstm) {
            shapes.addAll(List.of(List.of(width, hiddenSize), List.of(width)));
        }
        shapes.addAll(List.of(List.of(width, width), List.of(width), List.of(hiddenSize, width), List.of(hiddenSize)));
        return shapes;
    }

    @Override
    public Tensor apply(Tape tape, Tensor x) {
        Tensor first = tape.alias(x);
        if (encoder instanceof PromptEncoder.Lstm lstm) {
            first = tape.rebind(first, Recurrent.lstm(tape, first, recurrent, 2L * lstm.layers(), lstm.hiddenSize()));
        }
        Tensor hidden = tape.alias(first);
        for (int i = 0; i < head.size(); i += 2) {
            Tensor weight = head.get(i);
            hidden = tape.rebind(hidden, Products.linear(tape, hidden, weight, head.get(i + 1), weight.rows()));
            if (i + 2 < head.size()) {
                hidden = tape.rebind(hidden, Functions.activate(tape, Activation.RELU, hidden));
            }
        }
        tape.drop(first);
        return hidden;
    }
}
