package dev.llmmem.memory;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Models that are LLaMA in all but size, so small that what they take can be worked out by hand. */
final class TinyModels {

    private TinyModels() {}

    /** What may differ from layer to layer: the inner width of the feed-forward network and the sliding window. */
    record Kind(int width, OptionalInt window) {

        static Kind of(int width) {
            return new Kind(width, OptionalInt.empty());
        }
    }

    /**
     * What a tiny model is made of.
     *
     * @param layers the kind of each layer, first to last
     * @param biases whether the projections of queries, keys and values have biases, as in Qwen2
     */
    record Shape(
            int hidden,
            int heads,
            int keyValueHeads,
            int headSize,
            int vocabulary,
            List<Kind> layers,
            boolean biases,
            boolean tied) {

        Shape vocabulary(int value) {
            return new Shape(hidden, heads, keyValueHeads, headSize, value, layers, biases, tied);
        }

        Shape layers(List<Kind> value) {
            return new Shape(hidden, heads, keyValueHeads, headSize, vocabulary, value, biases, tied);
        }

        Shape biases(boolean value) {
            return new Shape(hidden, heads, keyValueHeads, headSize, vocabulary, layers, value, tied);
        }

        Shape tied(boolean value) {
            return new Shape(hidden, heads, keyValueHeads, headSize, vocabulary, layers, biases, value);
        }

        /** The same with one window for all layers. */
        Shape window(int tokens) {
            return layers(layers.stream()
                    .map(kind -> new Kind(kind.width(), OptionalInt.of(tokens)))
                    .toList());
        }

        ModelSpec spec() {
            List<Parameter> outer = new ArrayList<>();
            outer.add(parameter("model.embed_tokens.weight", Parameter.Kind.EMBEDDING, vocabulary, hidden));
            outer.add(parameter("model.norm.weight", Parameter.Kind.NORM, hidden));
            if (!tied) {
                outer.add(parameter("lm_head.weight", Parameter.Kind.LINEAR, vocabulary, hidden));
            }
            return ModelSpec.builder("llama")
                    .name("tiny")
                    .hiddenSize(hidden)
                    .vocabularySize(vocabulary)
                    .tiedHead(tied)
                    .layers(layers.stream().map(this::layer).toList())
                    .outerParameters(outer)
                    .build();
        }

        private Layer layer(Kind of) {
            int width = of.width();
            long queries = (long) heads * headSize;
            long keys = (long) keyValueHeads * headSize;
            List<Parameter> all = new ArrayList<>();
            linear(all, "self_attn.q_proj", queries, hidden, biases);
            linear(all, "self_attn.k_proj", keys, hidden, biases);
            linear(all, "self_attn.v_proj", keys, hidden, biases);
            linear(all, "self_attn.o_proj", hidden, queries, false);
            linear(all, "mlp.gate_proj", width, hidden, false);
            linear(all, "mlp.up_proj", width, hidden, false);
            linear(all, "mlp.down_proj", hidden, width, false);
            all.add(parameter("model.layers.{i}.input_layernorm.weight", Parameter.Kind.NORM, hidden));
            all.add(parameter("model.layers.{i}.post_attention_layernorm.weight", Parameter.Kind.NORM, hidden));
            return new Layer(
                    new Attention.Grouped(heads, keyValueHeads, headSize, headSize, of.window()),
                    new FeedForward.Dense(width, true, Activation.SILU),
                    all);
        }

        private static void linear(List<Parameter> to, String module, long outputs, long inputs, boolean bias) {
            to.add(parameter("model.layers.{i}." + module + ".weight", Parameter.Kind.LINEAR, outputs, inputs));
            if (bias) {
                to.add(parameter("model.layers.{i}." + module + ".bias", Parameter.Kind.BIAS, outputs));
            }
        }

        private static Parameter parameter(String name, Parameter.Kind kind, long... shape) {
            List<Long> dimensions = new ArrayList<>();
            for (long dimension : shape) {
                dimensions.add(dimension);
            }
            return new Parameter(name, dimensions, kind);
        }
    }

    /**
     * Hidden 64, vocabulary 256, four query heads and two key-value heads of 16, equal layers with inner width 128, no
     * biases, a head of its own.
     */
    static Shape shape(int layers) {
        return new Shape(64, 4, 2, 16, 256, Collections.nCopies(layers, Kind.of(128)), false, false);
    }

    /** The model of {@link #shape(int)}. */
    static ModelSpec llama(int layers) {
        return shape(layers).spec();
    }
}
