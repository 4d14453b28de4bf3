package dev.llmmem.model.architecture;

import dev.llmmem.model.Parameter.Kind;
import dev.llmmem.model.Tower;

/** Text decoders behind an image tower, whose fields are in {@code text_config} and {@code vision_config}. */
final class Multimodals {

    static final String TIED = "tie_word_embeddings";

    private Multimodals() {}

    static Decoder gemma3(Config config) {
        Decoder decoder = Gemmas.gemma3Text(text(config));
        Vision vision = ClipVision.siglip(vision(config), "model.vision_tower.");
        long hidden = vision.hidden();
        Tensors projector = new Tensors("model.multi_modal_projector.")
                .add("mm_input_projection_weight", Kind.OTHER, hidden, (long)
                        decoder.shape().hidden())
                .norm("mm_soft_emb_norm", hidden);
        return within(
                decoder.headTied(tied(config, decoder)),
                vision.parts().with(projector).vision());
    }

    static Decoder qwen2Vl(Config config) {
        return qwenSecond(config, QwenVision.second(vision(config)));
    }

    static Decoder qwen25Vl(Config config) {
        return qwenSecond(config, QwenVision.secondAndHalf(vision(config)));
    }

    /** The fields of the text may lie beside those of the images; one of both places is enough to tie the head. */
    private static Decoder qwenSecond(Config config, Tower vision) {
        Config text = config.states("text_config") ? text(config) : config;
        Decoder decoder = Llamas.qwen2Vl(text);
        return within(decoder.headTied(config.flag(false, TIED) || decoder.tied()), vision);
    }

    static Decoder qwen3Vl(Config config) {
        return qwenThird(config, Llamas.qwen3Vl(text(config)), QwenVision.third(vision(config)));
    }

    static Decoder qwen3VlMoe(Config config) {
        return qwenThird(config, Mixtures.qwen3VlMoe(text(config)), QwenVision.third(vision(config)));
    }

    /** Qwen3.5 has the tower of Qwen3-VL, but merges only what the last block gives. */
    static Decoder qwen35(Config config) {
        return qwenThird(config, QwenHybrids.dense(text(config)), QwenVision.third(vision(config), 0));
    }

    static Decoder qwen35Moe(Config config) {
        return qwenThird(config, QwenHybrids.mixture(text(config)), QwenVision.third(vision(config), 0));
    }

    private static Decoder qwenThird(Config config, Decoder decoder, Tower vision) {
        return within(decoder.headTied(tied(config, decoder)), vision);
    }

    /**
     * Whether the head is the embedding: what is written outside counts, or else what the text decoder has.
     *
     * <p>Where neither says, transformers 5.18 ties the heads of Mistral 3 and Kimi K2.5, but takes that back when it loads a
     * checkpoint with both matrices, as the released ones are.
     */
    static boolean tied(Config config, Decoder decoder) {
        return config.has(TIED) ? config.flag(false, TIED) : decoder.tied();
    }

    /** The fields of the text; where there are none the class has defaults, unless the file is of another format. */
    static Config text(Config config) {
        if (!config.states("text_config") && config.states("hidden_size")) {
            config.refuse("hidden_size", "written outside", "a field of text_config");
        }
        return config.nested("text_config").orElseGet(config::empty);
    }

    static Config vision(Config config) {
        return config.nested("vision_config").orElseGet(config::empty);
    }

    /** The decoder beside a tower. */
    static Decoder within(Decoder decoder, Tower tower) {
        return within(decoder).tower(tower);
    }

    /** The decoder named as a part of a larger model. */
    static Decoder within(Decoder decoder) {
        return decoder.renamed(name -> "model.language_model." + name.substring("model.".length()));
    }
}
