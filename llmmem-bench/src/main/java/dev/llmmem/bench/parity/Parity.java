package dev.llmmem.bench.parity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Compares the rows of a file of recorded results; the file's name says which metric they are of. */
public final class Parity {

    private static final String ENDING = ".jsonl";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, BiConsumer<JsonNode, Tally>> CHECKS = new TreeMap<>(Map.ofEntries(
            Map.entry("rouge", RougeRows::scores),
            Map.entry("rouge_bootstrap", RougeRows::bootstrap),
            Map.entry("porter", TextRows::porter),
            Map.entry("lower", TextRows::lower),
            Map.entry("format", TextRows::format),
            Map.entry("tokenize_sacre", TextRows::tokenizers),
            Map.entry("rng", TextRows::random),
            Map.entry("bleu_sacre", BleuRows::sacre),
            Map.entry("bleu_nltk", BleuRows::nltk),
            Map.entry("chrf", CorpusRows::chrF),
            Map.entry("ter", CorpusRows::ter),
            Map.entry("significance", SignificanceRows::compare)));

    private Parity() {}

    /**
     * Whether a file's name is that of a metric.
     *
     * @param file the file
     * @return true for {@code rouge.jsonl} and its like
     */
    public static boolean knows(Path file) {
        return check(file).isPresent();
    }

    /**
     * The metrics that are known.
     *
     * @return names of files without their ending
     */
    public static String names() {
        return String.join(", ", CHECKS.keySet());
    }

    /**
     * Compares all rows of a file.
     *
     * @param file a file of JSON Lines
     * @return how they compare
     * @throws IllegalArgumentException if its name is none that is known, or a row is not one of such a file
     * @throws UncheckedIOException if it cannot be read
     */
    public static Tally compare(Path file) {
        BiConsumer<JsonNode, Tally> check = check(file)
                .orElseThrow(() -> new IllegalArgumentException(
                        "file is " + file + ", but must be named as one of " + names() + ", with the ending .jsonl"));
        Tally tally = new Tally();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    check(check, line, file + ", line " + number, tally);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tally;
    }

    private static void check(BiConsumer<JsonNode, Tally> check, String line, String place, Tally tally) {
        try {
            check.accept(JSON.readTree(line), tally);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(place + ": " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<BiConsumer<JsonNode, Tally>> check(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING)
                ? Optional.ofNullable(CHECKS.get(name.substring(0, name.length() - ENDING.length())))
                : Optional.empty();
    }
}
