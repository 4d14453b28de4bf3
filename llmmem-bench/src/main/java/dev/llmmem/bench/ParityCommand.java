package dev.llmmem.bench;

import dev.llmmem.bench.parity.Parity;
import dev.llmmem.bench.parity.Tally;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Computes metrics of texts and holds them against recorded results of the reference tools. */
final class ParityCommand implements Command {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "parity";
    }

    @Override
    public String summary() {
        return "compare metrics of texts with recorded results of their references";
    }

    @Override
    public String usage() {
        return """
                parity FILE|DIR... [--json]

                  FILE    recorded results, one JSON object a line; its name says of what: rouge.jsonl,
                          rouge_bootstrap, porter, bleu_nltk, bleu_sacre, chrf, ter, tokenize_sacre,
                          significance, rng, lower, format
                  DIR     a folder with such files; files with other names are left out
                  --json  print one JSON object

                Results are equal to the bit, within 2e-15 of their size (3e-14 for means of paired
                tests, 2e-13 for scores of NLTK that ought to be 0), or different. The exit code is 1
                if any is different.
                """;
    }

    @Override
    public int run(List<String> args, PrintStream out) {
        Arguments arguments = Arguments.parse(args, Set.of("--json"), Set.of());
        if (arguments.positional().isEmpty()) {
            throw CommandException.usage("no file of recorded results is given");
        }
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (Path file : files(arguments.positional())) {
            tallies.put(String.valueOf(file.getFileName()), compare(file));
        }
        if (arguments.has("--json")) {
            out.println(json(tallies));
        } else {
            print(tallies, out);
        }
        return tallies.values().stream().anyMatch(tally -> tally.different() > 0) ? 1 : 0;
    }

    private static Tally compare(Path file) {
        try {
            return Parity.compare(file);
        } catch (IllegalArgumentException e) {
            throw CommandException.input(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw CommandException.input("cannot read " + file + ": " + e.getCause());
        }
    }

    private static List<Path> files(List<String> names) {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(Parity::knows).sorted().forEach(files::add);
            } catch (IOException e) {
                throw CommandException.input("cannot read " + path + ": " + e);
            }
        }
        return files;
    }

    private static String json(Map<String, Tally> tallies) {
        ObjectNode report = JSON.createObjectNode();
        ObjectNode files = report.putObject("files");
        tallies.forEach((name, tally) -> files.putObject(name)
                .put("results", tally.results())
                .put("exact", tally.exact())
                .put("within", tally.within())
                .put("different", tally.different()));
        return report.toString();
    }

    private static void print(Map<String, Tally> tallies, PrintStream out) {
        Table table = new Table(1);
        table.row("file", "results", "exact", "within", "different");
        tallies.forEach((name, tally) -> table.row(
                name,
                Long.toString(tally.results()),
                Long.toString(tally.exact()),
                Long.toString(tally.within()),
                Long.toString(tally.different())));
        out.print(table);
        tallies.values().forEach(tally -> tally.differences().forEach(out::println));
    }
}
