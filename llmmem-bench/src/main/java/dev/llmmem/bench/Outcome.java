package dev.llmmem.bench;

/** What became of a row. */
sealed interface Outcome {

    /** The row. */
    OracleRow row();

    /**
     * The case was estimated.
     *
     * @param row the row
     * @param comparison the estimate beside what was observed
     */
    record Estimated(OracleRow row, Comparison comparison) implements Outcome {}

    /**
     * The case is not one that can be estimated.
     *
     * @param row the row
     * @param reason why
     */
    record Refused(OracleRow row, String reason) implements Outcome {}

    /**
     * The oracle itself could not run the case.
     *
     * @param row the row
     */
    record Skipped(OracleRow row) implements Outcome {}
}
