package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the files of a checkpoint and holds them against its index. */
final class CheckpointFiles {

    private static final String SUFFIX = ".safetensors";
    private static final String GGUF = ".gguf";

    private static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MOST_MEMORY = 256L << 20;
    private static final int MOST_SHOWN = 10;

    private CheckpointFiles() {}

    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return open(inFolder(path));
        }
        if (fileName(path).endsWith(".json")) {
            return indexed(path);
        }
        return isGguf(path) ? parts(path) : single(fileName(path), SafeTensors.read(path));
    }

    static Checkpoint open(URI uri, RangeReader reader) {
        RangeReader.check(uri);
        String path = uri.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        CheckpointFile file = read(uri, reader, HeaderSource.budget(path));
        if (!(file instanceof Gguf first)) {
            return single(name, file);
        }
        HeapBudget budget = HeapBudget.of(RangeReader.source(uri), MOST_MEMORY);
        SortedMap<String, Gguf> parts = new TreeMap<>(Map.of(name, first));
        List<String> names = GgufParts.of(name);
        GgufParts.checkCount(first, name, names.size(), RangeReader.source(uri));
        for (String part : names) {
            if (!part.equals(name)) {
                parts.put(part, gguf(beside(uri, part), reader, budget));
            }
        }
        return whole(parts, RangeReader.source(uri));
    }

    private static CheckpointFile read(URI uri, RangeReader reader, HeapBudget budget) {
        try {
            return reader.read(uri, budget);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Gguf gguf(URI uri, RangeReader reader, HeapBudget budget) {
        if (read(uri, reader, budget) instanceof Gguf part) {
            return part;
        }
        throw new MalformedInputException(RangeReader.source(uri) + ": the file is no GGUF file, permitted one");
    }

    /** The address of a file beside another, with the same query. */
    private static URI beside(URI uri, String name) {
        String path = uri.getPath();
        try {
            URI plain = new URI(null, null, path.substring(0, path.lastIndexOf('/') + 1) + name, null);
            String query = uri.getRawQuery();
            return uri.resolve(plain.getRawPath() + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("uri = " + Shown.name(path) + ", permitted addresses of files", e);
        }
    }

    private static Checkpoint single(String name, CheckpointFile file) {
        return new Checkpoint(new TreeMap<>(Map.of(name, file)), null);
    }

    private static boolean isGguf(Path file) {
        try (InputStream stream = Channels.newInputStream(RegularFile.open(file))) {
            return GgufHeader.isMagic(stream.readNBytes(4)) || fileName(file).endsWith(GGUF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Checkpoint parts(Path file) {
        HeapBudget budget = HeapBudget.of(file.toString(), MOST_MEMORY);
        SortedMap<String, Path> paths = paths(file, GgufParts.of(fileName(file)), "there are parts");
        SortedMap<String, Gguf> parts = new TreeMap<>();
        paths.forEach((name, path) -> parts.put(name, Gguf.read(path, budget)));
        return whole(parts, file.toString());
    }

    private static Checkpoint whole(SortedMap<String, Gguf> parts, String source) {
        GgufParts.check(parts, source);
        return new Checkpoint(new TreeMap<>(parts), null);
    }

    private static Path inFolder(Path folder) {
        for (String name : List.of(FILE, INDEX)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        List<String> found = found(folder, SUFFIX);
        if (found.isEmpty()) {
            found = found(folder, GGUF);
        }
        if (found.size() != 1) {
            throw new MalformedInputException(folder + ": the folder holds "
                    + (found.isEmpty()
                            ? "no " + SUFFIX + " or " + GGUF + " file"
                            : "files without an index, " + shown(found))
                    + ", permitted " + FILE + ", " + INDEX + ", or one model in a " + SUFFIX + " file or in " + GGUF
                    + " files");
        }
        return folder.resolve(found.get(0));
    }

    /** Files by the end of their names, of a model in several only the first. */
    private static List<String> found(Path folder, String suffix) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + suffix)) {
            for (Path file : files) {
                if (found.size() <= MOST_SHOWN && GgufParts.isFirst(fileName(file)) && Files.isRegularFile(file)) {
                    found.add(fileName(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static Checkpoint indexed(Path file) {
        CheckpointIndex index = CheckpointIndex.read(file);
        for (String name : index.fileNames()) {
            if (!name.endsWith(SUFFIX)) {
                throw new MalformedInputException(file + ": the index names " + Shown.name(name)
                        + ", whose header cannot be read, permitted " + SUFFIX + " files");
            }
        }
        SortedMap<String, Path> paths = paths(file, index.fileNames(), "the index names files");
        HeapBudget budget = HeapBudget.of(file.toString(), MOST_MEMORY);
        SortedMap<String, CheckpointFile> files = new TreeMap<>();
        paths.forEach((name, path) -> files.put(name, SafeTensors.read(path, budget)));
        new IndexCheck(index, files).run(file.toString());
        return new Checkpoint(files, index);
    }

    /** Where files lie that must lie beside another. */
    private static SortedMap<String, Path> paths(Path file, Collection<String> names, String what) {
        SortedMap<String, Path> paths = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            Path path = sibling(file, name);
            if (path == null || !Files.isRegularFile(path)) {
                missing.add(name);
            } else {
                paths.put(name, path);
            }
        }
        if (!missing.isEmpty()) {
            throw new MalformedInputException(file + ": " + what + " that are missing: " + shown(missing)
                    + ", permitted files in the same folder");
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
