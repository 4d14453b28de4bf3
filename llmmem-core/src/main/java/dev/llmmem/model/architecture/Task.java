package dev.llmmem.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model is for: the classes that transformers has of one type, by the ends of their names. */
enum Task {
    /** The layers alone. */
    BODY("Model"),
    /** The encoder of an encoder-decoder alone. */
    ENCODER("EncoderModel"),
    /** Tokens that were hidden are predicted (BERT, arXiv 1810.04805). */
    MASKED("ForMaskedLM"),
    /** What the published weights were trained for: hidden tokens and the order of sentences, or replaced tokens. */
    PRE_TRAINING("ForPreTraining"),
    /** A text is written. */
    GENERATION("ForConditionalGeneration"),
    /** A text gets labels. */
    SEQUENCES("ForSequenceClassification"),
    /** Each token gets labels. */
    TOKENS("ForTokenClassification"),
    /** The start and end of an answer are found. */
    SPANS("ForQuestionAnswering");

    private static final Range LABELS = new Range(1, 1 << 20, "labels");

    private final String ending;

    Task(String ending) {
        this.ending = ending;
    }

    /** The class that is named first, one of these; where none is named, the first of these. */
    static Task read(Config config, String prefix, Task absent, Task... more) {
        List<Task> known = new ArrayList<>(List.of(absent));
        known.addAll(List.of(more));
        Optional<List<?>> classes = config.list("architectures").filter(list -> !list.isEmpty());
        if (classes.isEmpty()) {
            return absent;
        }
        Object name = classes.get().get(0);
        for (Task task : known) {
            // The first release of T5 had its class by another name, which its largest checkpoints still state.
            boolean former = task == GENERATION && (prefix + "WithLMHeadModel").equals(name);
            if (former || (prefix + task.ending).equals(name)) {
                return task;
            }
        }
        List<String> names = known.stream().map(task -> prefix + task.ending).toList();
        config.refuse("architectures", name, "one of " + String.join(", ", names));
        return absent;
    }

    /** What the names of the inner model begin with: nothing where it stands alone. */
    String inner(String module) {
        return this == BODY || this == ENCODER ? "" : module + ".";
    }

    boolean isOneOf(Task... tasks) {
        return List.of(tasks).contains(this);
    }

    /** How many labels there are: names of each, or else a number. */
    static int labels(Config config, int absent) {
        Optional<Config> names = config.nested("id2label");
        if (names.isEmpty()) {
            return config.optional(LABELS, "num_labels").orElse(absent);
        }
        int number = names.get().size();
        if (!LABELS.holds(number)) {
            config.refuse("id2label", number + " names", LABELS.toString());
            return absent;
        }
        return number;
    }
}
