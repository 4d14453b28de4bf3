package dev.llmmem.bench;

/** What became of a row of published measurements. */
sealed interface MeasuredOutcome {

    /** The row. */
    MeasuredRow row();

    /**
     * The job was estimated.
     *
     * @param row the row
     * @param estimate GiB
     */
    record Compared(MeasuredRow row, double estimate) implements MeasuredOutcome {

        /** The error in percent of what was measured, positive where the estimate is too high. */
        double errorPct() {
            return 100 * (estimate - row.gib()) / row.gib();
        }
    }

    /**
     * The job was not published whole.
     *
     * @param row the row
     * @param reason what is missing
     */
    record Incomplete(MeasuredRow row, String reason) implements MeasuredOutcome {}

    /**
     * The job is not one that can be estimated.
     *
     * @param row the row
     * @param reason why
     */
    record NotModelled(MeasuredRow row, String reason) implements MeasuredOutcome {}

    /** Estimates the job of a row, if it is known and modelled. */
    static MeasuredOutcome of(MeasuredRow row) {
        try {
            return new Compared(row, MeasuredCase.estimate(row));
        } catch (MeasuredCase.Incomplete e) {
            return new Incomplete(row, OneLine.of(e));
        } catch (MeasuredCase.NotModelled | IllegalArgumentException | ArithmeticException e) {
            return new NotModelled(row, OneLine.of(e));
        }
    }
}
