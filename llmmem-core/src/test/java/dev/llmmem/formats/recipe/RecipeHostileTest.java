package dev.llmmem.formats.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.MalformedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that come from anywhere: one exception, bounded work. */
class RecipeHostileTest {

    private static final List<String> TEXTS = List.of("""
            base_model: mistralai/Mistral-7B-v0.1
            adapter: qlora
            load_in_4bit: true
            lora_r: 32
            lora_dropout: 0.05
            lora_target_modules: [q_proj, v_proj]
            sequence_len: 2048
            micro_batch_size: 2
            gradient_checkpointing: true
            gradient_checkpointing_kwargs: {use_reentrant: false}
            fsdp_config:
              fsdp_version: 2
            """, """
            model_name_or_path: Qwen/Qwen2.5-7B
            stage: sft
            finetuning_type: lora
            lora_target: all
            cutoff_len: 2048
            quantization_bit: 4
            bf16: true
            """, """
            model: {_component_: torchtune.models.llama3_1.lora_llama3_1_8b, lora_attn_modules: ['q_proj'], lora_rank: 8}
            optimizer: {_component_: torch.optim.AdamW, fused: True}
            batch_size: 2
            dtype: bf16
            """, """
            {"train_batch_size": 8, "train_micro_batch_size_per_gpu": "auto", "bf16": {"enabled": "auto"},
             "zero_optimization": {"stage": 3, "offload_param": {"device": "cpu"}, "reduce_bucket_size": 5e8}}
            """);

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
            "a: b",
            "NaN",
            ".inf",
            "0x7f",
            "true",
            "\u202e",
            "lora_r: [",
            "{}",
            "[]",
            "~",
            "07",
            "1_0");

    private static void refused(String text, RecipeKind kind, String part) {
        assertThatThrownBy(() -> Recipe.parse(text, kind))
                .as(() -> Shown.text(text))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("recipe")
                .hasMessageContaining(part)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   \n",
                "- a",
                "a",
                "null",
                "a: 1\na: 2",
                "{\"a\": 1, \"a\": 2}",
                "a: {b: 1, b: 2}",
                "a: &x [1]\nb: *x",
                "base: &b {c: 1}\nd:\n  <<: *b",
                "a: !!python/object:os.system x",
                "a: !x 1",
                "a: 1\n---\nb: 2",
                "? [a]\n: b",
                "a: [",
                "{\"a\": 1} {}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{'a': 1} x",
                "a: \"\\ud800",
                "a: @b",
                "\u0000: 1",
                "%YAML 9.9\n---\na: 1",
                "# only a comment"
            })
    void malformedTexts(String text) {
        for (RecipeKind kind : RecipeKind.values()) {
            refused(text, kind, ":");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "micro_batch_size: 0 | micro_batch_size is 0, permitted whole numbers in [1, 2147483647]",
                "micro_batch_size: -1 | micro_batch_size is -1, permitted",
                "micro_batch_size: 2147483648 | micro_batch_size is 2147483648, permitted",
                "micro_batch_size: 99999999999999999999999 | micro_batch_size is 99999999999999999999999, permitted",
                "micro_batch_size: 2.0 | micro_batch_size is 2.0, permitted",
                "micro_batch_size: 010 | micro_batch_size is 010, permitted",
                "micro_batch_size: two | micro_batch_size is two, permitted",
                "micro_batch_size: [2] | micro_batch_size is [2], permitted",
                "micro_batch_size: {} | micro_batch_size is {0 keys}, permitted",
                "micro_batch_size: .nan | micro_batch_size is .nan, permitted",
                "micro_batch_size: true | micro_batch_size is true, permitted",
                "weight_decay: .nan | weight_decay is .nan, permitted finite numbers",
                "weight_decay: NaN | weight_decay is NaN, permitted finite numbers",
                "weight_decay: .inf | weight_decay is .inf, permitted finite numbers",
                "weight_decay: 1e999 | weight_decay is 1e999, permitted finite numbers",
                "bf16: [true] | bf16 is [true], permitted",
                "sample_packing: maybe | sample_packing is maybe, permitted true or false",
                "base_model: [a] | base_model is [a], permitted text",
                "{adapter: lora, lora_r: 8, lora_dropout: 1.5} | dropout is 1.5",
                "{adapter: lora, lora_r: 8, lora_alpha: -1} | alpha is -1.0",
                "{adapter: lora, lora_r: 8, lora_target_modules: [1, {}]} | permitted a list of names",
                "{adapter: lora, lora_r: 8, lora_target_modules: '('} | recipe:",
                "{adapter: lora, lora_r: 1e3} | lora_r is 1000.0, permitted whole numbers",
            })
    void valuesThatAreNotPermitted(String text, String part) {
        refused(text, RecipeKind.AXOLOTL, part);
    }

    @Test
    void largeTexts(@TempDir Path folder) throws IOException {
        refused("a: " + "[".repeat(100_000), RecipeKind.AXOLOTL, "depth");
        refused("{\"a\": " + "[".repeat(100_000), RecipeKind.AXOLOTL, "depth");
        refused("{\"a\": ".repeat(100_000), RecipeKind.DEEPSPEED, "depth");
        refused("- ".repeat(100_000), RecipeKind.AXOLOTL, ":");
        refused("? ".repeat(100_000), RecipeKind.AXOLOTL, ":");
        refused("a: b: ".repeat(10_000), RecipeKind.AXOLOTL, ":");
        refused("micro_batch_size: " + "9".repeat(100_000), RecipeKind.AXOLOTL, "permitted whole numbers");
        refused("weight_decay: 0." + "9".repeat(100_000), RecipeKind.AXOLOTL, "permitted finite numbers");
        refused("{\"a\": " + "9".repeat(100_000) + "}", RecipeKind.AXOLOTL, "Number value length");
        refused("a".repeat(100_000) + ": 1", RecipeKind.AXOLOTL, ":");
        refused("a".repeat((1 << 20) + 1), RecipeKind.AXOLOTL, "permitted [0, 1048576] characters");
        refused("a: [" + "1,".repeat(12_000) + "]", RecipeKind.AXOLOTL, "10000 values");
        Path file = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> Recipe.read(file, RecipeKind.AXOLOTL))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("permitted: [0, 1048576] bytes");
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertThatThrownBy(() -> Recipe.read(latin, RecipeKind.AXOLOTL))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("not UTF-8");
    }

    /** Each level would be tenfold the one below. */
    @Test
    void bombs() {
        String bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
                + IntStream.range(1, 20)
                        .mapToObj(i -> "a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(10) + "]\n")
                        .collect(Collectors.joining());
        refused(bomb, RecipeKind.AXOLOTL, "alias");
    }

    @ParameterizedTest
    @EnumSource(RecipeKind.class)
    void manyKeysAndLongValuesAreReadInTime(RecipeKind kind) {
        String keys = IntStream.range(0, 9_000)
                .mapToObj(i -> "k" + i + ": " + i + "\n")
                .collect(Collectors.joining());
        assertThat(org.junit.jupiter.api.Assertions.assertTimeout(
                        Duration.ofSeconds(30), () -> Recipe.parse(keys, kind)))
                .satisfies(recipe -> assertThat(recipe.toString()).hasSizeLessThan(2000))
                .satisfies(recipe -> assertThatThrownBy(() -> recipe.workload())
                        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(20_000)));
        Recipe recipe = Recipe.parse("k: \"" + "\u202ex".repeat(200_000) + "\"", kind);
        assertThat(recipe.table()).doesNotContain("\u202e").hasSizeLessThan(10_000);
    }

    @Property(tries = 6000, shrinking = ShrinkingMode.OFF)
    void changedTextsAreReadOrRefused(
            @ForAll @IntRange(max = 3) int which,
            @ForAll @IntRange(max = 1000) int place,
            @ForAll @IntRange(max = 12) int dropped,
            @ForAll @IntRange(max = 35) int piece,
            @ForAll RecipeKind kind) {
        String text = TEXTS.get(which);
        int from = place % text.length();
        String changed =
                text.substring(0, from) + PIECES.get(piece) + text.substring(Math.min(text.length(), from + dropped));
        try {
            Recipe recipe = Recipe.parse(changed, kind);
            assertThat(recipe.table()).startsWith(recipe.toString());
            assertThat(recipe.complete()).isEqualTo(recipe.obstacles().isEmpty());
        } catch (MalformedInputException e) {
            assertThat(e.getMessage()).startsWith("recipe").hasSizeLessThan(1000);
        }
    }
}
