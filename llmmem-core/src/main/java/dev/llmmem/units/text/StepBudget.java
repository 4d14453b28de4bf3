package dev.llmmem.units.text;

/**
 * How many characters may be looked at in all matches that share it.
 *
 * <p>Not thread-safe: it counts.
 */
public final class StepBudget {

    private final int most;
    private int left;

    /**
     * A budget that nothing has been taken from.
     *
     * @param most the number of steps, 0 or more
     */
    public StepBudget(int most) {
        this.most = most;
        this.left = most;
    }

    /**
     * The whole budget.
     *
     * @return the number of steps that it began with
     */
    public int most() {
        return most;
    }

    /**
     * Takes steps.
     *
     * @param steps how many, 0 or more
     * @return whether there were as many
     */
    public boolean take(int steps) {
        left = steps > left ? -1 : left - steps;
        return left >= 0;
    }
}
