package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.model.Activation;
import dev.llmmem.model.Attention;
import dev.llmmem.model.FeedForward;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The modules that peft 0.21.0 adapts in real classes; {@code src/test/python/peft_targets.py} made the rows. */
class TargetsReferenceTest {

    private static final Pattern LAYER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");

    /** One model of the rows, and what PEFT did with it. */
    private record Subject(String key, ModelSpec model, String chosen, List<String[]> cases) {}

    static Stream<Arguments> defaults() {
        return subjects().stream().map(s -> Arguments.of(s.key(), s.model(), s.chosen()));
    }

    static Stream<Arguments> cases() {
        return subjects().stream()
                .flatMap(s -> s.cases().stream().map(row -> Arguments.of(s.key(), row[1], row[2], row[3], s.model())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defaults")
    void choosesAsPeftDoes(String key, ModelSpec model, String chosen) {
        Optional<String> names = PeftDefaults.find(model.modelType()).map(Describe::targets);
        // PEFT has a row for mixtral that it does not come to over transformers 5; the case "default" says so.
        String expected = key.equals("mixtral") ? "none" : chosen.replace(",", ", ");
        assertThat(names.orElse("none")).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void matchesAsPeftDoes(String key, String text, String adapted, String notModelled, ModelSpec model) {
        Targets targets = targets(text);
        List<String> violations = TargetCheck.violations(model, targets);
        boolean patternOverExperts = text.startsWith("pattern:")
                && !PeftExperts.names(model.modelType()).isEmpty();
        if (adapted.equals("refused") || patternOverExperts) {
            assertThat(violations).isNotEmpty();
        } else if (!notModelled.equals("-")) {
            assertThat(violations).singleElement().asString().contains(notModelled);
        } else {
            assertThat(violations).isEmpty();
            assertThat(matched(model, targets))
                    .containsExactlyElementsOf(new TreeSet<>(Arrays.asList(adapted.split(","))));
        }
    }

    private static SortedSet<String> matched(ModelSpec model, Targets targets) {
        SortedSet<String> modules = new TreeSet<>();
        for (Parameter parameter : model.outerParameters()) {
            if (parameter.isLinear() && targets.match(model, parameter)) {
                modules.add(parameter.module());
            }
        }
        for (int i = 0; i < model.layers().size(); i++) {
            for (Parameter parameter : model.layers().get(i).parameters()) {
                if (parameter.isLinear() && targets.match(model, parameter)) {
                    modules.add(parameter.module().replace("{i}", Integer.toString(i)));
                }
            }
        }
        return modules;
    }

    private static Targets targets(String text) {
        if (text.equals("default")) {
            return new Targets.Default();
        }
        if (text.equals("all-linear")) {
            return new Targets.AllLinear();
        }
        String rest = text.substring(text.indexOf(':') + 1);
        return text.startsWith("named:") ? new Targets.Named(List.of(rest.split(","))) : new Targets.Matching(rest);
    }

    private static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        List<String[]> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i)[0].equals("model")) {
                int end = i + 1;
                while (end < rows.size() && !rows.get(end)[0].equals("model")) {
                    end++;
                }
                subjects.add(subject(rows.get(i), rows.subList(i + 1, end)));
            }
        }
        return subjects;
    }

    private static Subject subject(String[] head, List<String[]> rows) {
        List<Parameter> outer = new ArrayList<>();
        Map<Integer, List<Parameter>> layers = new TreeMap<>();
        String chosen = "";
        List<String[]> cases = new ArrayList<>();
        for (String[] row : rows) {
            switch (row[0]) {
                case "parameter" -> {
                    Matcher layer = LAYER.matcher(row[1]);
                    List<Long> shape =
                            Arrays.stream(row[3].split(",")).map(Long::valueOf).toList();
                    Parameter.Kind kind = Parameter.Kind.valueOf(row[2]);
                    if (layer.find()) {
                        layers.computeIfAbsent(Integer.valueOf(layer.group()), i -> new ArrayList<>())
                                .add(new Parameter(LAYER.matcher(row[1]).replaceFirst("{i}"), shape, kind));
                    } else {
                        outer.add(new Parameter(row[1], shape, kind));
                    }
                }
                case "default" -> chosen = row[1];
                default -> cases.add(row);
            }
        }
        ModelSpec model = ModelSpec.builder(head[2])
                .name(head[1])
                .tiedHead(head[3].equals("tied"))
                .hiddenSize(Integer.parseInt(head[4]))
                .vocabularySize(Integer.parseInt(head[5]))
                .maxPositions(Integer.parseInt(head[6]))
                .outerParameters(outer)
                .layers(layers.values().stream()
                        .map(parameters -> new Layer(
                                new Attention.Grouped(2, 2, 8, 0, OptionalInt.empty()),
                                new FeedForward.Dense(24, false, Activation.SILU),
                                parameters))
                        .toList())
                .build();
        return new Subject(head[1], model, chosen, cases);
    }

    private static List<String[]> rows() {
        try (InputStream rows = TargetsReferenceTest.class.getResourceAsStream("peft-targets.tsv")) {
            return new String(rows.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
