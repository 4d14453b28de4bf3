package dev.llmmem.formats.recipe;

import dev.llmmem.formats.MalformedInputException;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recipe while it is read: what has been asked of it, and what came out so far. */
final class Reading {

    /** Keys that make another job of a recipe, where a job without them would be a wrong one. */
    private static final Map<String, Setting> CHANGES = Map.ofEntries(
            Map.entry("qat", Setting.WEIGHTS),
            Map.entry("fp8", Setting.WEIGHTS),
            Map.entry("relora", Setting.STRATEGY),
            Map.entry("lisa_n_layers", Setting.STRATEGY),
            Map.entry("lora_modules_to_save", Setting.STRATEGY),
            Map.entry("additional_target", Setting.STRATEGY),
            Map.entry("lora_target_parameters", Setting.STRATEGY),
            Map.entry("lora_rank_pattern", Setting.STRATEGY),
            Map.entry("peft_layers_to_transform", Setting.STRATEGY),
            Map.entry("unfrozen_parameters", Setting.STRATEGY),
            Map.entry("bnb_config_kwargs", Setting.QUANTIZATION),
            Map.entry("gptq", Setting.QUANTIZATION),
            Map.entry("quantize_moe_experts", Setting.QUANTIZATION),
            Map.entry("mixture_of_depths", Setting.MODEL),
            Map.entry("use_llama_pro", Setting.STRATEGY),
            Map.entry("use_unsloth", Setting.STRATEGY),
            Map.entry("flash_attention", Setting.ATTENTION),
            Map.entry("xformers_attention", Setting.ATTENTION),
            Map.entry("flex_attention", Setting.ATTENTION),
            Map.entry("eager_attention", Setting.ATTENTION),
            Map.entry("selective_checkpointing", Setting.CHECKPOINTING));

    private final RecipeKind kind;
    private final Map<String, @Nullable Object> keys;
    private final Set<String> asked = new HashSet<>();
    private final List<RecipeNote> notes = new ArrayList<>();
    private final Map<Setting, Object> settings = new EnumMap<>(Setting.class);
    private final Map<Setting, String> blocked = new EnumMap<>(Setting.class);
    private final Set<Setting> defaults = new HashSet<>();
    private Optional<String> model = Optional.empty();

    Reading(RecipeKind kind, Map<String, @Nullable Object> keys) {
        this.kind = kind;
        this.keys = keys;
    }

    @Nullable
    Object peek(String key) {
        @Nullable Object at = keys;
        for (String part : key.split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }

    /** The value of a key, which counts as dealt with from now on. */
    private @Nullable Object take(String key) {
        asked.add(key);
        return peek(key);
    }

    private Optional<Object> note(String key) {
        Object value = take(key);
        if (value != null) {
            notes.add(new RecipeNote(key, Shown.text(value), Status.MAPPED, ""));
        }
        return Optional.ofNullable(value);
    }

    Optional<String> text(String key) {
        return note(key).map(value -> {
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
        return note(key).map(value -> switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off", "" -> false;
            default -> throw wrong(key, value, "true or false");
        });
    }

    OptionalInt whole(String key, int least) {
        Optional<Object> value = note(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        String digits = String.valueOf(value.get()).replace("_", "");
        if (!digits.matches("[0-9]{1,10}")
                || Long.parseLong(digits) > Integer.MAX_VALUE
                || Long.parseLong(digits) < least) {
            throw wrong(key, value.get(), "whole numbers in [" + least + ", " + Integer.MAX_VALUE + "]");
        }
        return OptionalInt.of(Integer.parseInt(digits));
    }

    Optional<Double> number(String key) {
        return note(key).map(value -> {
            try {
                return Double.valueOf(String.valueOf(value).replace("_", ""));
            } catch (NumberFormatException e) {
                throw wrong(key, value, "numbers");
            }
        });
    }

    /** Names: a list, or a text with commas. */
    List<String> names(String key) {
        Optional<Object> value = note(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof List<?> list) {
            return list.stream().map(String::valueOf).map(String::strip).toList();
        }
        if (value.get() instanceof String text) {
            return List.of(text.strip().split("\\s*,\\s*"));
        }
        throw wrong(key, value.get(), "a list of names");
    }

    void model(String id) {
        model = Optional.of(id);
        if (Checkpoints.quantized(id)) {
            block(
                    Setting.QUANTIZATION,
                    "the name " + Shown.text(id)
                            + " says that the checkpoint is stored quantized, how is not in the recipe");
        }
    }

    void set(Setting setting, Object value) {
        settings.put(setting, value);
    }

    /** Sets what the tool supplies where the recipe is silent. */
    void standard(Setting setting, Object value, String key, Object shown, String source) {
        settings.put(setting, value);
        defaults.add(setting);
        supplied(key, shown, source);
    }

    void supplied(String key, Object shown, String source) {
        notes.add(new RecipeNote(key, Shown.text(shown), Status.DEFAULT, source));
    }

    Optional<DType> weights() {
        return Optional.ofNullable((DType) settings.get(Setting.WEIGHTS));
    }

    /** A setting that cannot be part of the job as it is. */
    void block(Setting setting, String why) {
        blocked.merge(setting, why, (one, other) -> one + "; " + other);
    }

    void leftOut(String key, String why) {
        asked.add(key);
        notes.removeIf(note -> note.key().equals(key));
        notes.add(new RecipeNote(key, Shown.text(peek(key)), Status.NOT_MODELLED, why));
    }

    void open(String key) {
        asked.add(key);
        notes.add(new RecipeNote(key, Shown.text(peek(key)), Status.OPEN, "left to the framework or another file"));
    }

    MalformedInputException wrong(String key, @Nullable Object value, String permitted) {
        return new MalformedInputException(Shown.text(key) + " = " + Shown.text(value) + ", permitted " + permitted);
    }

    Recipe finish() {
        CHANGES.forEach((key, setting) -> {
            if (!KeyList.isOff(peek(key))) {
                block(setting, key + " is not modelled");
            }
        });
        rest("", keys);
        return new Recipe(Set.of(kind), model, settings, blocked, defaults, notes);
    }

    private void rest(String prefix, Map<?, ?> members) {
        members.forEach((name, value) -> {
            String key = prefix + name;
            boolean inside = asked.stream().anyMatch(other -> other.startsWith(key + "."));
            if (asked.contains(key)) {
                return;
            }
            if (value instanceof Map<?, ?> map && (inside || KeyList.isSplit(kind, key))) {
                rest(key + ".", map);
                return;
            }
            notes.add(KeyList.judge(kind, key, value));
        });
    }
}
