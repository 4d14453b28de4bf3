package dev.llmmem.metrics.chrf;

/**
 * How many n-grams of one order there are.
 *
 * @param hypothesis in the generated texts, without those whose references have none of this order
 * @param reference in the references
 * @param matches in both, each as often as both have it
 */
public record NGramCounts(long hypothesis, long reference, long matches) {}
