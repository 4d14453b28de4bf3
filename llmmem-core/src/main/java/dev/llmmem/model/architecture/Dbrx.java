package dev.llmmem.model.architecture;

import static dev.llmmem.model.architecture.Shape.DERIVED;

import dev.llmmem.model.Activation;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.architecture.Shape.Defaults;

/** DBRX (Databricks, 2024): one fused projection, norms of scale alone, and the experts of a layer on top of each other. */
final class Dbrx {

    private Dbrx() {}

    static Decoder dbrx(Config config) {
        Config attention = config.nested("attn_config").orElseGet(config::empty);
        Config network = config.nested("ffn_config").orElseGet(config::empty);
        Config spelled = config.spelling("hidden_size", "d_model", "hidden_size")
                .spelling("num_attention_heads", "n_heads", "num_attention_heads")
                .spelling("num_hidden_layers", "n_layers", "num_hidden_layers")
                .spelling("max_position_embeddings", "max_seq_len", "max_position_embeddings");
        Shape whole = Shape.multiHead(spelled, new Defaults(32_000, 2048, DERIVED, 24, 16, DERIVED, DERIVED, 2048));
        int keyValueHeads = attention.count(Range.HEADS, 1, "kv_n_heads");
        attention.require(
                whole.heads() % keyValueHeads == 0,
                "kv_n_heads",
                keyValueHeads,
                "a divisor of the " + whole.heads() + " heads");
        Shape shape = whole.withKeyValueHeads(keyValueHeads);
        config.refuseUnlessOff("tie_word_embeddings", "a shared head");
        int width = network.count(Range.WIDTH, 3584, "ffn_hidden_size");
        int count = network.count(Range.EXPERTS, 4, "moe_num_experts");
        int visited = network.count(Range.EXPERTS, 1, "moe_top_k");
        network.require(visited <= count, "moe_top_k", visited, "at most the " + count + " experts");
        boolean normalized =
                !network.has("moe_normalize_expert_weights") || network.states("moe_normalize_expert_weights");
        Activation activation = network.nested("ffn_act_fn")
                .map(named -> Activations.read(named, Activation.SILU, "name"))
                .orElse(Activation.SILU);
        long hidden = shape.hidden();
        long rows = (long) count * width;
        Tensors around = new Tensors("transformer.")
                .embedding("wte", shape.vocabulary(), hidden)
                .norm("norm_f", hidden);
        Tensors block = new Tensors("transformer.blocks.{i}.")
                .norm("norm_attn_norm.norm_1", hidden)
                .linear("norm_attn_norm.attn.Wqkv", hidden, shape.queries() + 2 * shape.keys(), false)
                .linear("norm_attn_norm.attn.out_proj", hidden, hidden, false)
                .norm("norm_attn_norm.norm_2", hidden)
                .linear("ffn.router.layer", hidden, count, false)
                .add("ffn.experts.mlp.w1", Kind.OTHER, rows, hidden)
                .add("ffn.experts.mlp.v1", Kind.OTHER, rows, hidden)
                .add("ffn.experts.mlp.w2", Kind.OTHER, rows, hidden);
        return Decoder.of(shape, around)
                .head(config, "lm_head", shape.hidden(), false, false)
                .dropout(
                        config.probability(0, "emb_pdrop"),
                        attention.probability(0, "attn_pdrop"),
                        config.probability(0, "resid_pdrop"))
                .layers(
                        shape.attention(shape.headSize()),
                        new FeedForward.Experts(
                                count,
                                Math.min(visited, count),
                                width,
                                0,
                                true,
                                activation,
                                FeedForward.Routing.ungrouped(normalized)),
                        block);
    }
}
