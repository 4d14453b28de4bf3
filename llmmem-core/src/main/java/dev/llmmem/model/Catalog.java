package dev.llmmem.model;

import dev.llmmem.model.architecture.Architectures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Models by name. */
final class Catalog {

    static final int LONGEST_NAME = 100;

    private static final String FILE = "models.tsv";
    private static final int NEAREST = 3;

    private final List<CatalogEntry> entries;
    private final Map<String, CatalogEntry> byName = new HashMap<>();
    private final Map<String, ModelSpec> described = new ConcurrentHashMap<>();

    private Catalog(List<CatalogEntry> entries) {
        this.entries = List.copyOf(entries);
        Map<String, Integer> shortNames = new HashMap<>();
        for (CatalogEntry entry : entries) {
            shortNames.merge(key(entry.shortName()), 1, Integer::sum);
        }
        for (CatalogEntry entry : entries) {
            if (shortNames.getOrDefault(key(entry.shortName()), 0) == 1) {
                byName.put(key(entry.shortName()), entry);
            }
        }
        for (CatalogEntry entry : entries) {
            entry.aliases().forEach(alias -> byName.put(key(alias), entry));
        }
        entries.forEach(entry -> byName.put(key(entry.id()), entry));
    }

    /** The models that come with the library. */
    static Catalog bundled() {
        try (InputStream stream = Objects.requireNonNull(Catalog.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<CatalogEntry> entries = new ArrayList<>();
            for (String line : reader.lines().toList()) {
                if (!line.startsWith("#")) {
                    entries.add(CatalogEntry.parse(line));
                }
            }
            return new Catalog(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CatalogEntry> entries() {
        return entries;
    }

    List<String> ids() {
        return entries.stream().map(CatalogEntry::id).toList();
    }

    Optional<ModelSpec> find(String name) {
        return Optional.ofNullable(byName.get(key(name)))
                .map(entry -> described.computeIfAbsent(
                        entry.id(),
                        id -> Architectures.describe(entry.fields()).withoutTowers().toBuilder()
                                .name(id)
                                .build()));
    }

    /** The ids of which some name is nearest. A name without its owner is at no distance from those that contain it. */
    List<String> nearest(String name) {
        String sought = key(name);
        String part = sought.replace(' ', '-');
        boolean bare = !part.isEmpty() && !part.contains("/");
        Map<String, Integer> distances = new HashMap<>();
        byName.forEach((known, entry) -> {
            int distance = bare && known.contains(part) ? 0 : EditDistance.between(sought, known);
            distances.merge(entry.id(), distance, Math::min);
        });
        return entries.stream()
                .map(CatalogEntry::id)
                .sorted(Comparator.comparing(distances::get))
                .limit(NEAREST)
                .toList();
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
