package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.RuntimeProfile;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Targets;
import dev.llmmem.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class OracleCaseTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsTraining() {
        Workload job = read("""
                "task":"train","weights":"bf16","batch":2,"sequence":64
                """);
        assertThat(job.model().modelType()).isEqualTo("llama");
        assertThat(job.runtime()).isEqualTo(RuntimeProfile.pytorchFakeTensors());
        assertThat(job.strategy()).isEqualTo(Strategy.fullFineTuning());
        assertThat(job.precision()).isEqualTo(Precision.BF16);
        assertThat(job.optimizer()).isEqualTo(Optimizer.adamW());
        assertThat(job.batch()).isEqualTo(2);
        assertThat(job.sequence()).isEqualTo(64);
        assertThat(job.accumulation()).isOne();
        assertThat(job.attention()).isEqualTo(AttentionKernel.SDPA);
        assertThat(job.checkpointing()).isEqualTo(Checkpointing.NONE);
        assertThat(job.keepOutputs()).isFalse();
        assertThat(job.trainingCache()).isFalse();
        assertThat(job.packed())
                .as("fake position ids may be those of packed rows")
                .isTrue();
    }

    @Test
    void readsTheLoop() {
        Workload job = read("""
                "task":"train","weights":"fp32","autocast":"bf16","batch":1,"sequence":64,"accumulation":4,
                "attention":"eager","optimizer":"sgd_momentum","checkpointing":"reentrant","keep_outputs":true,
                "use_cache":true
                """);
        assertThat(job.precision()).isEqualTo(Precision.MIXED_BF16);
        assertThat(job.optimizer()).isEqualTo(Optimizer.sgdWithMomentum());
        assertThat(job.accumulation()).isEqualTo(4);
        assertThat(job.attention()).isEqualTo(AttentionKernel.EAGER);
        assertThat(job.checkpointing()).isEqualTo(Checkpointing.REENTRANT);
        assertThat(job.keepOutputs()).isTrue();
        assertThat(job.trainingCache()).isTrue();
    }

    @Test
    void readsLora() {
        Workload job = read("""
                "task":"train","weights":"fp16","batch":1,"sequence":64,"autocast_adapter_dtype":false,
                "peft":{"type":"lora","r":4,"lora_alpha":32,"lora_dropout":0.25,"bias":"lora_only",
                        "target_modules":["q_proj","down_proj"],"use_rslora":true,"use_dora":false}
                """);
        assertThat(job.precision().weights()).isEqualTo(DType.FP16);
        assertThat(job.strategy())
                .isEqualTo(Strategy.lora(4)
                        .alpha(32)
                        .dropout(0.25)
                        .bias(Strategy.Lora.Bias.LORA_ONLY)
                        .targeting("q_proj", "down_proj")
                        .adaptersInFp32(false));
    }

    @Test
    void readsTargets() {
        assertThat(targets("")).isEqualTo(new Targets.Default());
        assertThat(targets(",\"target_modules\":\"all-linear\"")).isEqualTo(new Targets.AllLinear());
        assertThat(targets(",\"target_modules\":\".*_proj\"")).isEqualTo(new Targets.Matching(".*_proj"));
        assertThat(targets(",\"target_modules\":[\"o_proj\"]")).isEqualTo(new Targets.Named(List.of("o_proj")));
    }

    @Test
    void readsInference() {
        assertThat(read("""
                "task":"prefill","weights":"bf16","batch":1,"sequence":64
                """).strategy()).isEqualTo(new Strategy.Inference(0, false));
        assertThat(read("""
                "task":"prefill","weights":"bf16","batch":1,"sequence":64,"decode":8,"last_logit":false
                """).strategy()).isEqualTo(new Strategy.Inference(8, true));
    }

    @Test
    void appliesOverrides() {
        assertThat(read("""
                "task":"train","weights":"bf16","batch":1,"sequence":64,"override":{"num_hidden_layers":7}
                """).model().layers()).hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "quantization":"int4"                              | quantization int4
            "peft":{"type":"p_tuning","encoder_hidden_size":8,"encoder_reparameterization_type":"GRU"} | peft encoder_reparameterization_type GRU
            "parallel":{"shard":2}                             | parallel
            "novelty":1                                        | novelty
            "peft":{"type":"vera"}                             | peft vera
            "peft":{"type":"lora","modules_to_save":["head"]}  | peft modules_to_save
            "peft":{"type":"lora","bias":"some"}               | peft bias some
            "optimizer":"shampoo"                              | optimizer shampoo
            "checkpointing":"every_other"                      | checkpointing every_other
            "attention":"flex_attention"                       | attention flex_attention
            "loss":"chunked"                                   | loss chunked
            "weights":"fp8"                                    | weights fp8
            "task":"pretrain"                                  | task pretrain
            """)
    void refusesByNameWhatItDoesNotKnow(String field, String what) {
        String usual = """
                "task":"train","weights":"bf16","batch":1,"sequence":64
                """.strip();
        String name = field.substring(0, field.indexOf(':'));
        String rest = usual.replaceAll(name + ":\"[a-z0-9]*\",", "");
        assertThatExceptionOfType(OracleCase.NotModelled.class)
                .isThrownBy(() -> read(rest + "," + field))
                .withMessage(what);
    }

    @Test
    void refusesMissingFields() {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> read("""
                "task":"train","weights":"bf16","batch":1
                """));
    }

    private static Targets targets(String field) {
        Workload job = read("""
                "task":"train","weights":"bf16","batch":1,"sequence":64,"peft":{"type":"lora"%s}
                """.formatted(field));
        return ((Strategy.Lora) job.strategy()).targets();
    }

    private static Workload read(String fields) {
        JsonNode oracle = JSON.readTree("{\"config\":" + TinyRows.CONFIG + "," + fields + "}");
        return OracleCase.workload(oracle, OracleCase.config(oracle, Path.of("nowhere")));
    }
}
