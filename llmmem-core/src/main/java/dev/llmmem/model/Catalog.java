package dev.llmmem.model;

import dev.llmmem.model.architecture.Architectures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
        Map<String, CatalogEntry> shortNames = new HashMap<>();
        Set<String> shared = new HashSet<>();
        for (CatalogEntry entry : entries) {
            String shortName = key(entry.shortName());
            if (shortNames.put(shortName, entry) != null) {
                shared.add(shortName);
            }
        }
        shortNames.keySet().removeAll(shared);
        byName.putAll(shortNames);
        for (CatalogEntry entry : entries) {
            for (String alias : entry.aliases()) {
                byName.put(key(alias), entry);
            }
        }
        for (CatalogEntry entry : entries) {
            byName.put(key(entry.id()), entry);
        }
    }

    /** The models that come with the library. Without streams or lambdas, whose first use takes longer than all of the file. */
    static Catalog bundled() {
        try (InputStream stream = Objects.requireNonNull(Catalog.class.getResourceAsStream(FILE), FILE)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            List<CatalogEntry> entries = new ArrayList<>();
            for (int from = 0; from < text.length(); ) {
                int end = text.indexOf('\n', from);
                int to = end < 0 ? text.length() : end;
                if (text.charAt(from) != '#') {
                    entries.add(CatalogEntry.parse(text.substring(from, to)));
                }
                from = to + 1;
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
        List<String> ids = new ArrayList<>(entries.size());
        for (CatalogEntry entry : entries) {
            ids.add(entry.id());
        }
        return Collections.unmodifiableList(ids);
    }

    Optional<ModelSpec> find(String name) {
        CatalogEntry entry = byName.get(key(name));
        if (entry == null) {
            return Optional.empty();
        }
        ModelSpec known = described.get(entry.id());
        if (known != null) {
            return Optional.of(known);
        }
        ModelSpec model = Architectures.describe(entry.fields()).toBuilder()
                .name(entry.id())
                .build();
        ModelSpec other = described.putIfAbsent(entry.id(), model);
        return Optional.of(other == null ? model : other);
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
