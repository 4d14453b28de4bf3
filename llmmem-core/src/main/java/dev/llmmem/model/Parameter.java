package dev.llmmem.model;

import java.util.List;
import java.util.Objects;

/**
 * One named tensor of a model, as its checkpoint names it.
 *
 * <p>Inside a {@link Layer} the layer index is written <code>{i}</code>, for example
 * {@code model.layers.{i}.self_attn.q_proj.weight}. Immutable and thread-safe.
 *
 * @param name the checkpoint's name, with <code>{i}</code> for the layer index
 * @param shape the dimensions, outermost first, each at least 1; a linear weight is {@code [out, in]}, a {@link
 *     Kind#CONV1D} weight {@code [in, out]}
 * @param kind what sort of module holds it
 */
public record Parameter(String name, List<Long> shape, Kind kind) {

    /** The sort of module that holds a parameter; it decides what adapters and quantizers touch. */
    public enum Kind {
        /** A look-up table, one row per token or position. */
        EMBEDDING,
        /** The weight of a linear layer, {@code [out, in]}. */
        LINEAR,
        /** The weight of GPT-2's transposed linear layer, {@code [in, out]}. */
        CONV1D,
        /** The weights of all experts of a layer in one tensor, {@code [experts, out, in]}. */
        EXPERTS,
        /** Scale or shift of a normalization. */
        NORM,
        /** The bias of a linear layer. */
        BIAS,
        /** Anything else, such as attention sinks. */
        OTHER
    }

    /**
     * Copies the shape and checks it.
     *
     * @param name the checkpoint's name
     * @param shape the dimensions
     * @param kind the sort of module
     * @throws IllegalArgumentException if the shape has a dimension below 1
     * @throws ArithmeticException if the number of elements exceeds {@link Long#MAX_VALUE}
     */
    public Parameter {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        shape = List.copyOf(shape);
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 1) {
                throw new IllegalArgumentException(
                        "shape of " + name + " is " + shape + ", but each dimension must be at least 1 element");
            }
            elements = Math.multiplyExact(elements, dimension);
        }
    }

    /**
     * The number of elements: the product of the shape.
     *
     * @return at least 1
     */
    public long elements() {
        long elements = 1;
        for (long dimension : shape) {
            elements *= dimension;
        }
        return elements;
    }

    /**
     * The name of the module that holds this parameter: the name without its last part.
     *
     * @return for example {@code model.layers.{i}.self_attn.q_proj}, or the whole name where it has one part
     */
    public String module() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /**
     * Whether the parameter is the weight of a linear map from one vector to another, in either storage order.
     *
     * @return true for {@link Kind#LINEAR} and {@link Kind#CONV1D}
     */
    public boolean isLinear() {
        return kind == Kind.LINEAR || kind == Kind.CONV1D;
    }

    /**
     * The width of the vectors that a linear weight reads.
     *
     * @return the number of input features
     * @throws IllegalStateException if this is not a linear weight
     */
    public long inputs() {
        requireLinear();
        return shape.get(kind == Kind.LINEAR ? 1 : 0);
    }

    /**
     * The width of the vectors that a linear weight writes.
     *
     * @return the number of output features
     * @throws IllegalStateException if this is not a linear weight
     */
    public long outputs() {
        requireLinear();
        return shape.get(kind == Kind.LINEAR ? 0 : 1);
    }

    private void requireLinear() {
        if (!isLinear()) {
            throw new IllegalStateException(name + " is " + kind + ", not the weight of a linear layer");
        }
    }
}
