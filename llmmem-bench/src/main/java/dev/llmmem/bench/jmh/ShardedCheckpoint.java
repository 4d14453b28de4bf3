package dev.llmmem.bench.jmh;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the files of a checkpoint as transformers' {@code save_pretrained} would, in bf16, but for the weights, which are holes: an
 * index, and a file whenever the next tensor would exceed 5 GB. In a file, tensors are in the order of their names, as in safetensors'
 * {@code serialize}.
 */
final class ShardedCheckpoint {

    private static final long MOST_BYTES = 5_000_000_000L;
    private static final int ELEMENT = 2;
    private static final String INDEX = "model.safetensors.index.json";

    private final Path folder;

    private ShardedCheckpoint(Path folder) {
        this.folder = folder;
    }

    /** Writes a model into an empty folder; the index. */
    static Path write(ModelSpec model, Path folder) throws IOException {
        ShardedCheckpoint checkpoint = new ShardedCheckpoint(folder);
        List<List<Parameter>> shards = shards(model);
        TreeMap<String, String> weightMap = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            checkpoint.shard(file, shards.get(i));
            shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), file));
        }
        String entries = weightMap.entrySet().stream()
                .map(entry -> "    \"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",\n"));
        return Files.writeString(
                folder.resolve(INDEX),
                "{\n  \"metadata\": {\n    \"total_size\": " + model.parameterCount() * ELEMENT
                        + "\n  },\n  \"weight_map\": {\n" + entries + "\n  }\n}\n");
    }

    /** Removes the folder. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(ShardedCheckpoint::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<List<Parameter>> shards(ModelSpec model) {
        List<List<Parameter>> shards = new ArrayList<>();
        List<Parameter> shard = new ArrayList<>();
        long bytes = 0;
        for (Parameter tensor : tensors(model)) {
            if (bytes + tensor.elements() * ELEMENT > MOST_BYTES && !shard.isEmpty()) {
                shards.add(shard);
                shard = new ArrayList<>();
                bytes = 0;
            }
            shard.add(tensor);
            bytes += tensor.elements() * ELEMENT;
        }
        shards.add(shard);
        return shards;
    }

    /** In the order of the modules: the embeddings, the layers, the norm, the head. */
    private static List<Parameter> tensors(ModelSpec model) {
        List<Parameter> outer = model.outerParameters();
        List<Parameter> tensors = new ArrayList<>(outer.subList(0, 1));
        List<Layer> layers = model.layers();
        for (int i = 0; i < layers.size(); i++) {
            for (Parameter parameter : layers.get(i).parameters()) {
                tensors.add(new Parameter(
                        parameter.name().replace("{i}", Integer.toString(i)), parameter.shape(), parameter.kind()));
            }
        }
        tensors.addAll(outer.subList(1, outer.size()));
        return tensors;
    }

    private void shard(String file, List<Parameter> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long end = 0;
        List<Parameter> sorted =
                tensors.stream().sorted(Comparator.comparing(Parameter::name)).toList();
        for (Parameter tensor : sorted) {
            String shape = tensor.shape().stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
            long begin = end;
            end += tensor.elements() * ELEMENT;
            header.append(",\"")
                    .append(tensor.name())
                    .append("\":{\"dtype\":\"BF16\",\"shape\":")
                    .append(shape);
            header.append(",\"data_offsets\":[")
                    .append(begin)
                    .append(',')
                    .append(end)
                    .append("]}");
        }
        header.append('}');
        header.append(" ".repeat(-header.length() & 7));
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text);
        try (RandomAccessFile out = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            out.write(start.array());
            out.setLength(start.capacity() + end);
        }
    }
}
