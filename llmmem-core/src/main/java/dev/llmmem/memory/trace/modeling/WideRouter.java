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
 * A router whose scores are computed in fp32; groups of experts may compete first (transformers, DeepseekV2TopkRouter).
 *
 * @param weight one row for each expert
 * @param shape how many experts there are, and how they are chosen
 */
record WideRouter(Tensor weight, FeedForward.Experts shape) implements Router {

    @Override
    public Routed route(Tape tape, Tensor x) {
        List<Tensor> locals = new ArrayList<>();
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor matrix = Casts.cast(tape, weight, DType.FP32);
        Tensor logits = Products.linear(tape, wide, matrix, null, weight.rows());
        tape.drop(wide);
        tape.drop(matrix);
        Tensor scores =
                Functions.softmax(tape, Casts.cast(tape, logits, DType.FP32).last());
        if (shape.routing().groups() > 0) {
            Tensor allowed = allowed(tape, scores, locals);
            scores = tape.rebind(scores, Routing.masked(tape, scores, allowed.last()));
        }
        Routing.Choice choice = Routing.topK(tape, scores, shape.perToken());
        Tensor weights = Arithmetic.scale(tape, choice.values().last());
        tape.drop(scores);
        locals.forEach(tape::drop);
        return new Routed(logits, weights, choice.indices());
    }

    /** Which experts are out of the competition: those whose group's best is not among the best. No gradient flows. */
    private Tensor allowed(Tape tape, Tensor scores, List<Tensor> locals) {
        return tape.withoutGradients(() -> {
            long groups = shape.routing().groups();
            Tensor best = tape.allocate(scores.rows(), groups, DType.FP32);
            locals.add(best);
            locals.add(tape.allocate(scores.rows(), groups, DType.INT64));
            Routing.Choice chosen = Routing.topK(tape, best, shape.routing().visitedGroups());
            tape.drop(chosen.values());
            locals.add(chosen.indices());
            locals.add(tape.allocate(scores.rows(), groups, DType.FP32));
            locals.add(tape.allocate(scores.rows(), scores.columns(), DType.FP32));
            Tensor within = tape.allocate(scores.rows(), scores.columns(), DType.BOOL);
            return tape.rebind(within, tape.allocate(scores.rows(), scores.columns(), DType.BOOL));
        });
    }
}
