package dev.llmmem.metrics.ter;

/** Which words of a hypothesis stand against which of a reference, and which differ, as a cheapest edit has them. For one thread. */
final class Alignment {

    /** By word of the reference: the last word of the hypothesis that is not after it, or -1. */
    private int[] against = new int[0];
    /** How many of the first words of either side differ, are left out or put in. */
    private int[] hypothesisErrors = new int[0];

    private int[] referenceErrors = new int[0];

    /** Follows the edit back from the last cell; of equal costs it prefers a match or substitution, then a deletion. */
    void trace(BandRows table, int[] words, int rows, int[] others, int columns) {
        if (against.length < columns) {
            against = new int[columns + columns / 4];
            referenceErrors = new int[columns + columns / 4 + 1];
        }
        if (hypothesisErrors.length < rows + 1) {
            hypothesisErrors = new int[rows + rows / 4 + 1];
        }
        int i = rows;
        int j = columns;
        int[] cells = table.cells();
        int cell = cells[table.origin(i) + j];
        while (i > 0 && j > 0) {
            int min = table.from(i - 1);
            int max = table.to(i - 1);
            int origin = i == 1 ? 0 : table.origin(i - 1);
            int row = i;
            while (i == row && j > 0) {
                int cost = words[i - 1] == others[j - 1] ? 0 : 1;
                if (j > min && j <= max && (i == 1 ? j - 1 : cells[origin + j - 1]) + cost == cell) {
                    against[j - 1] = i - 1;
                    hypothesisErrors[i] = cost;
                    referenceErrors[j] = cost;
                    cell -= cost;
                    i--;
                    j--;
                    continue;
                }
                if (j >= min && j < max && (i == 1 ? j : cells[origin + j]) + 1 == cell) {
                    hypothesisErrors[i] = 1;
                    i--;
                } else {
                    against[j - 1] = i - 1;
                    referenceErrors[j] = 1;
                    j--;
                }
                cell--;
            }
        }
        for (; i > 0; i--) {
            hypothesisErrors[i] = 1;
        }
        for (; j > 0; j--) {
            against[j - 1] = -1;
            referenceErrors[j] = 1;
        }
        sum(hypothesisErrors, rows);
        sum(referenceErrors, columns);
    }

    private static void sum(int[] errors, int count) {
        errors[0] = 0;
        for (int i = 1; i <= count; i++) {
            errors[i] += errors[i - 1];
        }
    }

    /** Before which word of the hypothesis that goes which is put behind a word of the reference; behind none with -1. */
    int target(int reference) {
        return reference < 0 ? 0 : against[reference] + 1;
    }

    boolean hasHypothesisError(int start, int length) {
        return hypothesisErrors[start + length] != hypothesisErrors[start];
    }

    boolean hasReferenceError(int start, int length) {
        return referenceErrors[start + length] != referenceErrors[start];
    }
}
