package dev.llmmem.memory.trace;

/**
 * A run of equal blocks of which one is traced.
 *
 * <p>Each block changes the live bytes by the same amount, so live bytes are affine in the block's index and the highest
 * point of the run lies in its first or its last block.
 */
public final class Fold {

    /** How many blocks the traced one stands for. */
    final int blocks;
    /** The nodes that the traced block recorded: from {@code firstNode} to before {@code endNode}. */
    int firstNode;

    int endNode;

    Fold(int blocks) {
        this.blocks = blocks;
    }
}
