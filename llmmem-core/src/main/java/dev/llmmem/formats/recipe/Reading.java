package dev.llmmem.formats.recipe;

import com.google.common.base.Splitter;
import dev.llmmem.formats.recipe.Findings.Found;
import dev.llmmem.formats.recipe.Findings.Rank;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recipe while it is read: what has been asked of it, and what came out so far. */
final class Reading {

    private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,9}");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?([0-9]{1,50}\\.?|[0-9]{0,50}\\.[0-9]{1,50})([eE][-+]?[0-9]{1,4})?");
    private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();

    private final RecipeKind kind;
    private final Map<String, @Nullable Object> keys;
    private final Set<String> aside;
    private final Set<String> asked = new HashSet<>();
    private final List<RecipeNote> notes = new ArrayList<>();
    private final Map<Setting, Found> settings = new EnumMap<>(Setting.class);
    private Optional<String> model = Optional.empty();

    /** Reads {@code keys} as if those of {@code aside}, and what is inside them, were not there. */
    Reading(RecipeKind kind, Map<String, @Nullable Object> keys, Set<String> aside) {
        this.kind = kind;
        this.keys = keys;
        this.aside = aside;
    }

    /** The value of a key; null also for one that is set aside. */
    @Nullable
    Object peek(String key) {
        @Nullable Object at = keys;
        for (String part : Splitter.on('.').split(key)) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return isAside(key) ? null : at;
    }

    boolean isOn(String key) {
        return !KeyList.isOff(peek(key));
    }

    private boolean isAside(String key) {
        return aside.stream().anyMatch(other -> key.equals(other) || key.startsWith(other + "."));
    }

    /** The value of a key, which counts as dealt with from now on. */
    private Optional<Object> take(String key) {
        Object value = peek(key);
        if (asked.add(key) && value != null) {
            notes.add(new RecipeNote(key, Shown.text(value), Status.MAPPED, ""));
        }
        return Optional.ofNullable(value);
    }

    Optional<String> text(String key) {
        return take(key).map(value -> {
            if (value instanceof Map<?, ?> || value instanceof List<?>) {
                throw wrong(key, value, "text");
            }
            return String.valueOf(value);
        });
    }

    boolean flag(String key, boolean standard) {
        return flag(key).orElse(standard);
    }

    /** A truth value as YAML 1.1 writes it, which is what the tools read. */
    Optional<Boolean> flag(String key) {
        return take(key).map(value -> switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw wrong(key, value, "true or false");
        });
    }

    OptionalInt whole(String key, int least) {
        Optional<Object> value = take(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        String digits = String.valueOf(value.get()).replace("_", "");
        long number = WHOLE.matcher(digits).matches() ? Long.parseLong(digits) : -1;
        if (number < least || number > Integer.MAX_VALUE) {
            throw wrong(key, value.get(), "whole numbers in [" + least + ", " + Integer.MAX_VALUE + "]");
        }
        return OptionalInt.of((int) number);
    }

    Optional<Double> number(String key) {
        return take(key).map(value -> {
            String digits = String.valueOf(value).replace("_", "");
            double number = NUMBER.matcher(digits).matches() ? Double.parseDouble(digits) : Double.NaN;
            if (!Double.isFinite(number)) {
                throw wrong(key, value, "finite numbers");
            }
            return number;
        });
    }

    /** Names: a list, or a text with commas. */
    List<String> names(String key) {
        Optional<Object> value = take(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof List<?> list && list.stream().allMatch(each -> each instanceof String)) {
            return list.stream().map(String::valueOf).map(String::strip).toList();
        }
        if (value.get() instanceof String text) {
            return COMMA.splitToList(text);
        }
        throw wrong(key, value.get(), "a list of names");
    }

    /** The model, as the file names it. */
    void model(String key) {
        text(key).ifPresent(id -> model(key, id));
    }

    void model(String key, String id) {
        model = Optional.of(id);
        if (Checkpoints.quantized(id)) {
            notModelled(key, "by its name the checkpoint is stored quantized; how is not in the recipe");
        }
    }

    Optional<String> modelId() {
        return model;
    }

    void set(Setting setting, Object value) {
        put(setting, value, Rank.SET);
    }

    void put(Setting setting, Object value, Rank rank) {
        settings.put(setting, new Found(value, rank, Optional.empty()));
    }

    /** Sets what the tool supplies where the recipe is silent. */
    void standard(Setting setting, Object value, String key, Object shown, String source) {
        RecipeNote note = new RecipeNote(key, Shown.text(shown), Status.DEFAULT, source);
        settings.put(setting, new Found(value, Rank.DEFAULT, Optional.of(note)));
    }

    /** Notes a default that is a part of a setting. */
    void supplied(String key, Object shown, String source) {
        notes.add(new RecipeNote(key, Shown.text(shown), Status.DEFAULT, source));
    }

    Optional<Object> find(Setting setting) {
        return Optional.ofNullable(settings.get(setting)).map(Found::value);
    }

    /**
     * Says that the job leaves something out. The key may be absent, where it is a default that is not modelled; where it is
     * set aside, what has been set is taken to be good enough for the caller.
     */
    void notModelled(String key, String why) {
        asked.add(key);
        notes.removeIf(note -> note.key().equals(key));
        notes.add(new RecipeNote(
                key, Shown.value(peek(key)), isAside(key) ? Status.SET_ASIDE : Status.NOT_MODELLED, why));
    }

    /** {@link #notModelled} if the key is there and not switched off. */
    void notModelledIfOn(String key, String why) {
        if (isOn(key)) {
            notModelled(key, why);
        } else {
            ignored(key, "switched off");
        }
    }

    void open(String key) {
        asked.add(key);
        notes.add(new RecipeNote(key, Shown.value(peek(key)), Status.OPEN, "left to the framework or another file"));
    }

    /** Says that a key, and what is inside, has no effect. */
    void ignored(String key, String why) {
        Object value = peek(key);
        if (value != null && asked.add(key)) {
            notes.add(new RecipeNote(key, Shown.text(value), Status.IGNORED, why));
        }
    }

    IllegalArgumentException wrong(String key, @Nullable Object value, String permitted) {
        return new IllegalArgumentException(Shown.text(key) + " is " + Shown.text(value) + ", permitted " + permitted);
    }

    Findings finish() {
        rest("", keys);
        return new Findings(Set.of(kind), model, settings, notes);
    }

    private void rest(String prefix, Map<?, ?> members) {
        members.forEach((name, value) -> {
            String key = prefix + name;
            if (isAside(key)) {
                if (value != null && notes.stream().noneMatch(note -> note.key().equals(key))) {
                    notes.add(new RecipeNote(
                            Shown.text(key), Shown.text(value), Status.SET_ASIDE, "taken out of the recipe"));
                }
            } else if (!asked.contains(key)) {
                boolean inside = asked.stream().anyMatch(other -> other.startsWith(key + "."));
                if (value instanceof Map<?, ?> map && (inside || KeyList.isSplit(kind, key))) {
                    rest(key + ".", map);
                } else {
                    notes.add(KeyList.judge(kind, key, value));
                }
            }
        });
    }
}
