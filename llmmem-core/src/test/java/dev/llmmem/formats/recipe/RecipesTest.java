package dev.llmmem.formats.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.MalformedInputException;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.memory.MemoryEstimate;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recipes as projects publish them (README.md beside the files). */
class RecipesTest {

    private static final Map<String, RecipeKind> FOLDERS = Map.of(
            "accelerate", RecipeKind.ACCELERATE,
            "axolotl", RecipeKind.AXOLOTL,
            "deepspeed", RecipeKind.DEEPSPEED,
            "llamafactory", RecipeKind.LLAMA_FACTORY,
            "torchtune", RecipeKind.TORCHTUNE,
            "training_arguments", RecipeKind.TRL);
    private static final List<String[]> FACTS =
            resource("facts.tsv").lines().map(line -> line.split("\t", -1)).toList();
    private static final List<String> PIECES = List.of(
            "&a [",
            "*a",
            "!!set {",
            "? ",
            "- ",
            ": ",
            "[[[[",
            "{{",
            "1e999",
            "999999999999999999999",
            "\"",
            "'",
            "\t",
            "\u0000",
            "---\n",
            "...",
            "<<: *a",
            "null",
            "|",
            ">",
            "\n",
            "%YAML 9",
            "\ud800",
            "-1",
            "a: b");

    static List<String> files() {
        return FACTS.stream().map(row -> row[0]).toList();
    }

