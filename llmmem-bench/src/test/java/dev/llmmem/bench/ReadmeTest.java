package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what happens. A line {@code ...} in a result stands for lines that are left out. */
class ReadmeTest {

    private static final Pattern COMMAND = Pattern.compile("java -jar llmmem-bench/target/llmmem-bench\\.jar (.*)");
    /** The one command that prints other figures each time. */
    private static final String TIMES = "throughput";

    private static final String PROMPT = "jshell> ";

    @Test
    void javaPrintsWhatFollows() throws IOException {
        List<Readme.Sample> samples = Readme.read().samples("java");
        assertThat(samples).isNotEmpty();
        for (Readme.Sample sample : samples) {
            try (Repl repl = new Repl()) {
                assertPrinted(sample, repl.run(sample.source().text()));
            }
        }
    }

    @Test
    void transcriptsAreRecorded() throws IOException {
        List<Readme.Sample> samples = Readme.read().samples("jshell");
        assertThat(samples).isNotEmpty();
        for (Readme.Sample sample : samples) {
            try (Repl repl = new Repl()) {
                for (String step : sample.source().text().split("(?m)^(?=" + PROMPT + ")", -1)) {
                    String input = step.lines().findFirst().orElse("");
                    String shown = step.substring(Math.min(step.length(), input.length() + 1));
                    if (!input.isEmpty()) {
                        assertThat(input).startsWith(PROMPT);
                        assertThat(repl.echo(input.substring(PROMPT.length())))
                                .matches(shortened(shown.stripTrailing() + "\n"));
                    }
                }
            }
        }
    }

    @Test
    void commandsPrintWhatFollows() throws IOException {
        int commands = 0;
        for (Readme.Sample sample : Readme.read().samples("sh")) {
            Matcher command = COMMAND.matcher(sample.source().text());
            if (command.find() && !command.group(1).startsWith(TIMES)) {
                Cli cli = Cli.run(arguments(command.group(1)));
                assertThat(cli.err()).isEmpty();
                assertThat(cli.code()).isZero();
                assertPrinted(sample, cli.out());
                commands++;
            }
        }
        assertThat(commands).isEqualTo(Main.commands().size() - 1);
    }

    @Test
    void continuousIntegrationRunsTheTestCommand() throws IOException {
        String script = Files.readString(Readme.root().resolve(".ci/run"));
        List<String> commands = script.lines()
                .filter(line -> line.startsWith("mvn "))
                .map(line -> line.replaceFirst(" \\|\\|.*", ""))
                .toList();
        assertThat(commands).hasSize(1);
        assertThat(Readme.read().samples("sh"))
                .extracting(sample -> sample.source().text())
                .contains(commands.get(0) + "\n");
    }

    @Test
    void namesEveryModelTypeThatIsModelled() throws IOException {
        String text = Readme.text();
        assertThat(TruthTest.MODELLED).allSatisfy(type -> assertThat(text).contains("`" + type + "`"));
    }

    @Test
    void showsTheVersionThatIsBuilt() throws IOException {
        String pom = Files.readString(Readme.root().resolve("pom.xml"));
        Matcher version = Pattern.compile("<version>([^<]*)</version>").matcher(pom);
        assertThat(version.find()).isTrue();
        assertThat(Readme.read().samples("xml"))
                .anySatisfy(sample -> assertThat(sample.source().text())
                        .contains("<artifactId>llmmem-core</artifactId>", version.group()));
    }

    @Test
    void linksToFilesThatExist() throws IOException {
        Matcher links = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Readme.text());
        assertThat(links.results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Readme.root().resolve(link)).exists());
    }

    /** JShell cuts the middle out of long values. */
    private static Pattern shortened(String shown) {
        return Pattern.compile(
                Stream.of(shown.split(" \\.\\.\\. ", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }

    private static void assertPrinted(Readme.Sample sample, String printed) {
        String expected = sample.printed()
                .orElseThrow(() ->
                        new AssertionError("no result after " + sample.source().text()));
        int from = 0;
        for (String part : expected.split("(?m)^\\.\\.\\.\n", -1)) {
            int at = printed.indexOf(part, from);
            assertThat(at)
                    .as(
                            "%s prints%n%s%nwhich does not have, in this place,%n%s",
                            sample.source().text(), printed, part)
                    .isGreaterThanOrEqualTo(0);
            assertThat(at == 0 || printed.charAt(at - 1) == '\n')
                    .as("whole lines: " + part)
                    .isTrue();
            from = at + part.length();
        }
        if (!expected.contains("...\n")) {
            assertThat(printed).isEqualTo(expected);
        }
    }

    /** Files are named from the root of the project, where a reader is. */
    private static String[] arguments(String line) {
        Path root = Readme.root();
        return Stream.of(line.split(" ", -1))
                .map(word ->
                        Files.exists(root.resolve(word)) ? root.resolve(word).toString() : word)
                .toArray(String[]::new);
    }
}
