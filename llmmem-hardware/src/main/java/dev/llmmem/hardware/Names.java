package dev.llmmem.hardware;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From names to accelerators, exactly: a name is never matched by a part of it, since parts of names confuse variants that differ
 * in memory ({@code RTX 3060} of 8 and 12 GB, {@code RTX 4090 Laptop GPU}).
 *
 * <p>A name is either of one accelerator alone, or declared by each accelerator that shares it. Case does not matter, nor do spaces,
 * hyphens and underscores: {@code rtx-4090}, {@code RTX4090} and {@code RTX 4090} are one name.
 */
final class Names {

    private static final Pattern SEPARATORS = Pattern.compile("[\\s_-]+");
    private static final int LONGEST = 100;
    private static final int NEAREST = 5;

    /** By folded name: how the catalog writes it, and the accelerators that have it. */
    private final Map<String, Entry> entries;

    private Names(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** All that have this name: one, or the variants that share it, or none. */
    List<Accelerator> find(String name) {
        if (name.length() > LONGEST) {
            return List.of();
        }
        Entry entry = entries.get(fold(name));
        return entry == null ? List.of() : entry.accelerators;
    }

    /** The most similar known names, most similar first; at most one for each accelerator or group of variants. */
    List<String> nearest(String name) {
        String wanted = fold(name.substring(0, Math.min(name.length(), LONGEST)));
        List<Map.Entry<String, Entry>> known = new ArrayList<>(entries.entrySet());
        Map<String, Integer> distances = new HashMap<>();
        for (String folded : entries.keySet()) {
            distances.put(folded, distance(wanted, folded));
        }
        known.sort(Comparator.comparing(
                        (Map.Entry<String, Entry> entry) -> distances.getOrDefault(entry.getKey(), Integer.MAX_VALUE))
                .thenComparing(entry -> entry.getKey().length())
                .thenComparing(Map.Entry::getKey));
        Map<List<Accelerator>, String> nearest = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : known) {
            if (nearest.size() == NEAREST) {
                break;
            }
            nearest.putIfAbsent(entry.getValue().accelerators, entry.getValue().spelling);
        }
        return List.copyOf(nearest.values());
    }

    static String fold(String name) {
        return SEPARATORS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }

    /** Twice the number of letters to change; once only, where one name is a whole part of the other. */
    private static int distance(String a, String b) {
        if (a.contains(b) || b.contains(a)) {
            return Math.abs(a.length() - b.length());
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return 2 * row[b.length()];
    }

    private record Entry(String spelling, List<Accelerator> accelerators) {}

    /** Collects names, and refuses those that do not say which accelerator they mean. */
    static final class Builder {

        private final Map<String, Entry> own = new HashMap<>();
        private final Map<String, Entry> shared = new HashMap<>();

        /**
         * Adds all names of an accelerator.
         *
         * @throws IllegalArgumentException if another one claims one of them for itself alone
         */
        void add(Accelerator accelerator) {
            Set<String> names = new LinkedHashSet<>();
            names.add(accelerator.id());
            names.add(accelerator.name());
            names.addAll(accelerator.aliases());
            for (String name : names) {
                Entry earlier = own.putIfAbsent(folded(name), new Entry(name, List.of(accelerator)));
                if (earlier != null && earlier.accelerators.get(0) != accelerator) {
                    throw new IllegalArgumentException("name \"" + name + "\" is already that of "
                            + earlier.accelerators.get(0).id() + ", permitted only as a shared name of both");
                }
            }
            for (String name : accelerator.sharedNames()) {
                Entry entry = shared.computeIfAbsent(folded(name), key -> new Entry(name, new ArrayList<>()));
                if (!entry.accelerators.contains(accelerator)) {
                    entry.accelerators.add(accelerator);
                }
            }
        }

        /**
         * The names.
         *
         * @throws IllegalArgumentException if a shared name is shared with nobody, or is also that of one accelerator alone
         */
        Names build() {
            Map<String, Entry> entries = new HashMap<>(own);
            shared.forEach((folded, entry) -> {
                Entry alone = own.get(folded);
                if (alone != null) {
                    throw new IllegalArgumentException("shared name \"" + entry.spelling + "\" is also that of "
                            + alone.accelerators.get(0).id() + " alone");
                }
                if (entry.accelerators.size() < 2) {
                    throw new IllegalArgumentException("shared name \"" + entry.spelling + "\" is shared by "
                            + entry.accelerators.get(0).id() + " with nobody");
                }
                entries.put(folded, new Entry(entry.spelling, List.copyOf(entry.accelerators)));
            });
            return new Names(Map.copyOf(entries));
        }

        private static String folded(String name) {
            if (name.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "name \"" + name + "\" has " + name.length() + " characters, permitted at most " + LONGEST);
            }
            return fold(name);
        }
    }
}
