/**
 * Scores of generated texts against references, with the numbers of the tools that the field compares with.
 *
 * <p>Scorers are immutable. No type of a third party appears in the exported packages.
 */
module dev.llmmem.metrics {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires tools.jackson.core;

    exports dev.llmmem.metrics;
    exports dev.llmmem.metrics.rouge;
    exports dev.llmmem.metrics.classification;
    exports dev.llmmem.metrics.bleu;
    exports dev.llmmem.metrics.chrf;
    exports dev.llmmem.metrics.statistics;
    exports dev.llmmem.metrics.ter;
    exports dev.llmmem.metrics.text;
}
