package dev.llmmem.memory;

/** The parts of a step, in order. The peak of a job is the highest of its phases' peaks. */
public enum Phase {
    /** The weights are in memory, nothing runs yet. */
    LOAD,
    /** The forward pass, loss included. */
    FORWARD,
    /** The backward pass. */
    BACKWARD,
    /** The optimizer's update. */
    STEP,
    /** Generating tokens after the prompt. */
    GENERATE
}
