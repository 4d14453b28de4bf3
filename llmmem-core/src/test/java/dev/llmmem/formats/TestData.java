package dev.llmmem.formats;

import dev.llmmem.model.ModelSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The recorded configurations and inventories beside this class; README.md there says where they are from. */
final class TestData {

    private TestData() {}

    /**
     * A configuration and what transformers made of it.
     *
     * @param name the file's name
     * @param config the configuration's text
     * @param type its model type
     * @param total the number of parameters
     * @param tied whether the head is tied
     * @param parameters shapes and counts by name
     */
    record Recorded(
            String name, String config, String type, long total, boolean tied, Map<String, List<Object>> parameters) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The endings of the files' names: one set of files for each group of model types. */
    private static final List<String> GROUPS = List.of("", "-dense", "-encoders", "-moe", "-recurrent", "-towers");

    /** All that is recorded in {@code configs.jsonl.gz}, {@code inventories.jsonl.gz} and the like. */
    static List<Recorded> recorded() {
        return GROUPS.stream().flatMap(group -> recorded(group).stream()).toList();
    }

    private static List<Recorded> recorded(String group) {
        List<String> configs = lines("configs" + group + ".jsonl.gz");
        List<String> inventories = lines("inventories" + group + ".jsonl.gz");
        List<Recorded> recorded = new ArrayList<>();
        for (int i = 0; i < configs.size(); i++) {
            Map<?, ?> config = Json.object(configs.get(i), "configs.jsonl.gz");
            Map<?, ?> inventory = Json.object(inventories.get(i), "inventories.jsonl.gz");
            if (!member(config, "name").equals(member(inventory, "name"))) {
                throw new IllegalStateException("the two files differ in line " + (i + 1));
            }
            Map<?, ?> fields = (Map<?, ?>) member(config, "config");
            recorded.add(new Recorded(
                    (String) member(config, "name"),
                    text(fields),
                    (String) member(fields, "model_type"),
                    (long) member(inventory, "total"),
                    (boolean) member(inventory, "tied"),
                    parameters((List<?>) member(inventory, "parameters"))));
        }
        return recorded;
    }

    /**
     * A small configuration and what transformers made of it.
     *
     * @param name a number and the model type
     * @param config the configuration's text
     * @param tied whether the head is tied
     * @param parameters shapes and counts by name
     * @param layers for each layer its window (null for none) and how much of a head is rotated
     */
    record Variant(String name, String config, boolean tied, Map<String, List<Object>> parameters, List<?> layers) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All that is recorded in {@code variants.jsonl.gz} and the like. */
    static List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        List<String> rows = GROUPS.stream()
                .flatMap(group -> lines("variants" + group + ".jsonl.gz").stream())
                .toList();
        for (String line : rows) {
            Map<?, ?> row = Json.object(line, "variants.jsonl.gz");
            variants.add(new Variant(
                    (String) member(row, "name"),
                    text(member(row, "config")),
                    (boolean) member(row, "tied"),
                    parameters((List<?>) member(row, "parameters")),
                    (List<?>) member(row, "layers")));
        }
        return variants;
    }

    /** The lines of {@code published.csv} and the like, their headers aside. */
    static List<String> published() {
        return GROUPS.stream()
                .flatMap(group -> lines("published" + group + ".csv").stream().skip(1))
                .toList();
    }

    /** The lines of {@code counts-dense.jsonl.gz} and the like: types whose code comes with their checkpoints. */
    static List<String> counts() {
        return Stream.of("-dense", "-moe", "-towers")
                .flatMap(group -> lines("counts" + group + ".jsonl.gz").stream())
                .toList();
    }

    /** Shapes and counts by name, as the recordings have them. */
    static Map<String, List<Object>> inventory(ModelSpec model) {
        Map<String, List<Object>> inventory = new LinkedHashMap<>();
        model.inventory()
                .forEach(
                        (parameter, count) -> add(inventory, parameter.name(), parameter.shape(), Long.valueOf(count)));
        return inventory;
    }

    static Object member(Map<?, ?> object, String name) {
        return Objects.requireNonNull(object.get(name), name);
    }

    private static Map<String, List<Object>> parameters(List<?> rows) {
        Map<String, List<Object>> parameters = new LinkedHashMap<>();
        for (Object row : rows) {
            List<?> parameter = (List<?>) row;
            add(parameters, (String) parameter.get(0), parameter.get(1), parameter.get(2));
        }
        return parameters;
    }

    /** A name may stand for several shapes, where layers differ. */
    private static void add(Map<String, List<Object>> inventory, String name, Object shape, Object count) {
        List<Object> values = inventory.computeIfAbsent(name, key -> new ArrayList<>());
        values.add(shape);
        values.add(count);
    }

    static List<String> lines(String file) {
        try (InputStream stream = Objects.requireNonNull(TestData.class.getResourceAsStream(file), file);
                InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(stream) : stream;
                BufferedReader reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a value that {@link Json} read. */
    static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("{");
            map.forEach((name, member) -> text.append(text.length() > 1 ? "," : "")
                    .append(text(name))
                    .append(':')
                    .append(text(member)));
            return text.append('}').toString();
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(",", list.stream().map(TestData::text).toList()) + "]";
        }
        return value instanceof String string ? '"' + string + '"' : String.valueOf(value);
    }
}
