package dev.llmmem.bench;

import dev.llmmem.metrics.Accumulator;
import dev.llmmem.metrics.Example;
import dev.llmmem.metrics.Metric;
import dev.llmmem.metrics.Score;
import dev.llmmem.metrics.bleu.NltkBleu;
import dev.llmmem.metrics.bleu.SacreBleu;
import dev.llmmem.metrics.chrf.ChrF;
import dev.llmmem.metrics.rouge.Rouge;
import dev.llmmem.metrics.rouge.RougeType;
import dev.llmmem.metrics.ter.Ter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Times every metric of texts on two files, in one thread. */
final class ThroughputCommand implements Command {

    private static final List<String> FILES = List.of("short.tsv", "long.tsv");
    private static final double BYTES_PER_MB = 1e6;
    private static final int MOST_SECONDS = 600;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String summary() {
        return "time metrics of texts";
    }

    @Override
    public String usage() {
        return """
                throughput DIR [--seconds N]

                  DIR            a folder with short.tsv and long.tsv: a reference, a tab, a prediction
                  --seconds N    how long each metric is timed on each file, after as long a warm-up;
                                 at most 600, 2 by default

                Prints pairs a second and megabytes of text a second of one thread: of the fastest run
                through the file, since other work on the machine can only slow a run down.
                """;
    }

    @Override
    public int run(List<String> args, PrintStream out) {
        Arguments arguments = Arguments.parse(args, Set.of(), Set.of("--seconds"));
        if (arguments.positional().size() != 1) {
            throw CommandException.usage("one folder must be given");
        }
        int seconds = Math.min(MOST_SECONDS, arguments.count("--seconds").orElse(2));
        Table table = new Table(2);
        table.row("metric", "file", "pairs/s", "MB/s");
        for (String name : FILES) {
            Corpus corpus = Corpus.read(Path.of(arguments.positional().get(0)).resolve(name));
            metrics().forEach((metric, scorer) -> table.row(row(metric, name, corpus, scorer, seconds)));
        }
        out.print(table);
        return 0;
    }

    private static String[] row(String metric, String file, Corpus corpus, Metric<?> scorer, int seconds) {
        double unused = run(corpus, scorer, seconds); // a warm-up, so that what is timed is compiled
        double fastest = run(corpus, scorer, seconds);
        return new String[] {
            metric,
            file,
            String.format(Locale.ROOT, "%,.0f", corpus.examples().size() / fastest),
            String.format(Locale.ROOT, "%,.2f", corpus.bytes() / fastest / BYTES_PER_MB)
        };
    }

    /** Runs through the corpus for so long, once at least. Returns the seconds of the fastest run. */
    private static double run(Corpus corpus, Metric<?> scorer, int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long fastest = Long.MAX_VALUE;
        while (fastest == Long.MAX_VALUE || System.nanoTime() < end) {
            long start = System.nanoTime();
            score(corpus, scorer);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest / 1e9;
    }

    private static <S extends Score> void score(Corpus corpus, Metric<S> scorer) {
        Accumulator<S> accumulator = scorer.corpus();
        corpus.examples().forEach(accumulator::add);
        if (accumulator.result().figures().isEmpty()) {
            throw new AssertionError(scorer.name() + " has no figure");
        }
    }

    private static Map<String, Metric<?>> metrics() {
        Map<String, Metric<?>> metrics = new LinkedHashMap<>();
        Rouge three = Rouge.of(RougeType.ROUGE_1, RougeType.ROUGE_2, RougeType.ROUGE_L);
        metrics.put("ROUGE-1+2+L, stemmer", three.withStemmer(true));
        metrics.put("ROUGE-1+2+L", three);
        metrics.put("ROUGE-Lsum", Rouge.of(RougeType.ROUGE_LSUM));
        metrics.put("BLEU, sacreBLEU, 13a", SacreBleu.standard());
        metrics.put("BLEU, NLTK", NltkBleu.standard());
        metrics.put("chrF2", ChrF.withDefaults());
        metrics.put("chrF2++", ChrF.plusPlus());
        metrics.put("TER", Ter.withDefaults());
        return metrics;
    }

    /**
     * Pairs of texts.
     *
     * @param examples the pairs
     * @param bytes the length of all texts in UTF-8
     */
    private record Corpus(List<Example> examples, long bytes) {

        static Corpus read(Path file) {
            try {
                List<Example> examples = new ArrayList<>();
                long bytes = 0;
                for (String line : Files.readAllLines(file)) {
                    int tab = line.indexOf('\t');
                    if (tab < 0) {
                        throw CommandException.input(file + ", line " + (examples.size() + 1)
                                + " has no tab between reference and prediction");
                    }
                    examples.add(Example.of(line.substring(tab + 1), line.substring(0, tab)));
                    bytes += line.getBytes(StandardCharsets.UTF_8).length - 1;
                }
                if (examples.isEmpty()) {
                    throw CommandException.input(file + " is empty, but must hold pairs");
                }
                return new Corpus(examples, bytes);
            } catch (IOException e) {
                throw CommandException.input("cannot read " + file + ": " + e);
            }
        }
    }
}
