package dev.llmmem.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an index from its JSON. */
final class IndexReader {

    static final int LONGEST = 100_000_000;

    private static final long MOST_MEMORY = 48L << 20;
    private static final int LONGEST_FILE_NAME = 255;
    private static final byte[] LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private final JsonStream json;
    private final HeapBudget budget;
    private final Map<String, String> fileNames = new HashMap<>();
    private @Nullable Map<String, String> files;
    private @Nullable Long totalSize;
    private @Nullable Long totalParameters;
    private boolean hasMetadata;

    private IndexReader(JsonStream json, HeapBudget budget) {
        this.json = json;
        this.budget = budget;
    }

    static CheckpointIndex read(BufferedInputStream stream, String source) throws IOException {
        stream.mark(LFS.length);
        byte[] start = stream.readNBytes(LFS.length);
        if (Arrays.equals(start, LFS)) {
            throw new MalformedInputException(
                    source + ": the file is a Git LFS pointer, permitted the JSON that it points to");
        }
        stream.reset();
        LimitedStream limited = new LimitedStream(stream, LONGEST);
        HeapBudget budget = HeapBudget.of(source, MOST_MEMORY);
        try {
            CheckpointIndex index = JsonStream.object(limited, source, json -> new IndexReader(json, budget).index());
            if (!limited.isCut() && stream.read() >= 0) {
                throw tooLong(source);
            }
            return index;
        } catch (MalformedInputException e) {
            throw limited.isSpent() ? tooLong(source) : e;
        }
    }

    private static MalformedInputException tooLong(String source) {
        return new MalformedInputException(source + ": the text is too long, permitted [2, " + LONGEST + "] bytes");
    }

    private CheckpointIndex index() {
        json.members(() -> "the index", name -> {
            switch (name) {
                case "metadata" -> metadata();
                case "weight_map" -> weightMap();
                default -> json.skip();
            }
        });
        if (files == null) {
            throw json.malformed("weight_map is missing, permitted an object of file names by tensor");
        }
        return new CheckpointIndex(Collections.unmodifiableMap(files), totalSize, totalParameters);
    }

    private void metadata() {
        if (hasMetadata) {
            throw json.malformed("metadata is repeated, permitted once");
        }
        hasMetadata = true;
        json.members(() -> "metadata", name -> {
            switch (name) {
                case "total_size" ->
                    totalSize = once(totalSize, name, json.countRoundedUp(() -> "total_size, in bytes,"));
                case "total_parameters" -> totalParameters = once(totalParameters, name, json.count(() -> name));
                default -> json.skip();
            }
        });
    }

    private Long once(@Nullable Long before, String name, long value) {
        if (before != null) {
            throw json.malformed(name + " is repeated, permitted once");
        }
        return value;
    }

    private void weightMap() {
        if (files != null) {
            throw json.malformed("weight_map is repeated, permitted once");
        }
        Map<String, String> read = new LinkedHashMap<>();
        json.members(() -> "weight_map", tensor -> {
            budget.take(tensor);
            budget.take(HeapBudget.ENTRY);
            String file = fileName(json.string(() -> "the file of tensor " + Shown.name(tensor)), tensor);
            if (read.putIfAbsent(tensor, file) != null) {
                throw json.malformed("tensor " + Shown.name(tensor) + " is repeated, permitted once");
            }
        });
        files = read;
    }

    /** One instance for each name; a name that could lead out of the folder is refused. */
    private String fileName(String file, String tensor) {
        String known = fileNames.get(file);
        if (known != null) {
            return known;
        }
        boolean plain = file.chars().noneMatch(unit -> unit < ' ' || unit == '/' || unit == '\\' || unit == ':');
        if (file.isEmpty() || file.length() > LONGEST_FILE_NAME || !plain || file.equals(".") || file.equals("..")) {
            throw json.malformed("the file of tensor " + Shown.name(tensor) + " is " + Shown.name(file)
                    + ", permitted a plain file name of 1 to " + LONGEST_FILE_NAME + " characters, without a path");
        }
        budget.take(file);
        budget.take(HeapBudget.ENTRY);
        fileNames.put(file, file);
        return file;
    }
}
