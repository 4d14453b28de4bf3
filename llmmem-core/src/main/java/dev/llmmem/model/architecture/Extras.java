package dev.llmmem.model.architecture;

import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.StoredExtra.Cause;

/** What checkpoints of mixtures of experts hold besides the parameters. */
final class Extras {

    private Extras() {}

    /** With the number per expert and layer that balances the experts (arXiv 2408.15664), which is not trained by loss. */
    static Decoder corrections(Decoder decoder, String name) {
        long elements = 0;
        for (Layer layer : decoder.layers()) {
            if (layer.feedForward() instanceof FeedForward.Experts experts) {
                elements += experts.experts();
            }
        }
        return elements == 0 ? decoder : decoder.extra(name, elements, Cause.ROUTER_CORRECTION);
    }

    /** How many layers that predict further tokens there are; the files of types that have one may leave the field out. */
    static int further(Config config, int absent) {
        return config.spelling("further", "num_nextn_predict_layers", "num_mtp_layers")
                .optional(Range.LAYERS_OR_NONE, "further")
                .orElse(absent);
    }

    /**
     * With layers after the last that predict further tokens (arXiv 2412.19437, section 2.2): each a mixture with its
     * correction, a projection of two vectors to one, and three norms.
     *
     * @param number how many
     * @param block a layer that is a mixture
     * @param experts how many experts it has
     */
    static Decoder predictions(Decoder decoder, int number, Tensors block, int experts) {
        if (number == 0) {
            return decoder;
        }
        long hidden = decoder.shape().hidden();
        long each = block.linear("eh_proj", 2 * hidden, hidden, false)
                .norms(hidden, "enorm", "hnorm", "shared_head.norm")
                .elements();
        return decoder.extra(
                at(decoder, number),
                Math.multiplyExact(Math.addExact(each, experts), (long) number),
                Cause.TOKEN_PREDICTION);
    }

    /** With the copies of embedding and head that files keep in each of those layers. */
    static Decoder predictionCopies(Decoder decoder, int number) {
        if (number == 0) {
            return decoder;
        }
        long table = Math.multiplyExact(
                (long) decoder.shape().vocabulary() * decoder.shape().hidden(), (long) number);
        String layers = at(decoder, number);
        return decoder.extra(layers + ".embed_tokens.weight", table, Cause.TOKEN_PREDICTION_COPY)
                .extra(layers + ".shared_head.head.weight", table, Cause.TOKEN_PREDICTION_COPY);
    }

    /** Where the files have them: their numbers follow those of the other layers. */
    private static String at(Decoder decoder, int number) {
        int first = decoder.shape().layers();
        return "model.layers." + (number == 1 ? first : first + "-" + (first + number - 1));
    }
}
