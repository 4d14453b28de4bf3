package dev.llmmem.memory.trace;

import org.jspecify.annotations.Nullable;

/** A product with a constant of complex numbers; a complex number is two elements wide. */
public final class ComplexProduct extends Node {

    private final @Nullable Node maker;
    private final Tensor constant;

    private ComplexProduct(@Nullable Node maker, Tensor constant) {
        this.maker = maker;
        this.constant = constant;
    }

    /** x · constant; saves the constant. */
    public static Tensor apply(Tape tape, Tensor x, Tensor constant) {
        ComplexProduct node = null;
        if (tape.flows(x)) {
            node = tape.record(new ComplexProduct(tape.edge(x), constant));
            tape.save(node, constant.storage);
        }
        Tensor product = tape.result(x.rows, x.columns, x.type, node);
        tape.done(x);
        return product;
    }

    /** The constant's conjugate is made first. */
    @Override
    void backward(Tape tape, Tensor gradient) {
        Tensor conjugate = tape.allocate(constant.rows, constant.columns, constant.type);
        tape.send(maker, tape.allocate(gradient.rows, gradient.columns, gradient.type));
        tape.drop(conjugate);
    }
}
