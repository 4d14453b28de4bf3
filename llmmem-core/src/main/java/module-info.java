/**
 * What a large language model takes in memory: sizes, models, workloads and the estimate of their memory.
 *
 * <p>Values are immutable. No type of a third party appears in the exported packages.
 */
module dev.llmmem.core {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires com.google.common;
    requires java.net.http;
    requires tools.jackson.core;
    requires tools.jackson.dataformat.yaml;

    exports dev.llmmem.formats;
    exports dev.llmmem.formats.comparison;
    exports dev.llmmem.formats.quantization;
    exports dev.llmmem.formats.recipe;
    exports dev.llmmem.memory;
    exports dev.llmmem.model;
    exports dev.llmmem.units;
    exports dev.llmmem.workload;
}
