/**
 * Where a workload fits: accelerators, links, nodes and cloud offers, as data with sources.
 *
 * <p>Values are immutable. No type of a third party appears in the exported packages.
 */
module dev.llmmem.hardware {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.llmmem.core;
    requires tools.jackson.core;

    exports dev.llmmem.hardware;
}