    private static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(RecipesTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Recipe recipe(String file) {
        return Recipes.parse(resource(file), kind(file));
    }

    private static RecipeKind kind(String file) {
        return Objects.requireNonNull(FOLDERS.get(file.replaceFirst("/.*", "")));
    }

    private static Map<?, ?> facts(String file) {
        String[] row =
                FACTS.stream().filter(each -> each[0].equals(file)).findFirst().orElseThrow();
        return Document.read(row[2], file);
    }

    /** Each fact that stands in a setting is compared with that setting. */
    @ParameterizedTest
    @MethodSource("files")
    void settingsAreTheRecordedFacts(String file) {
        Recipe recipe = recipe(file);
        facts(file).forEach((key, value) -> {
            if (value == null || "auto".equals(value)) {
                return;
            }
            switch ((String) key) {
                case "base_model", "model_name_or_path" ->
                    assertThat(recipe.modelId()).contains((String) value);
                case "micro_batch_size",
                        "per_device_train_batch_size",
                        "train_micro_batch_size_per_gpu",
                        "batch_size" -> assertThat(applied(recipe).batch()).isEqualTo(number(value));
                case "sequence_len", "cutoff_len", "max_length", "max_seq_length" ->
                    assertThat(applied(recipe).sequence()).isEqualTo(number(value));
                case "gradient_accumulation_steps" ->
                    assertThat(applied(recipe).accumulation()).isEqualTo(number(value));
                case "lora_r", "lora_rank" -> {
                    if (applied(recipe).strategy() instanceof Strategy.Lora lora) {
                        assertThat(lora.rank()).isEqualTo(number(value));
                    } else {
                        assertThat(recipe.missing().toString()).contains("strategy");
                    }
                }
                case "gradient_checkpointing", "enable_activation_checkpointing" -> {
                    if (recipe.missing().stream().noneMatch(note -> note.key().equals("checkpointing"))) {
                        assertThat(applied(recipe).checkpointing() != Checkpointing.NONE)
                                .isEqualTo(value);
                    }
                }
                case "load_in_4bit", "load_in_8bit" -> {
                    DType format = key.equals("load_in_4bit") ? DType.NF4 : DType.INT8;
                    if (recipe.missing().stream().noneMatch(note -> note.key().equals("quantization"))) {
                        assertThat(applied(recipe)
                                        .quantization()
                                        .filter(q -> q.format() == format)
                                        .isPresent())
                                .isEqualTo(value);
                    }
                }
                case "mixed_precision" -> {
                    if (value.equals("bf16")) {
                        assertThat(applied(recipe).precision().autocast()).contains(DType.BF16);
                    } else {
                        assertThat(recipe.missing().toString()).contains("autocast");
                    }
                }
                default ->
                    assertThat(recipe.notes().stream().map(RecipeNote::key))
                            .anyMatch(name -> name.equals(key)
                                    || name.endsWith("." + key)
                                    || name.contains(key + ".")
                                    || name.equals(key + "._component_"));
            }
        });
    }

    private static int number(Object value) {
        return Math.toIntExact((Long) value);
    }

    /** The settings on a small job over which none of the checks of a job stands in the way. */
    private static Workload applied(Recipe recipe) {
        Workload plain = Workload.builder()
                .model(Models.get("meta-llama/Llama-2-7b-hf"))
                .strategy(Strategy.lora(1).targetingAllLinear())
                .build();
        try {
            return recipe.applyTo(plain);
        } catch (IllegalArgumentException e) {
            return recipe.applyTo(
                    plain.toBuilder().model(Models.get("Qwen/Qwen2.5-7B")).build());
        }
    }

    @Test
    void tableOfAllRecipes() {
        List<String> table = new ArrayList<>();
        for (String file : files()) {
            Recipe recipe = recipe(file);
            table.add(file.replaceFirst(".*__", "") + " | "
                    + (recipe.complete() ? "complete" : "missing " + keys(recipe, Status.MISSING)) + " | not modelled "
                    + keys(recipe, Status.NOT_MODELLED) + " | unknown " + keys(recipe, Status.UNKNOWN));
        }
        assertThat(String.join("\n", table) + "\n").isEqualTo(resource("table.txt"));
    }

    private static List<String> keys(Recipe recipe, Status status) {
        return recipe.notes(status).stream().map(RecipeNote::key).toList();
    }

    @Test
    void aWholeJobIsEstimated() {
        Recipe recipe = recipe("axolotl/axolotl__axolotl__mistral_qlora.yml");
        Workload job = recipe.workload();
        assertThat(job.optimizer()).isEqualTo(new Optimizer.AdamW8bit(false, true));
        assertThat(job.attention()).isEqualTo(AttentionKernel.FLASH_ATTENTION_2);
        assertThat(job.precision()).isEqualTo(Precision.BF16.withAutocast(DType.BF16));
        assertThat(MemoryEstimate.of(job).trainedParameters()).isEqualTo(83_886_080);
        assertThat(MemoryEstimate.of(recipe("llamafactory/llamafactory__LLaMA-Factory__train_lora_qwen3_lora_sft.yaml")
                                .workload(Models.get("Qwen/Qwen3-4B")))
                        .trainedParameters())
                .isEqualTo(16_515_072);
        assertThat(MemoryEstimate.of(recipe(
                                        "training_arguments/training_arguments__alignment-handbook__zephyr-7b-beta_sft_config_qlora.yaml")
                                .workload())
                        .peak()
                        .value())
                .isPositive();
    }

    @Test
    void recipesOfOneRunAreCombined() {
        Recipe arguments = Recipes.parse("per_device_train_batch_size: 2\nbf16: true", RecipeKind.TRAINING_ARGUMENTS);
        Recipe engine = Recipes.parse("{\"train_micro_batch_size_per_gpu\": \"auto\"}", RecipeKind.DEEPSPEED);
        assertThat(applied(arguments.and(engine)).batch()).isEqualTo(2);
        assertThat(engine.notes(Status.OPEN)).hasSize(1);
        Recipe other = Recipes.parse("{\"train_micro_batch_size_per_gpu\": 3}", RecipeKind.DEEPSPEED);
        assertThatThrownBy(() -> arguments.and(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch is 2 and 3");
    }

    @Test
    void unknownKeysAreListed() {
        assertThat(Recipes.parse("base_model: a/b\nnew_trick: 3", RecipeKind.AXOLOTL)
                        .notes(Status.UNKNOWN))
                .extracting(RecipeNote::key)
                .containsExactly("new_trick");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "- a",
                "a: 1\na: 2",
                "a: &x [1]\nb: *x",
                "a: !!python/object:os.system x",
                "a: 1\n---\nb: 2",
                "? [a]\n: b",
                "micro_batch_size: 99999999999",
                "micro_batch_size: two",
                "a: [",
                "{\"a\": 1} {}"
            })
    void malformedTextsAreRefused(String text) {
        assertThatThrownBy(() -> Recipes.parse(text, RecipeKind.AXOLOTL)).isInstanceOf(MalformedInputException.class);
    }

    @Test
    void deepAndLongTextsAreRefused() {
        assertThatThrownBy(() -> Recipes.parse("a: " + "[".repeat(10_000), RecipeKind.AXOLOTL))
                .isInstanceOf(MalformedInputException.class);
        assertThatThrownBy(() -> Recipes.parse("a".repeat((1 << 20) + 1), RecipeKind.AXOLOTL))
                .isInstanceOf(MalformedInputException.class);
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void changedRecipesAreReadOrRefused(
            @ForAll @IntRange(max = 1000) int which,
            @ForAll @IntRange(max = 100_000) int place,
            @ForAll @IntRange(max = 12) int dropped,
            @ForAll @IntRange(max = 24) int piece) {
        String file = files().get(which % files().size());
        String text = resource(file);
        int from = place % text.length();
        String changed =
                text.substring(0, from) + PIECES.get(piece) + text.substring(Math.min(text.length(), from + dropped));
        try {
            assertThat(Recipes.parse(changed, kind(file)).toString()).isNotEmpty();
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).hasSizeLessThan(1000);
        }
    }
}
