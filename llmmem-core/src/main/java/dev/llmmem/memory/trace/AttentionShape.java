package dev.llmmem.memory.trace;

/** The sizes of one attention: rows of the batch, tokens that ask, tokens that are seen, and heads. */
public record AttentionShape(long batch, long queryLength, long keyLength, long heads, long keyValueHeads) {

    /** The query vectors: one for each token and head. */
    public long queryRows() {
        return batch * queryLength * heads;
    }

    /** The key vectors: one for each token and key-value head. */
    public long keyRows() {
        return batch * keyLength * keyValueHeads;
    }

    /** The same once keys and values are repeated for every head. */
    public AttentionShape ungrouped() {
        return new AttentionShape(batch, queryLength, keyLength, heads, heads);
    }

    /** The key vectors once they are repeated for every head. */
    public long expandedKeyRows() {
        return batch * keyLength * heads;
    }
}
