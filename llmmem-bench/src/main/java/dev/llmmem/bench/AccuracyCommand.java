package dev.llmmem.bench;

import dev.llmmem.memory.MemoryEstimate;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Estimates the cases of the fake-tensor oracle and says how far off the estimates are. */
final class AccuracyCommand implements Command {

    private static final String CONFIGS = "configs";

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public String summary() {
        return "compare estimates with what PyTorch allocates";
    }

    @Override
    public String usage() {
        return """
                accuracy FILE.jsonl... [--configs DIR] [--rows] [--json]

                  FILE.jsonl     rows of the fake-tensor oracle, one a line; .gz is unpacked
                  --configs DIR  where the configurations are that rows name; without it, the folder
                                 configs beside each file; a row may also hold its configuration
                  --rows         tell each row, its phases and what lives at its peak, too
                  --json         print one JSON object
                """;
    }

    @Override
    public int run(List<String> args, PrintStream out) {
        Arguments arguments = Arguments.parse(args, Set.of("--rows", "--json"), Set.of("--configs"));
        if (arguments.positional().isEmpty()) {
            throw CommandException.usage("no file of rows is given");
        }
        Optional<Path> configs = arguments.value("--configs").map(Path::of);
        List<Outcome> outcomes = new ArrayList<>();
        for (String name : arguments.positional()) {
            Path file = Path.of(name);
            for (OracleRow row : OracleRow.read(file, configs.orElse(file.resolveSibling(CONFIGS)))) {
                outcomes.add(outcome(row));
            }
        }
        AccuracyReport report = new AccuracyReport(outcomes);
        if (arguments.has("--json")) {
            out.println(AccuracyJson.of(report, arguments.has("--rows")));
            return 0;
        }
        if (arguments.has("--rows")) {
            outcomes.forEach(outcome -> out.print(AccuracyText.of(outcome)));
            out.println();
        }
        out.print(AccuracyText.of(report));
        return 0;
    }

    /** Estimates the case of a row. */
    static Outcome outcome(OracleRow row) {
        if (row.failed()) {
            return new Outcome.Skipped(row);
        }
        try {
            return new Outcome.Estimated(row, new Comparison(row, MemoryEstimate.of(row.workload())));
        } catch (OracleCase.NotModelled | IllegalArgumentException | ArithmeticException e) {
            return new Outcome.Refused(row, OneLine.of(e));
        } catch (CommandException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalStateException("the estimator failed at " + row.place(), e);
        }
    }
}
