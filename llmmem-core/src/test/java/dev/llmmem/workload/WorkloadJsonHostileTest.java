package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that nobody's tool wrote: always an {@link IllegalArgumentException}, and soon. */
class WorkloadJsonHostileTest {

    private static final String LORA = Workload.builder()
            .model(TestModels.llama())
            .strategy(Strategy.lora(8).targeting("q_proj", "v_proj"))
            .build()
            .toJson();

    private static Stream<String> jobs() {
        return Stream.of(
                LORA,
                Workload.builder()
                        .model(TestModels.deepseek())
                        .strategy(Strategy.inference(7))
                        .precision(Precision.MIXED_BF16)
                        .build()
                        .toJson(),
                Workload.builder()
                        .model(TestModels.alternating(3))
                        .strategy(Strategy.lora(8).targeting(new Targets.Matching(".*_proj")))
                        .optimizer(Optimizer.sgd())
                        .build()
                        .toJson());
    }

    private static void refuses(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.fromJson(json))
                .withMessage(message);
    }

    private static void refusesSomehow(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> Workload.fromJson(json));
    }

    /** Mutated text may still be a job; it must not be anything but a job or a refusal. */
    private static void isReadOrRefused(String json) {
        try {
            assertThat(Workload.fromJson(json)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void refusesEveryTruncation(String json) {
        for (int length = 0; length < json.length(); length++) {
            refusesSomehow(json.substring(0, length));
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void refusesOrReadsEveryMutation(String json) {
        Random random = new Random(7);
        String alphabet = "{}[]\",:0123456789.-+eEtrufalsn\\ \n\0\u00e9\ud83d";
        for (int round = 0; round < 2000; round++) {
            StringBuilder mutated = new StringBuilder(json);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(mutated.length());
                char other = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> mutated.setCharAt(at, other);
                    case 1 -> mutated.insert(at, other);
                    case 2 -> mutated.deleteCharAt(at);
                    default -> mutated.insert(at, json, at / 2, Math.min(json.length(), at / 2 + random.nextInt(200)));
                }
            }
            isReadOrRefused(mutated.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void refusesEveryValueOfAnotherType(String json) {
        List<String> others = List.of("null", "[]", "{}", "[[]]", "{\"a\":1}", "\"x\"", "true", "0.5", "-1", "1e999");
        Matcher value =
                Pattern.compile("(?<=\":)(\"[^\"]*\"|[0-9.]+|true|false)").matcher(json);
        while (value.find()) {
            for (String other : others) {
                isReadOrRefused(json.substring(0, value.start()) + other + json.substring(value.end()));
            }
            refusesSomehow(json.substring(0, value.start()) + "null" + json.substring(value.end()));
            refusesSomehow(json.substring(0, value.start()) + "{}" + json.substring(value.end()));
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void refusesEveryRepeatedAndEveryUnknownField(String json) {
        Matcher field = Pattern.compile("\"[A-Za-z0-9]+\":(\"[^\"\\\\]*\"|[0-9.]+|true|false)")
                .matcher(json);
        int fields = 0;
        while (field.find()) {
            refusesSomehow(json.substring(0, field.start()) + field.group() + "," + json.substring(field.start()));
            refusesSomehow(json.substring(0, field.start()) + "\"unknown\":1," + json.substring(field.start()));
            fields++;
        }
        assertThat(fields).isGreaterThan(30);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        refuses("", "JSON is empty, but must be an object");
        refuses(" \n", "JSON is empty, but must be an object");
        refuses("[1]", "line 1, column 1: JSON is an array, but must be an object");
        refuses("{}", "line 1, column 1: version is missing, but is required in JSON");
        refuses("{\"version\":2}", "line 1, column 12: version is 2, but must be 1, the version of this format");
        refuses("{\"version\":1,\n \"model\":7}", "line 2, column 10: model is 7, but must be an object");
        refuses(LORA + "{}", "line 1, column " + (LORA.length() + 1) + ": JSON goes on, but must end after one object");
        refuses(
                LORA.replace("\"batch\":1", "\n\"batch\":\"1\""),
                "line 2, column 9: batch is \"1\", but must be an integer, 1 to 1048576 rows");
        refuses(
                LORA.replace("\"batch\":1", "\n\"batch\":1.0"),
                "line 2, column 9: batch is 1.0, but must be an integer, 1 to 1048576 rows");
        refuses(
                LORA.replace("\"batch\":1", "\n\"batch\":18446744073709551617"),
                "line 2, column 9: batch is 1.8446744073709552E19, but must be an integer, 1 to 1048576 rows");
        refuses(
                LORA.replace("\"batch\":1", "\n\"batch\":1,\"batch\":1"),
                "line 2, column 11: batch is given twice, but must be given once");
        refuses(
                LORA.replace("\"attention\":\"SDPA\"", "\n\"attention\":\"flash\""),
                "line 2, column 13: attention is \"flash\", but must be one of [EAGER, SDPA, FLASH_ATTENTION_2]");
        refuses(
                LORA.replace("\"kind\":\"lora\"", "\n\"kind\":\"galore\""),
                "line 2, column 8: kind is \"galore\", but must be one of [inference, fullFineTuning,"
                        + " partialFineTuning, lora, ia3, bottleneck, promptTuning, pTuning, prefixTuning]");
        refuses(
                LORA.replace("\"alpha\":8.0", "\n\"alpha\":1e400"),
                "line 2, column 9: alpha is Infinity, but must be a finite number");
    }

    @Test
    void saysWhatCannotBeBuiltAndWhere() {
        refuses(
                LORA.replace("\"strategy\":", "\"strategy\":\n").replace("\"rank\":8", "\"dropped\":8"),
                "line 2, column 1: rank is missing, but is required in strategy");
        refuses(
                LORA.replace("\"strategy\":", "\"strategy\":\n").replace("\"alpha\":8.0", "\"alpha\":-8.0"),
                "line 2, column 1: alpha is -8.0, but must be a positive number");
        refuses(
                LORA.replace("\"rank\":8", "\"rank\":8,\n\"use_dora\":true"),
                "line 2, column 12: \"use_dora\" is no field of strategy, permitted kind, rank, alpha, dropout, targets, bias,"
                        + " adaptersInFp32, dora");
        refuses(
                LORA.replace("\"q_proj\",\"v_proj\"", "\"c_attn\""),
                "line 1, column 1: targets is c_attn, but must match a linear layer of the model, which has q_proj, k_proj,"
                        + " v_proj, o_proj, gate_proj, up_proj, down_proj, lm_head");
        refuses(
                LORA.replace("\"shape\":[64]", "\"shape\":[9223372036854775807,2]")
                        .replaceFirst("\\{\"name\":\"model.norm", "\n$0"),
                "line 2, column 1: long overflow");
    }

    @Test
    void boundsLayersAndTensors() {
        refuses(
                LORA.replace("\"order\":[{", "\"order\":[\n{").replace("\"count\":2", "\"count\":10001"),
                "line 2, column 20: count is 10001, but must be an integer, 1 to 10000 layers");
        refuses(
                LORA.replace("\"order\":[", "\"order\":[\n{\"layer\":0,\"count\":9999},"),
                "line 2, column 26: order is an object, but must lead to at most 10000 layers and 1000000 tensors");
        refuses(
                LORA.replace("\"layer\":0", "\n\"layer\":1"),
                "line 2, column 9: layer is 1, but must be an integer, 0 to 0 in layers");
        refuses(
                LORA.replaceFirst("\"layers\":\\[.*\\],\"order\"", "\"layers\":\n[],\"order\""),
                "line 2, column 1: layers is an array, but must hold at least 1 layer");
    }

    @Test
    void boundsSize() {
        refuses(" ".repeat(1 << 24) + "{}", "JSON has 16777218 characters, but must have at most 16777216 characters");
        assertThat(Workload.fromJson(LORA + " ".repeat((1 << 24) - LORA.length())))
                .isNotNull();
        refuses(
                "{\"version\":[" + "0,".repeat(1_000_000) + "0]}",
                "line 1, column 2000009: JSON has more values, but must have at most 1000000 values");
    }

    @ParameterizedTest
    @CsvSource({"[,]", "{\"a\":,}", "[{\"a\":,}]"})
    void boundsDepth(String open, String close) {
        // CsvSource splits at the comma, so close may be absent.
        String opening = open == null ? "[" : open;
        refusesSomehow(opening.repeat(1_000_000));
        refusesSomehow("{\"version\":" + opening.repeat(200) + "1" + (close == null ? "]" : close).repeat(200) + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "(?:", "(a|", "(a*", "((a)*"})
    void boundsThePatternsDepth(String open) {
        isReadOrRefused(withPattern(open.repeat(4096 / open.length())));
        isReadOrRefused(withPattern(open.repeat(600) + "a" + ")".repeat(600)));
        refuses(
                withPattern("a".repeat(4097)),
                "line 2, column 1: target pattern is \"" + "a".repeat(60)
                        + "...\", but must have at most 4096 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(.*.*.*.*.*.*.*.*)*x",
                "((.*)*)*x",
                "(([a-z._0-9]+)+)+x",
                "(\\\\w|\\\\W)*x",
                "(.|model)*?(.|layers)*?x",
                "(.{1,99}){1,99}x"
            })
    void boundsBacktracking(String pattern) {
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> refusesSomehow(withPattern(pattern)));
    }

    @Test
    void boundsTheStackOfAMatch() {
        String longName = "x".repeat(900);
        String json = withPattern("(x|y)*").replace("self_attn", longName);
        isReadOrRefused(json);
    }

    private static String withPattern(String pattern) {
        return LORA.replace(
                "{\"kind\":\"named\",\"names\":[\"q_proj\",\"v_proj\"]}",
                "\n{\"kind\":\"matching\",\"pattern\":\"" + pattern + "\"}");
    }

    @Test
    void doesNotWriteWhatItWouldNotRead() {
        ModelSpec huge =
                TestModels.llama().toBuilder().name("x".repeat(1 << 24)).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> training(huge).toJson())
                .withMessageMatching("JSON has \\d+ characters, but must have at most 16777216 characters");
        ModelSpec wide = TestModels.llama().toBuilder()
                .outerParameters(Collections.nCopies(
                        1, new Parameter("x", Collections.nCopies(1_000_000, 1L), Parameter.Kind.OTHER)))
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> training(wide).toJson())
                .withMessageMatching("JSON has \\d+ values, but must have at most 1000000 values");
    }

    private static Workload training(ModelSpec model) {
        return Workload.builder()
                .model(model)
                .strategy(Strategy.fullFineTuning())
                .build();
    }

    @Test
    @SuppressWarnings("NullAway")
    void readsNothingFromNull() {
        assertThatNullPointerException().isThrownBy(() -> Workload.fromJson(null));
    }

    @Test
    void hasAFormForEveryKind() {
        // A kind that is added to a sealed interface must be added to the JSON, and here.
        assertThat(kinds(Strategy.class))
                .containsExactlyInAnyOrder(
                        "Inference",
                        "FullFineTuning",
                        "PartialFineTuning",
                        "Lora",
                        "Ia3",
                        "Bottleneck",
                        "PromptTuning",
                        "PTuning",
                        "PrefixTuning");
        assertThat(kinds(Trained.class)).containsExactlyInAnyOrder("Biases", "LastLayers", "Named", "AllBut");
        assertThat(kinds(Placement.class)).containsExactlyInAnyOrder("Series", "Parallel");
        assertThat(kinds(PromptEncoder.class)).containsExactlyInAnyOrder("Mlp", "Lstm");
        assertThat(kinds(Targets.class)).containsExactlyInAnyOrder("Default", "Named", "Matching", "AllLinear");
        assertThat(kinds(Optimizer.class))
                .containsExactlyInAnyOrder(
                        "AdamW",
                        "Sgd",
                        "RmsProp",
                        "Adagrad",
                        "Adafactor",
                        "AdamW8bit",
                        "AdamW32bit",
                        "Lion",
                        "Lion8bit",
                        "Lion32bit",
                        "AdamMini",
                        "GaLore",
                        "Muon");
        assertThat(kinds(Attention.class))
                .containsExactlyInAnyOrder(
                        "Grouped",
                        "Latent",
                        "Indexed",
                        "Uneven",
                        "Compressed",
                        "Bidirectional",
                        "Cross",
                        "Borrowed",
                        "Recurrent",
                        "Absent");
        assertThat(kinds(FeedForward.class)).containsExactlyInAnyOrder("Dense", "Experts", "Absent");
    }

    private static List<String> kinds(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList();
    }

    @Test
    void leavesNoFieldOfAPartBehind() {
        // A component that is added to one of these records must be added to the JSON, and here.
        List<Integer> components = new ArrayList<>();
        for (Class<?> part : List.of(
                Precision.class,
                Strategy.Inference.class,
                Strategy.Lora.class,
                Strategy.Ia3.class,
                Strategy.PromptTuning.class,
                Strategy.PrefixTuning.class,
                Optimizer.AdamW.class,
                Optimizer.Sgd.class,
                Optimizer.AdamW8bit.class,
                Optimizer.AdamW32bit.class,
                Optimizer.Lion8bit.class,
                Optimizer.Lion32bit.class,
                Optimizer.GaLore.class,
                Attention.Grouped.class,
                Attention.Latent.class,
                Attention.Indexed.class,
                Attention.Uneven.class,
                Attention.Compressed.class,
                Attention.Bidirectional.class,
                Attention.Cross.class,
                Attention.Borrowed.class,
                Attention.Recurrent.class,
                FeedForward.Dense.class,
                FeedForward.Experts.class,
                FeedForward.Routing.class,
                Parameter.class)) {
            components.add(part.getRecordComponents().length);
        }
        assertThat(components)
                .containsExactly(2, 2, 7, 2, 1, 1, 2, 4, 2, 1, 2, 1, 2, 5, 6, 2, 6, 6, 2, 4, 1, 3, 3, 7, 3, 3);
        assertThatCode(() -> Workload.fromJson(LORA)).doesNotThrowAnyException();
    }
}
