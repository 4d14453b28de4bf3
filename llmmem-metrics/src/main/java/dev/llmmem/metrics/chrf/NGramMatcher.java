package dev.llmmem.metrics.chrf;

/** Counts the n-grams that two sequences have in common. For one thread. */
interface NGramMatcher {

    /**
     * Counts them.
     *
     * @param first symbols from 0 to below a number
     * @param firstSize how many
     * @param second other symbols
     * @param secondSize how many
     * @param symbols the number
     * @param order up to which length, at least 1
     * @param matches where the number of n-grams of length n is added, at place n: of those that either has several times, as many
     *     as both have
     */
    void match(int[] first, int firstSize, int[] second, int secondSize, int symbols, int order, long[] matches);
}
