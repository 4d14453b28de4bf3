package dev.llmmem.formats.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that published job files state, against what is read of them (README.md beside facts.tsv). */
class RecipeFactsTest {

    record Fact(RecipeKind kind, String source, String keys) {
        @Override
        public String toString() {
            return kind + " " + source.replaceFirst(".*:", "");
        }

        Recipe recipe() {
            return Recipe.parse(keys, kind);
        }
    }

    static List<Fact> facts() throws IOException {
        return resource("facts.tsv")
                .lines()
                .map(line -> Splitter.on('\t').splitToList(line))
                .map(row -> new Fact(RecipeKind.valueOf(row.get(0)), row.get(1), row.get(2)))
                .toList();
    }

    private static String resource(String name) throws IOException {
        return Resources.toString(Resources.getResource(RecipeFactsTest.class, name), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("facts")
    void settingsAreTheFacts(Fact fact) {
        Recipe recipe = fact.recipe();
        Document.read(fact.keys(), "facts").forEach((key, value) -> {
            assertThat(recipe.notes().stream().map(RecipeNote::key))
                    .anyMatch(name -> name.equals(key) || name.startsWith(key + "."));
            if (value != null && !value.equals("auto")) {
                check(recipe, key, value);
            }
        });
    }

    private static void check(Recipe recipe, String key, Object value) {
        switch (key) {
            case "base_model", "model_name_or_path" ->
                assertThat(recipe.modelId()).contains((String) value);
            case "micro_batch_size", "per_device_train_batch_size", "train_micro_batch_size_per_gpu", "batch_size" ->
                assertThat(job(recipe).batch()).isEqualTo(number(value));
            case "sequence_len", "cutoff_len", "max_length", "max_seq_length" ->
                assertThat(job(recipe).sequence()).isEqualTo(number(value));
            case "gradient_accumulation_steps" ->
                assertThat(job(recipe).accumulation()).isEqualTo(number(value));
            case "lora_r", "lora_rank" -> {
                if (!names(recipe).contains("finetuning_type")) {
                    assertThat(((Strategy.Lora) job(recipe).strategy()).rank()).isEqualTo(number(value));
                }
            }
            case "gradient_checkpointing", "enable_activation_checkpointing" ->
                assertThat(job(recipe).checkpointing() != Checkpointing.NONE).isEqualTo(!value.equals(false));
            case "load_in_4bit", "load_in_8bit" -> {
                DType format = key.equals("load_in_4bit") ? DType.NF4 : DType.INT8;
                assertThat(job(recipe)
                                .quantization()
                                .filter(q -> q.format() == format)
                                .isPresent())
                        .isEqualTo(value);
            }
            case "mixed_precision" -> {
                if (value.equals("bf16")) {
                    assertThat(job(recipe).precision().autocast()).contains(DType.BF16);
                } else {
                    assertThat(names(recipe)).contains("mixed_precision");
                }
            }
            case "fsdp",
                    "fsdp_version",
                    "deepspeed",
                    "context_parallel_size",
                    "tensor_parallel_size",
                    "fsdp_config",
                    "deepspeed_config",
                    "distributed_type",
                    "num_processes",
                    "sample_packing" -> {
                if (!List.of(false, 1L, "NO").contains(value)) {
                    assertThat(recipe.complete()).isFalse();
                    assertThat(names(recipe)).anyMatch(name -> name.equals(key) || name.startsWith(key + "."));
                }
            }
            default -> {}
        }
    }

    private static List<String> names(Recipe recipe) {
        return recipe.notes(Status.NOT_MODELLED).stream().map(RecipeNote::key).toList();
    }

    private static int number(Object value) {
        return Math.toIntExact((Long) value);
    }

    /** The settings that are read, whatever is left out, on a job that the checks of a job let through. */
    private static Workload job(Recipe recipe) {
        Workload plain = Workload.builder()
                .model(Models.get("Qwen/Qwen2.5-7B"))
                .strategy(Strategy.lora(1).targetingAllLinear())
                .build();
        return Jobs.over(recipe.findings(), plain);
    }

    @Test
    void outcomesOfAll() throws IOException {
        assertThat(outcomes()).isEqualTo(resource("outcome.tsv"));
    }

    static String outcomes() throws IOException {
        return facts().stream()
                .map(fact -> fact + "\t"
                        + fact.recipe().obstacles().stream()
                                .collect(Collectors.groupingBy(
                                        RecipeNote::status,
                                        TreeMap::new,
                                        Collectors.mapping(RecipeNote::key, Collectors.joining(" "))))
                                .entrySet()
                                .stream()
                                .map(Map.Entry::toString)
                                .collect(Collectors.joining("; ")))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
