package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Optimizer;

/**
 * AdamW in a space of low rank (galore_torch/adamw.py and galore_projector.py, proj_type "std"): first the parameters that
 * are not projected, then those that are, one tensor after another.
 *
 * <p>The shorter side is projected. In fp32 the projection is a view that keeps all singular vectors of that side; from other
 * formats it is cut out and cast back.
 */
final class GaLoreUpdate implements Update {

    private final Weights weights;
    private final Optimizer.GaLore galore;

    GaLoreUpdate(Weights weights, Optimizer.GaLore galore) {
        this.weights = weights;
        this.galore = galore;
    }

    private static boolean projected(Weights.Group group) {
        return group.linear() && (group.name().contains("attn") || group.name().contains("mlp"));
    }

    private static long shorter(Weights.Group group) {
        return Math.min(group.rows(), group.columns());
    }

    private static long longer(Weights.Group group) {
        return Math.max(group.rows(), group.columns());
    }

    private long rank(Weights.Group group) {
        return Math.min(galore.rank(), shorter(group));
    }

    /** How many singular vectors the projection keeps. */
    private long kept(Weights.Group group) {
        return group.type() == DType.FP32 ? shorter(group) : rank(group);
    }

    @Override
    public void load(Ledger ledger) {
        boolean[] any = {false};
        weights.forEachTrained(group -> {
            if (!projected(group)) {
                group.hold(ledger, MemoryKind.OPTIMIZER_STATES, 2);
                return;
            }
            any[0] = true;
            state(ledger, group, longer(group), rank(group), 2);
            state(ledger, group, kept(group), shorter(group), 1);
        });
        if (!any[0]) {
            throw new IllegalArgumentException(
                    "optimizer is GaLore, but must be another for a model without linear layers"
                            + " whose names contain attn or mlp: nothing is projected");
        }
    }

    private static void state(Ledger ledger, Weights.Group group, long rows, long columns, int each) {
        long count = Math.multiplyExact((long) each, group.count());
        ledger.hold(MemoryKind.OPTIMIZER_STATES, group.site(), rows, columns, group.type(), count);
    }

    @Override
    public void run(Ledger ledger, Tape tape) {
        Locals locals = new Locals(tape);
        weights.forEachNeighbour(group -> {
            if (!projected(group)) {
                tape.at(group.site());
                locals.gradient.clear();
                adam(tape, locals, group.rows(), group.columns(), group.type());
            }
        });
        weights.forEachNeighbour(group -> {
            if (projected(group)) {
                tape.at(group.site());
                project(tape, locals, group);
            }
        });
        locals.gradient.clear();
        locals.denominator.clear();
        locals.update.clear();
    }

    /** What the function's variables hold from one parameter to the next. */
    private static final class Locals {
        final Variable gradient;
        final Variable denominator;
        final Variable update;

        Locals(Tape tape) {
            gradient = new Variable(tape);
            denominator = new Variable(tape);
            update = new Variable(tape);
        }
    }

    private static void adam(Tape tape, Locals locals, long rows, long columns, DType type) {
        locals.denominator.set(tape.allocate(rows, columns, type));
        locals.update.set(tape.allocate(rows, columns, type));
    }

    private void project(Tape tape, Locals locals, Weights.Group group) {
        locals.gradient.clear();
        if (galore.refreshing()) {
            refresh(tape, group);
        }
        locals.gradient.set(tape.allocate(longer(group), rank(group), group.type()));
        adam(tape, locals, longer(group), rank(group), group.type());
        Tensor back = tape.allocate(group.rows(), group.columns(), group.type());
        locals.update.set(tape.rebind(back, tape.allocate(group.rows(), group.columns(), group.type())));
    }

    /** The new projection takes the place of the old one, which is of the same size. */
    private void refresh(Tape tape, Weights.Group group) {
        boolean widened = group.type() != DType.FP32;
        Tensor matrix = widened ? tape.allocate(group.rows(), group.columns(), DType.FP32) : null;
        Tensor left = tape.allocate(group.rows(), shorter(group), DType.FP32);
        Tensor values = tape.allocate(1, shorter(group), DType.FP32);
        Tensor right = tape.allocate(shorter(group), group.columns(), DType.FP32);
        Tensor projection = widened ? tape.allocate(kept(group), shorter(group), group.type()) : null;
        tape.drop(left);
        tape.drop(values);
        tape.drop(right);
        if (matrix != null) {
            tape.drop(matrix);
        }
        if (projection != null) {
            tape.drop(projection);
        }
    }
}
