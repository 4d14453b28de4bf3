package dev.llmmem.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the files of a checkpoint and holds them against its index. */
final class CheckpointFiles {

    static final String SUFFIX = ".safetensors";

    private static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MOST_MEMORY = 256L << 20;
    private static final int MOST_SHOWN = 10;

    private CheckpointFiles() {}

    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return open(inFolder(path));
        }
        return fileName(path).endsWith(".json") ? indexed(path) : single(path);
    }

    static Checkpoint open(URI uri, RangeReader reader) {
        RangeReader.check(uri);
        try {
            String path = uri.getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            return new Checkpoint(
                    new TreeMap<>(Map.of(name, reader.read(uri, SafeTensors.budget(uri.getPath())))), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Checkpoint single(Path file) {
        return new Checkpoint(new TreeMap<>(Map.of(fileName(file), SafeTensors.read(file))), null);
    }

    private static Path inFolder(Path folder) {
        for (String name : List.of(FILE, INDEX)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (found.size() <= MOST_SHOWN && Files.isRegularFile(file)) {
                    found.add(fileName(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found.size() != 1) {
            throw new MalformedInputException(folder + ": the folder holds "
                    + (found.isEmpty() ? "no " + SUFFIX + " file" : "files without an index, " + shown(found))
                    + ", permitted " + FILE + ", " + INDEX + " or one " + SUFFIX + " file");
        }
        return folder.resolve(found.get(0));
    }

    private static Checkpoint indexed(Path file) {
        CheckpointIndex index = CheckpointIndex.read(file);
        SortedMap<String, Path> paths = paths(file, index);
        HeapBudget budget = HeapBudget.of(file.toString(), MOST_MEMORY);
        SortedMap<String, SafeTensors> files = new TreeMap<>();
        paths.forEach((name, path) -> files.put(name, SafeTensors.read(path, budget)));
        new IndexCheck(index, files).run(file.toString());
        return new Checkpoint(files, index);
    }

    private static SortedMap<String, Path> paths(Path file, CheckpointIndex index) {
        SortedMap<String, Path> paths = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : index.fileNames()) {
            if (!name.endsWith(SUFFIX)) {
                throw new MalformedInputException(file + ": the index names " + Shown.name(name)
                        + ", whose header cannot be read, permitted " + SUFFIX + " files");
            }
            Path path = sibling(file, name);
            if (path == null || !Files.isRegularFile(path)) {
                missing.add(name);
            } else {
                paths.put(name, path);
            }
        }
        if (!missing.isEmpty()) {
            throw new MalformedInputException(file + ": the index names files that are missing: " + shown(missing)
                    + ", permitted files in the folder of the index");
        }
        return paths;
    }

    /** The file beside another, or null if the file system knows no such name. */
    private static @Nullable Path sibling(Path file, String name) {
        try {
            return file.resolveSibling(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String shown(List<String> names) {
        return names.stream()
                        .limit(MOST_SHOWN)
                        .map(Shown::name)
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("none")
                + (names.size() > MOST_SHOWN ? ", and more" : "");
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
