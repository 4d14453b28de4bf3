package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.ComplexProduct;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;

/**
 * Rotary position embedding (arXiv 2104.09864): the table of cosines and sines of a pass, and their application
 * (transformers, LlamaRotaryEmbedding and apply_rotary_pos_emb).
 */
public record Rotary(Tensor cosine, Tensor sine) {

    /** Makes the tables for {@code length} positions of {@code size} elements, in the format of the residual stream. */
    static Rotary table(Tape tape, long length, long size, DType type) {
        return table(tape, length, size, false, type);
    }

    /** Tables of an angle for each pair of elements, rather than for each element (GptOssRotaryEmbedding). */
    static Rotary ofPairs(Tape tape, long length, long size, DType type) {
        return table(tape, length, size, true, type);
    }

    private static Rotary table(Tape tape, long length, long size, boolean ofPairs, DType type) {
        return tape.withoutGradients(() -> {
            Tensor positions = tape.allocate(1, length, DType.FP32);
            Tensor frequencies = tape.allocate(length, size / 2, DType.FP32);
            Tensor angles = ofPairs ? tape.alias(frequencies) : tape.allocate(length, size, DType.FP32);
            Tensor cosine =
                    Arithmetic.scale(tape, Arithmetic.scale(tape, angles).last());
            Tensor sine = Arithmetic.scale(tape, Arithmetic.scale(tape, angles).last());
            Rotary table = new Rotary(Casts.cast(tape, cosine, type), Casts.cast(tape, sine, type));
            tape.drop(positions);
            tape.drop(frequencies);
            tape.drop(angles);
            tape.drop(cosine);
            tape.drop(sine);
            return table;
        });
    }

    /** One table of complex numbers, each as long as two elements (DeepseekV2RotaryEmbedding). */
    static Rotary complex(Tape tape, long length, long size) {
        return tape.withoutGradients(() -> {
            Tensor positions = tape.allocate(1, length, DType.FP32);
            Tensor frequencies = tape.allocate(length, size / 2, DType.FP32);
            Tensor ones = tape.allocate(length, size / 2, DType.FP32);
            Tensor unit = tape.allocate(length, size, DType.FP32);
            tape.drop(ones);
            Tensor table = Arithmetic.scale(tape, unit.last());
            tape.drop(positions);
            tape.drop(frequencies);
            return new Rotary(table, tape.alias(table));
        });
    }

    /** Pairs of elements as complex numbers, turned by the complex table (transformers, deepseek_v2). */
    static Rotation.Turned rotateComplex(Tape tape, Rotary table, Tensor queries, Tensor keys) {
        Tensor q = Casts.cast(tape, queries, DType.FP32);
        Tensor k = Casts.cast(tape, keys, DType.FP32);
        Tensor turnedQueries =
                Casts.cast(tape, ComplexProduct.apply(tape, q, table.cosine()).last(), queries.type());
        Tensor turnedKeys =
                Casts.cast(tape, ComplexProduct.apply(tape, k, table.cosine()).last(), keys.type());
        tape.drop(q);
        tape.drop(k);
        return new Rotation.Turned(turnedQueries, turnedKeys);
    }

    /** x · cos + rotate_half(x) · sin. */
    Tensor rotate(Tape tape, Tensor x) {
        Tensor straight = Arithmetic.multiply(tape, x, cosine);
        Tensor turned = Arithmetic.multiply(tape, half(tape, x).last(), sine);
        return Arithmetic.add(tape, straight.last(), turned.last());
    }

    /** The halves turned against each other by tables of pairs, then put together (transformers, gpt_oss). */
    Tensor rotateHalves(Tape tape, Tensor x) {
        long half = x.columns() / 2;
        Tensor[] halves = Shapes.split(tape, x, half, half);
        Tensor result = rotatePairs(tape, halves);
        tape.drop(halves[0]);
        tape.drop(halves[1]);
        return result;
    }

    /** Views of the first halves of the tables. */
    Rotary firstHalf(Tape tape) {
        return new Rotary(
                Shapes.slice(tape, cosine, cosine.columns() / 2), Shapes.slice(tape, sine, sine.columns() / 2));
    }

    /** Two halves turned against each other and put together; nothing lives on in variables. */
    Tensor rotatePairs(Tape tape, Tensor[] halves) {
        Tensor straight = Arithmetic.multiply(tape, halves[0], cosine);
        Tensor crossed = Arithmetic.multiply(tape, halves[1], sine);
        Tensor first = Arithmetic.subtract(tape, straight.last(), crossed.last());
        straight = Arithmetic.multiply(tape, halves[1], cosine);
        crossed = Arithmetic.multiply(tape, halves[0], sine);
        Tensor second = Arithmetic.add(tape, straight.last(), crossed.last());
        return Shapes.concatenate(tape, first.last(), second.last());
    }

    private static Tensor half(Tape tape, Tensor x) {
        Tensor first = Shapes.slice(tape, x, x.columns() / 2);
        Tensor second = Shapes.slice(tape, x, x.columns() / 2);
        Tensor result = Shapes.concatenate(tape, Arithmetic.negate(tape, second).last(), first);
        tape.drop(first);
        tape.drop(second);
        return result;
    }

    /** The tables as variables that live as long as the others. */
    Rotary held(Locals locals) {
        locals.hold(cosine);
        locals.hold(sine);
        return this;
    }
}
