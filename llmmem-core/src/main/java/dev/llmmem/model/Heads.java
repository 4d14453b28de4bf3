package dev.llmmem.model;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Set;

/** The parts of a model after its layers, by the names that their modules have in encoders. */
final class Heads {

    /** What the first part of a name is, or the second, where a head is more than a matrix with a row for each token. */
    private static final Set<String> MODULES = Set.of(
            "cls",
            "predictions",
            "sop_classifier",
            "lm_head",
            "generator_predictions",
            "discriminator_predictions",
            "vocab_transform",
            "head",
            "pooler",
            "pre_classifier",
            "classifier",
            "classification_head",
            "qa_outputs");

    /** Those that are given one vector for each text. */
    private static final Set<String> OF_ONE_TOKEN =
            Set.of("pooler", "pre_classifier", "seq_relationship", "sop_classifier", "classification_head");

    private static final Splitter PARTS = Splitter.on('.');

    private Heads() {}

    /** Whether a parameter outside the layers belongs to a head. */
    static boolean holds(Parameter parameter) {
        return PARTS.splitToStream(parameter.module()).limit(2).anyMatch(MODULES::contains);
    }

    /** Whether a parameter makes one vector of the first token, for whatever comes after. */
    static boolean pools(Parameter parameter) {
        return PARTS.splitToStream(parameter.module()).anyMatch("pooler"::equals);
    }

    /** Whether a parameter outside the layers is met by one token of each text only. */
    static boolean readsOneToken(Parameter parameter, ModelSpec model) {
        List<String> parts = PARTS.splitToList(parameter.module());
        if (parts.stream().anyMatch(OF_ONE_TOKEN::contains)) {
            return true;
        }
        // A classifier of texts has two layers, or stands after one that reads one token; one of tokens stands alone.
        return parts.get(0).equals("classifier")
                && (parts.size() > 1
                        || model.outerParameters().stream()
                                .anyMatch(other ->
                                        PARTS.splitToStream(other.module()).anyMatch(OF_ONE_TOKEN::contains)));
    }
}
