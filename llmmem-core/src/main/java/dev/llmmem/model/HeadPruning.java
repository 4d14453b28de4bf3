package dev.llmmem.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A layer with fewer heads: the tensors that have an axis of heads lose the rest of it. */
final class HeadPruning {

    private static final Set<String> QUERIES = Set.of("q_proj", "q_norm", "q");
    private static final Set<String> KEYS_AND_VALUES = Set.of("k_proj", "v_proj", "k_norm", "k", "v");
    private static final Set<String> FUSED = Set.of("qkv_proj", "query_key_value", "c_attn", "Wqkv", "qkv");
    private static final Set<String> OUTPUTS = Set.of("o_proj", "out_proj", "dense", "c_proj", "o");

    private final Attention.Grouped before;
    private final Attention.Grouped after;

    private HeadPruning(Attention.Grouped before, Attention.Grouped after) {
        this.before = before;
        this.after = after;
    }

    static Layer keep(Layer layer, int keyValueHeads) {
        if (!(layer.attention() instanceof Attention.Grouped before)) {
            throw new IllegalArgumentException(
                    "layer has " + layer.attention() + ", but heads can be dropped from grouped attention only");
        }
        if (keyValueHeads < 1 || keyValueHeads > before.keyValueHeads()) {
            throw new IllegalArgumentException("keyValueHeads is " + keyValueHeads + ", but must be 1 to the layer's "
                    + before.keyValueHeads() + " heads");
        }
        Attention.Grouped after = new Attention.Grouped(
                keyValueHeads * before.groups(),
                keyValueHeads,
                before.headSize(),
                before.rotarySize(),
                before.window());
        HeadPruning pruning = new HeadPruning(before, after);
        List<Parameter> parameters = layer.parameters().stream()
                .map(parameter -> inAttention(parameter, layer) ? pruning.cut(parameter) : parameter)
                .toList();
        return new Layer(after, layer.feedForward(), parameters);
    }

    private static boolean inAttention(Parameter parameter, Layer layer) {
        return ParameterGroup.of(parameter, layer) == ParameterGroup.MIXING
                || (parameter.kind() == Parameter.Kind.NORM
                        && parameter.module().contains("attn."));
    }

    private Parameter cut(Parameter parameter) {
        String module = parameter.module().substring(parameter.module().lastIndexOf('.') + 1);
        boolean weight = parameter.isLinear();
        if (QUERIES.contains(module)) {
            return cut(parameter, output(parameter), queries(before), queries(after), parameter.kind());
        }
        if (KEYS_AND_VALUES.contains(module)) {
            return cut(parameter, output(parameter), keys(before), keys(after), parameter.kind());
        }
        if (FUSED.contains(module)) {
            return cut(
                    parameter,
                    output(parameter),
                    queries(before) + 2 * keys(before),
                    queries(after) + 2 * keys(after),
                    parameter.kind());
        }
        if (OUTPUTS.contains(module)) {
            return weight
                    ? cut(parameter, 1 - output(parameter), queries(before), queries(after), parameter.kind())
                    : parameter;
        }
        if (parameter.name().endsWith(".sinks")) {
            return cut(parameter, 0, before.heads(), after.heads(), parameter.kind());
        }
        throw refused(parameter, "a projection of queries, keys, values or outputs");
    }

    /** A norm over one head is the same for every head and stays. */
    private Parameter cut(Parameter parameter, int axis, long from, long to, Parameter.Kind kind) {
        long found = parameter.shape().get(axis);
        if (kind == Parameter.Kind.NORM && found == before.headSize() && found != from) {
            return parameter;
        }
        if (found != from) {
            throw refused(parameter, from + " elements wide along its heads");
        }
        List<Long> shape = new ArrayList<>(parameter.shape());
        shape.set(axis, to);
        return new Parameter(parameter.name(), shape, kind);
    }

    private static int output(Parameter parameter) {
        return parameter.kind() == Parameter.Kind.CONV1D ? 1 : 0;
    }

    private static long queries(Attention.Grouped attention) {
        return (long) attention.heads() * attention.headSize();
    }

    private static long keys(Attention.Grouped attention) {
        return (long) attention.keyValueHeads() * attention.headSize();
    }

    private static IllegalArgumentException refused(Parameter parameter, String permitted) {
        return new IllegalArgumentException("heads of " + parameter.name() + " with shape " + parameter.shape()
                + " cannot be dropped, permitted is " + permitted);
    }
}
