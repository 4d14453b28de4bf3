package dev.llmmem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A figure that somebody measured on a GPU and published, and what was said about the job.
 *
 * @param place file and row, for messages
 * @param columns the columns by name
 */
record MeasuredRow(String place, Map<String, String> columns) {

    private static final Set<String> REQUIRED = Set.of(
            "id",
            "source",
            "model",
            "task",
            "weight_dtype",
            "compute_dtype",
            "quantization",
            "optimizer",
            "grad_checkpointing",
            "attention",
            "micro_batch",
            "seq_len",
            "gpus",
            "gpu_model",
            "lora_rank",
            "lora_targets",
            "framework",
            "framework_version",
            "measured_gib",
            "what_was_measured",
            "notes");

    MeasuredRow {
        columns = Map.copyOf(columns);
    }

    /**
     * Reads a file of comma-separated values with a header.
     *
     * @param file the file, in UTF-8
     * @return the rows, in order
     * @throws CommandException if the file cannot be read, or lacks a column
     */
    static List<MeasuredRow> read(Path file) {
        ObjectReader reader = new CsvMapper()
                .readerFor(Map.class)
                .with(CsvSchema.emptySchema().withHeader())
                .with(CsvReadFeature.FAIL_ON_MISSING_COLUMNS);
        List<MeasuredRow> rows = new ArrayList<>();
        try (var text = Files.newBufferedReader(file);
                MappingIterator<Map<String, String>> lines = reader.readValues(text)) {
            while (lines.hasNext()) {
                MeasuredRow row = new MeasuredRow(file + ", row " + (rows.size() + 1), lines.next());
                row.check();
                rows.add(row);
            }
        } catch (IOException e) {
            throw CommandException.input("cannot read " + file + ": " + e);
        } catch (JacksonException e) {
            throw CommandException.input(file + ": " + e.getOriginalMessage());
        }
        return rows;
    }

    private void check() {
        Set<String> missing = new TreeSet<>(REQUIRED);
        missing.removeAll(columns.keySet());
        if (!missing.isEmpty()) {
            throw CommandException.input(place + ": no column " + String.join(", ", missing));
        }
    }

    /** The text of a column, without spaces around it; empty where nothing is known. */
    String text(String column) {
        return columns.getOrDefault(column, "").strip();
    }

    String id() {
        return text("id");
    }

    /** The measured figure. */
    double gib() {
        try {
            return Double.parseDouble(text("measured_gib"));
        } catch (NumberFormatException e) {
            throw CommandException.input(
                    place + ": measured_gib is \"" + text("measured_gib") + "\", but must be a number");
        }
    }

    /** The version of a package that the row names, for example {@code 4.48.1}; empty where it names none. */
    String version(String name) {
        for (String part : text("framework_version").split(";", -1)) {
            String[] words = part.strip().split("\\s+", -1);
            if (words.length == 2 && words[0].equals(name)) {
                return words[1];
            }
        }
        return "";
    }

    /** The word after a phrase of the notes; empty where that does not occur. */
    String wordAfter(String phrase) {
        String notes = text("notes");
        int at = phrase.isEmpty() ? -1 : notes.indexOf(phrase);
        return at < 0 ? "" : notes.substring(at + phrase.length()).split("[;,\\s]", 2)[0];
    }
}
