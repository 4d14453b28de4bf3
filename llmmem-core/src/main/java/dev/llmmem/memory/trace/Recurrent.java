package dev.llmmem.memory.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional LSTM over one sequence in cuDNN's kernel (aten/src/ATen/native/cudnn/RNN.cpp, _cudnn_rnn and its backward):
 * saves input, first states and output; all gradients of its weights are made at once. Its reserve is not known.
 */
public final class Recurrent {

    private Recurrent() {}

    /**
     * Runs all layers.
     *
     * @param weights the weights and biases of all layers and directions, each trained
     * @param states layers times directions
     * @param hiddenSize the width of each direction
     */
    public static Tensor lstm(Tape tape, Tensor x, List<Tensor> weights, long states, long hiddenSize) {
        Tensor firstOutput = tape.allocate(states, hiddenSize, x.type);
        Tensor firstCell = tape.allocate(states, hiddenSize, x.type);
        Backward node = null;
        if (tape.isRecording()) {
            List<Node> edges = new ArrayList<>();
            for (Tensor weight : weights) {
                edges.add(java.util.Objects.requireNonNull(tape.edge(weight)));
            }
            node = tape.record(new Backward(tape.edge(x), x, edges, states, hiddenSize));
            tape.save(node, x.storage);
            tape.save(node, firstOutput.storage);
            tape.save(node, firstCell.storage);
        }
        Tensor result = tape.result(x.rows, 2 * hiddenSize, x.type, node);
        Tensor lastOutput = tape.allocate(states, hiddenSize, x.type);
        Tensor lastCell = tape.allocate(states, hiddenSize, x.type);
        if (node != null) {
            tape.save(node, result.storage);
        }
        tape.drop(firstCell);
        tape.drop(firstOutput);
        tape.drop(lastCell);
        tape.drop(lastOutput);
        return result;
    }

    private static final class Backward extends Node {
        private final @Nullable Node input;
        private final long inputRows;
        private final long inputColumns;
        private final List<Node> weights;
        private final long states;
        private final long hiddenSize;

        Backward(@Nullable Node input, Tensor inputTensor, List<Node> weights, long states, long hiddenSize) {
            this.input = input;
            this.inputRows = inputTensor.rows;
            this.inputColumns = inputTensor.columns;
            this.weights = weights;
            this.states = states;
            this.hiddenSize = hiddenSize;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            Tensor lastOutput = tape.allocate(states, hiddenSize, type); // zeros for what nobody reads
            Tensor lastCell = tape.allocate(states, hiddenSize, type);
            tape.send(input, tape.allocate(inputRows, inputColumns, type));
            Tensor ofOutput = tape.allocate(states, hiddenSize, type);
            Tensor ofCell = tape.allocate(states, hiddenSize, type);
            for (Node weight : weights) {
                tape.send(weight, tape.allocate(weight.rows, weight.columns, weight.type));
            }
            tape.drop(ofCell);
            tape.drop(ofOutput);
            tape.drop(lastCell);
            tape.drop(lastOutput);
        }
    }
}
