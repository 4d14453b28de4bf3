package dev.llmmem.bench;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;

/** Rows of a model so small that a test can hold them. */
final class TinyRows {

    static final String CONFIG = """
            {"model_type":"llama","hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,\
            "num_attention_heads":4,"vocab_size":256}""";

    static final String INFERENCE = """
            "task":"prefill","weights":"bf16","batch":1,"sequence":16""";

    private TinyRows() {}

    /** The estimate of {@link #INFERENCE}. */
    static MemoryEstimate inference() {
        return MemoryEstimate.of(Workload.builder()
                .model(HuggingFace.read(CONFIG))
                .runtime(RuntimeProfile.pytorchFakeTensors())
                .strategy(Strategy.inference(0))
                .batch(1)
                .sequence(16)
                .build());
    }

    /** A row whose peak is in the forward pass. */
    static String row(String id, String config, String fields, long peak) {
        return """
                {"id":"%s","case":{"config":%s,%s},"peak_bytes":%d,"peak_phase":"forward",\
                "phase_peaks":{"forward":%d},"alive_at_peak":{"weights":%d}}
                """.formatted(id, config, fields, peak, peak, peak);
    }
}
