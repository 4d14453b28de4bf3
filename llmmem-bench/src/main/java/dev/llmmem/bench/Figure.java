package dev.llmmem.bench;

/**
 * A number of bytes as it is, and as it was estimated.
 *
 * @param truth the bytes that were observed
 * @param estimate the bytes that were estimated
 */
record Figure(long truth, long estimate) {

    long difference() {
        return estimate - truth;
    }

    /**
     * The error relative to the truth.
     *
     * @return percent, positive where the estimate is too high; 0 where both are 0, infinite where only the truth is 0
     */
    double errorPct() {
        return difference() == 0 ? 0 : 100.0 * difference() / truth;
    }
}
