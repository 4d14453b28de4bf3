package dev.llmmem.bench;

import dev.llmmem.workload.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** A case that the fake-tensor oracle ran, and what it observed. One line of a file of rows. */
final class OracleRow {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String place;
    private final JsonNode row;
    private final ObjectNode config;
    private final long peakBytes;

    private OracleRow(String place, JsonNode row, ObjectNode config) {
        this.place = place;
        this.row = row;
        this.config = config;
        this.peakBytes = failed() ? 0 : bytes("peak_bytes", row.path("peak_bytes"), 1);
    }

    /**
     * Reads a file of rows, one a line; blank lines are skipped.
     *
     * @param file JSON lines, compressed by gzip if the name ends with {@code .gz}
     * @param configs the folder of the configurations that rows name
     * @return the rows, in order
     * @throws CommandException if the file or a configuration cannot be read, or a line is not a row; with file and line
     */
    static List<OracleRow> read(Path file, Path configs) {
        List<OracleRow> rows = new ArrayList<>();
        try (BufferedReader lines = reader(file)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    rows.add(parse(file + ", line " + number, line, configs));
                }
                number++;
            }
        } catch (IOException e) {
            throw CommandException.input("cannot read " + file + ": " + e);
        }
        return rows;
    }

    private static BufferedReader reader(Path file) throws IOException {
        InputStream stream = Files.newInputStream(file);
        try {
            return file.toString().endsWith(".gz") ? utf8(new GZIPInputStream(stream)) : utf8(stream);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /** Unlike the reader that {@link InputStreamReader} makes of a charset, this one refuses what is not UTF-8. */
    private static BufferedReader utf8(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder()));
    }

    private static OracleRow parse(String place, String line, Path configs) {
        try {
            JsonNode row = JSON.readTree(line);
            if (!row.path("case").isObject()) {
                throw CommandException.input(place + ": no object with a case");
            }
            return new OracleRow(place, row, OracleCase.config(row.path("case"), configs));
        } catch (JacksonException e) {
            throw malformed(place, e);
        }
    }

    private static CommandException malformed(String place, JacksonException e) {
        return CommandException.input(place + ": " + e.getOriginalMessage());
    }

    /** File and line, for messages. */
    String place() {
        return place;
    }

    String id() {
        return row.path("id").asString("");
    }

    /** Whether the oracle could not run the case. */
    boolean failed() {
        return row.has("error");
    }

    String modelType() {
        return config.path("model_type").asString("unknown");
    }

    /** The case, as the oracle was given it. */
    JsonNode oracle() {
        return row.path("case");
    }

    /**
     * The job of the case.
     *
     * @throws OracleCase.NotModelled if the case asks for something else than a workload can say
     * @throws IllegalArgumentException if the model or the job is refused
     * @throws CommandException if a field is missing, or is not of its type
     */
    Workload workload() {
        try {
            return OracleCase.workload(oracle(), config);
        } catch (JacksonException e) {
            throw malformed(place, e);
        }
    }

    /** The highest point, at least 1 byte; 0 if the oracle could not run the case. */
    long peakBytes() {
        return peakBytes;
    }

    /** The elements of what wants a gradient. */
    long trainable() {
        return bytes("trainable", row.path("trainable"), 0);
    }

    /** The oracle's name of the phase that has the peak. */
    String peakPhase() {
        JsonNode phase = row.path("peak_phase");
        if (!phase.isString()) {
            throw CommandException.input(place + ": peak_phase is missing");
        }
        return phase.asString();
    }

    /** The highest point of each phase, by the oracle's names. */
    Map<String, Long> phasePeaks() {
        return bytesByName("phase_peaks");
    }

    /** What lives at the peak, by the oracle's names. */
    Map<String, Long> aliveAtPeak() {
        return bytesByName("alive_at_peak");
    }

    private Map<String, Long> bytesByName(String field) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        row.path(field)
                .propertyStream()
                .forEach(entry -> sizes.put(entry.getKey(), bytes(field + "." + entry.getKey(), entry.getValue(), 0)));
        return sizes;
    }

    private long bytes(String name, JsonNode value, long least) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least) {
            throw CommandException.input(
                    place + ": " + name + " = " + value + ", permitted [" + least + ", " + Long.MAX_VALUE + "] bytes");
        }
        return value.asLong();
    }

    @Override
    public String toString() {
        return id() + " (" + modelType() + ", " + RowGroup.job(oracle()) + ")";
    }
}
