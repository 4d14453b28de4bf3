package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Parameters in the order of the model's modules, all under one prefix. Immutable: each method gives a longer list.
 *
 * @param prefix what every name begins with
 * @param list the parameters
 */
record Tensors(String prefix, List<Parameter> list) {

    Tensors(String prefix) {
        this(prefix, List.of());
    }

    /** The parameters of a layer, where LLaMA has its layers. */
    static Tensors layer() {
        return new Tensors("model.layers.{i}.");
    }

    /** A whole layer of LLaMA. */
    static Tensors llama(Shape shape, boolean inputBias, boolean outputBias, boolean gatedBias) {
        return layer().attention(shape, inputBias, outputBias)
                .gated("mlp", shape.hidden(), shape.inner(), gatedBias)
                .norms(shape.hidden(), "input_layernorm", "post_attention_layernorm");
    }

    Tensors add(String name, Kind kind, Long... shape) {
        List<Parameter> longer = new ArrayList<>(list);
        longer.add(new Parameter(prefix + name, List.of(shape), kind));
        return new Tensors(prefix, Collections.unmodifiableList(longer));
    }

    /** More parameters, each with a prefix of its own; what comes after has this one's. */
    Tensors and(Tensors more) {
        List<Parameter> longer = new ArrayList<>(list);
        longer.addAll(more.list);
        return new Tensors(prefix, Collections.unmodifiableList(longer));
    }

    /** How many elements they have together. */
    long elements() {
        return list.stream().mapToLong(Parameter::elements).reduce(0, Math::addExact);
    }

    /** More parameters, if there are such. */
    Tensors when(boolean present, UnaryOperator<Tensors> more) {
        return present ? more.apply(this) : this;
    }

    Tensors embedding(String module, long rows, long width) {
        return add(module + ".weight", Kind.EMBEDDING, rows, width);
    }

    Tensors linear(String module, long inputs, long outputs, boolean bias) {
        return add(module + ".weight", Kind.LINEAR, outputs, inputs)
                .when(bias, weight -> weight.add(module + ".bias", Kind.BIAS, outputs));
    }

    /** GPT-2's linear layer, which stores its weight transposed and always has a bias. */
    Tensors conv1d(String module, long inputs, long outputs) {
        return add(module + ".weight", Kind.CONV1D, inputs, outputs).add(module + ".bias", Kind.BIAS, outputs);
    }

    /** A convolution over tokens, each channel for itself; no linear layer, so quantizers leave it alone. */
    Tensors convolution(String module, long channels, long kernel, boolean bias) {
        return add(module + ".weight", Kind.OTHER, channels, 1L, kernel)
                .when(bias, weight -> weight.add(module + ".bias", Kind.OTHER, channels));
    }

    /** A norm with a scale and no shift. */
    Tensors norm(String module, long width) {
        return add(module + ".weight", Kind.NORM, width);
    }

    Tensors norms(long width, String... modules) {
        Tensors all = this;
        for (String module : modules) {
            all = all.norm(module, width);
        }
        return all;
    }

    /** A norm with a scale and a shift. */
    Tensors layerNorm(String module, long width) {
        return norm(module, width).add(module + ".bias", Kind.NORM, width);
    }

    Tensors layerNorms(long width, String... modules) {
        Tensors all = this;
        for (String module : modules) {
            all = all.layerNorm(module, width);
        }
        return all;
    }

    /** The four projections of attention as LLaMA names them. */
    Tensors attention(Shape shape, boolean inputBias, boolean outputBias) {
        return queryKeyValue(shape, inputBias).linear("self_attn.o_proj", shape.queries(), shape.hidden(), outputBias);
    }

    /** Queries, keys and values as LLaMA names them. */
    Tensors queryKeyValue(Shape shape, boolean bias) {
        return linear("self_attn.q_proj", shape.hidden(), shape.queries(), bias)
                .linear("self_attn.k_proj", shape.hidden(), shape.keys(), bias)
                .linear("self_attn.v_proj", shape.hidden(), shape.keys(), bias);
    }

    /** A gated network (arXiv 2002.05202) as LLaMA names it. */
    Tensors gated(String module, long hidden, long inner, boolean bias) {
        return linear(module + ".gate_proj", hidden, inner, bias)
                .linear(module + ".up_proj", hidden, inner, bias)
                .linear(module + ".down_proj", inner, hidden, bias);
    }

    /** A gated network whose first two projections are one, as Phi-3 and GLM name it. */
    Tensors fusedGated(Shape shape) {
        return linear("mlp.gate_up_proj", shape.hidden(), 2L * shape.inner(), false)
                .linear("mlp.down_proj", shape.inner(), shape.hidden(), false);
    }

    /** Gated experts, all in two tensors. */
    Tensors experts(String module, long experts, long hidden, long inner) {
        return add(module + ".gate_up_proj", Kind.EXPERTS, experts, 2 * inner, hidden)
                .add(module + ".down_proj", Kind.EXPERTS, experts, hidden, inner);
    }

    /** The matrix that scores experts; no linear layer of the framework, so adapters and quantizers leave it alone. */
    Tensors router(String module, long experts, long hidden) {
        return add(module + ".weight", Kind.OTHER, experts, hidden);
    }
}
