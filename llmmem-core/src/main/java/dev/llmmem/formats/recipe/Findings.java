package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.RecipeNote.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came out of the files of one run.
 *
 * @param kinds the tools
 * @param modelId the model as a file names it
 * @param settings the parts of a job
 * @param notes what became of each key, without the defaults, which are with their settings
 */
record Findings(Set<RecipeKind> kinds, Optional<String> modelId, Map<Setting, Found> settings, List<RecipeNote> notes) {

    /** How strongly a value is meant: the higher one counts where files of a run differ. */
    enum Rank {
        /** What a tool supplies where its file is silent. */
        DEFAULT,
        /** What a launcher tells a tool that does not say it itself. */
        LAUNCHER,
        /** What a file says. */
        SET
    }

    /**
     * The value of a setting.
     *
     * @param value the part of a job
     * @param rank how strongly it is meant
     * @param note where a default comes from
     */
    record Found(Object value, Rank rank, Optional<RecipeNote> note) {}

    Findings {
        kinds = Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        settings = Map.copyOf(settings);
        notes = List.copyOf(notes);
    }

    Optional<Object> find(Setting setting) {
        return Optional.ofNullable(settings.get(setting)).map(Found::value);
    }

    List<RecipeNote> allNotes() {
        List<RecipeNote> all = new ArrayList<>(notes);
        for (Setting setting : Setting.values()) {
            Found found = settings.get(setting);
            if (found != null) {
                found.note().ifPresent(all::add);
            }
        }
        return all;
    }

    Findings and(Findings other) {
        Map<Setting, Found> both = new EnumMap<>(Setting.class);
        both.putAll(settings);
        other.settings.forEach(
                (setting, theirs) -> both.merge(setting, theirs, (one, two) -> merge(setting, one, two)));
        if (modelId.isPresent() && other.modelId.isPresent() && !modelId.equals(other.modelId)) {
            throw differ("model", modelId.get(), other.modelId.get());
        }
        Set<RecipeKind> tools = EnumSet.copyOf(kinds);
        tools.addAll(other.kinds);
        List<RecipeNote> all = new ArrayList<>(notes);
        all.addAll(other.notes);
        Set<String> settled = Set.copyOf(all.stream()
                .filter(note -> note.status() == Status.MAPPED)
                .map(RecipeNote::key)
                .toList());
        all.removeIf(note -> note.status() == Status.DEFAULT && settled.contains(note.key()));
        return new Findings(tools, modelId.or(other::modelId), both, all);
    }

    private static Found merge(Setting setting, Found one, Found two) {
        if (one.rank() != two.rank()) {
            return one.rank().compareTo(two.rank()) > 0 ? one : two;
        }
        if (!one.value().equals(two.value())) {
            throw differ(setting.shown(), one.value(), two.value());
        }
        return one;
    }

    private static IllegalArgumentException differ(String what, Object one, Object two) {
        return new IllegalArgumentException(what + " is " + Shown.text(one) + " and " + Shown.text(two)
                + ", but must be one value in all recipes of a run");
    }
}
