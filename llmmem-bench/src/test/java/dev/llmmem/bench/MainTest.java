package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {

    private static final String USAGE = """
            Usage: java -jar llmmem-bench.jar COMMAND [ARGUMENT]...

            Commands:
              echo     repeat the arguments
              failing  return 7
              help     print this text
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void runsTheNamedCommandWithTheOtherArguments() {
        assertThat(run("echo", "a", "\u00e9")).isZero();
        assertThat(text(out)).isEqualTo("[a, \u00e9]");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void exitsWithTheCodeOfTheCommand() {
        assertThat(run("failing")).isEqualTo(7);
    }

    @Test
    void listsTheCommandsOnRequest() {
        for (String help : List.of("help", "--help", "-h")) {
            out.reset();
            assertThat(run(help)).isZero();
            assertThat(text(out)).isEqualTo(USAGE);
            assertThat(text(err)).isEmpty();
        }
    }

    @Test
    void complainsAboutAMissingCommand() {
        assertThat(run()).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).isEqualTo(USAGE);
    }

    @Test
    void complainsAboutAnUnknownCommand() {
        assertThat(run("ecoh", "a")).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines())
                .startsWith("Unknown command: ecoh", "Usage: java -jar llmmem-bench.jar COMMAND [ARGUMENT]...");
    }

    @Test
    void tellsHowACommandIsCalled() {
        for (String help : List.of("--help", "-h")) {
            out.reset();
            assertThat(run("echo", "a", help)).isZero();
            assertThat(text(out)).isEqualTo("Usage: java -jar llmmem-bench.jar echo [ARGUMENT]...\n");
        }
    }

    @Test
    void complainsAboutWrongArguments() {
        assertThat(run("echo", "wrong")).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines())
                .containsExactly("echo: not that", "Usage: java -jar llmmem-bench.jar echo [ARGUMENT]...");
    }

    @Test
    void complainsAboutWrongInput() {
        assertThat(run("echo", "unreadable")).isEqualTo(1);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines()).containsExactly("echo: cannot read it");
    }

    @Test
    void knowsItsCommands() {
        assertThat(Main.commands())
                .extracting(Command::name)
                .containsExactly("quickstart", "accuracy", "measured", "parity", "throughput");
        assertThat(Main.commands()).allSatisfy(command -> {
            assertThat(command.usage()).startsWith(command.name() + " ").endsWith("\n");
            assertThat(command.usage().lines()).allMatch(line -> line.length() <= 100);
        });
    }

    @Test
    void refusesTwoCommandsOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Main(List.of(new Echo(), new Echo())))
                .withMessage("two commands are named echo");
    }

    private int run(String... args) {
        Main main = new Main(List.of(new Echo(), new Failing()));
        return main.run(List.of(args), printTo(out), printTo(err));
    }

    private static PrintStream printTo(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private static final class Echo implements Command {

        @Override
        public String name() {
            return "echo";
        }

        @Override
        public String summary() {
            return "repeat the arguments";
        }

        @Override
        public String usage() {
            return name() + " [ARGUMENT]...\n";
        }

        @Override
        public int run(List<String> args, PrintStream out) {
            if (args.contains("wrong")) {
                throw CommandException.usage("not that");
            }
            if (args.contains("unreadable")) {
                throw CommandException.input("cannot read it");
            }
            out.print(args);
            return 0;
        }
    }

    private static final class Failing implements Command {

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public String summary() {
            return "return 7";
        }

        @Override
        public String usage() {
            return name() + " [ARGUMENT]...\n";
        }

        @Override
        public int run(List<String> args, PrintStream out) {
            return 7;
        }
    }
}
