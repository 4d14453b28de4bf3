package dev.llmmem.metrics.rouge;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What ROUGE counts. The set is that of rouge_score 0.1.2. */
public enum RougeType {
    /** Tokens in common. */
    ROUGE_1("rouge1", 1),
    /** Pairs of neighbouring tokens in common. */
    ROUGE_2("rouge2", 2),
    /** Sequences of three tokens in common. */
    ROUGE_3("rouge3", 3),
    /** Sequences of four tokens in common. */
    ROUGE_4("rouge4", 4),
    /** Sequences of five tokens in common. */
    ROUGE_5("rouge5", 5),
    /** Sequences of six tokens in common. */
    ROUGE_6("rouge6", 6),
    /** Sequences of seven tokens in common. */
    ROUGE_7("rouge7", 7),
    /** Sequences of eight tokens in common. */
    ROUGE_8("rouge8", 8),
    /** Sequences of nine tokens in common. */
    ROUGE_9("rouge9", 9),
    /** The longest common subsequence of the texts; line ends are nothing special. */
    ROUGE_L("rougeL", 0),
    /**
     * For each line of the reference, the tokens on one longest common subsequence with any line of the prediction. A line ends
     * at LF and at nothing else.
     */
    ROUGE_LSUM("rougeLsum", 0);

    private final String referenceName;
    private final int order;

    RougeType(String referenceName, int order) {
        this.referenceName = referenceName;
        this.order = order;
    }

    /**
     * What rouge_score calls it.
     *
     * @return for example {@code rouge1} or {@code rougeLsum}
     */
    public String referenceName() {
        return referenceName;
    }

    /** How many tokens an n-gram has; 0 for those of subsequences. */
    int order() {
        return order;
    }

    /**
     * The type of a name, if there is one.
     *
     * @param name a name as rouge_score writes it; case matters
     * @return the type
     */
    public static Optional<RougeType> find(String name) {
        return Arrays.stream(values())
                .filter(type -> type.referenceName.equals(name))
                .findFirst();
    }

    /**
     * The type of a name.
     *
     * @param name {@code rouge1} to {@code rouge9}, {@code rougeL} or {@code rougeLsum}
     * @return the type
     * @throws IllegalArgumentException if there is none of that name, as for {@code rouge10}
     */
    public static RougeType fromName(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("name is " + name + ", but must be one of "
                        + Arrays.stream(values()).map(RougeType::referenceName).collect(Collectors.joining(", "))));
    }
}
