package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Routing;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.FeedForward;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores by a sigmoid in fp32; a correction that is not trained decides which experts are chosen, but not how much they
 * count (arXiv 2412.19437; transformers, DeepseekV3TopkRouter).
 *
 * @param weight one row for each expert
 * @param shape how many experts there are, and how they are chosen
 */
record SigmoidRouter(Tensor weight, FeedForward.Experts shape) implements Router {

    @Override
    public Routed route(Tape tape, Tensor x) {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor matrix = Casts.cast(tape, weight, DType.FP32);
        Tensor logits = Products.linear(tape, wide, matrix, null, weight.rows());
        tape.drop(wide);
        tape.drop(matrix);
        Tensor scores = Functions.sigmoid(tape, logits);
        List<Tensor> locals = new ArrayList<>(8);
        Tensor indices = tape.withoutGradients(() -> choose(tape, scores, locals));
        Tensor weights = Routing.gather(tape, scores, indices);
        if (shape.routing().normalized()) {
            Tensor sum = Arithmetic.shift(tape, Routing.sum(tape, weights).last());
            locals.add(sum);
            weights = Routing.divideInPlace(tape, weights, sum);
        }
        weights = tape.rebind(weights, Arithmetic.scale(tape, weights));
        tape.drop(scores);
        locals.forEach(tape::drop);
        return new Routed(logits, weights, indices);
    }

    /** No gradient comes back from a choice, so what is made on the way lives as long as its variables. */
    private Tensor choose(Tape tape, Tensor scores, List<Tensor> locals) {
        long tokens = scores.rows();
        long groups = shape.routing().groups();
        Tensor corrected = Arithmetic.shift(tape, scores);
        Routing.Choice bestTwo = Routing.topK(tape, corrected, 2 * groups);
        Tensor best = tape.allocate(tokens, groups, DType.FP32);
        tape.drop(bestTwo.values());
        locals.add(bestTwo.indices());
        locals.add(best);
        Routing.Choice chosen = Routing.topK(tape, best, shape.routing().visitedGroups());
        tape.drop(chosen.values());
        locals.add(chosen.indices());
        locals.add(tape.allocate(tokens, groups, DType.FP32));
        locals.add(tape.allocate(tokens, scores.columns(), DType.FP32));
        Tensor within = tape.allocate(tokens, scores.columns(), DType.BOOL);
        Tensor beyond = tape.rebind(within, tape.allocate(tokens, scores.columns(), DType.BOOL));
        corrected = tape.rebind(corrected, Routing.masked(tape, corrected, beyond));
        locals.add(beyond);
        locals.add(corrected);
        Routing.Choice experts = Routing.topK(tape, corrected, shape.perToken());
        tape.drop(experts.values());
        return experts.indices();
    }
}
