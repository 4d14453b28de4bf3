package dev.llmmem.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line: the first argument names a {@link Command}, the others are for it. */
public final class Main {

    private static final int WRONG_INPUT = 1;
    private static final int WRONG_USAGE = 2;
    private static final String CALL = "Usage: java -jar llmmem-bench.jar ";
    private static final Set<String> HELP = Set.of("help", "--help", "-h");

    private final Map<String, Command> commands;

    Main(List<Command> commands) {
        Map<String, Command> byName = new LinkedHashMap<>();
        for (Command command : commands) {
            if (byName.put(command.name(), command) != null) {
                throw new IllegalArgumentException("two commands are named " + command.name());
            }
        }
        this.commands = Collections.unmodifiableMap(byName);
    }

    /**
     * Runs one command and exits with its code; without a command, prints the usage.
     *
     * @param args the name of the command, then its arguments
     */
    public static void main(String[] args) {
        // Always UTF-8: the default of some machines has no letters but those of ASCII.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(new Main(commands()).run(List.of(args), out, err));
    }

    /** Every command there is, in the order of the usage text. */
    static List<Command> commands() {
        return List.of(
                new QuickstartCommand(),
                new AccuracyCommand(),
                new MeasuredCommand(),
                new ParityCommand(),
                new ThroughputCommand());
    }

    /**
     * Runs the command that the first argument names.
     *
     * @param args the name of the command, then its arguments
     * @param out where results go
     * @param err where complaints go
     * @return the exit code: that of the command, 0 for help, 1 for input that cannot be used, 2 without a command, for an
     *     unknown one, or for wrong arguments
     */
    int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.isEmpty()) {
            err.print(usage());
            return WRONG_USAGE;
        }
        String name = args.get(0);
        if (HELP.contains(name)) {
            out.print(usage());
            return 0;
        }
        Command command = commands.get(name);
        if (command == null) {
            err.println("Unknown command: " + name);
            err.print(usage());
            return WRONG_USAGE;
        }
        return run(command, args.subList(1, args.size()), out, err);
    }

    private static int run(Command command, List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("--help") || args.contains("-h")) {
            out.print(CALL + command.usage());
            return 0;
        }
        try {
            return command.run(args, out);
        } catch (CommandException e) {
            err.println(command.name() + ": " + e.getMessage());
            if (e.wrongUsage()) {
                err.print(CALL + command.usage());
            }
            return e.wrongUsage() ? WRONG_USAGE : WRONG_INPUT;
        }
    }

    private String usage() {
        StringBuilder usage = new StringBuilder(CALL + "COMMAND [ARGUMENT]...\n\nCommands:\n");
        int width = commands.keySet().stream().mapToInt(String::length).reduce("help".length(), Math::max);
        commands.forEach((name, command) -> appendLine(usage, width, name, command.summary()));
        appendLine(usage, width, "help", "print this text");
        return usage.toString();
    }

    private static void appendLine(StringBuilder usage, int width, String name, String summary) {
        usage.append("  ")
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(summary)
                .append('\n');
    }
}
