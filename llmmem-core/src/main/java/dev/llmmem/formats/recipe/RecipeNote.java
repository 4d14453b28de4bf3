package dev.llmmem.formats.recipe;

import java.util.Objects;

/**
 * What became of one key of a recipe, or of one setting of a job.
 *
 * @param key the key, nested ones with dots; for {@link Status#MISSING} the name of the setting
 * @param value its value as text, at most about 100 characters; empty for what is missing or absent
 * @param status what became of it
 * @param why the reason, or where a default comes from
 */
public record RecipeNote(String key, String value, Status status, String why) {

    /** What became of a key. New constants may come in minor versions. */
    public enum Status {
        /** It is part of the job. */
        MAPPED,
        /** It is absent, and the tool's default is part of the job. */
        DEFAULT,
        /** It does not bear on the memory of a training step, or is switched off. */
        IGNORED,
        /** Its value is left to another file ({@code "auto"}). */
        OPEN,
        /** The caller took it out of the recipe with {@link Recipe#without}. */
        SET_ASIDE,
        /** It bears on memory, and the job leaves it out: the recipe is not complete. */
        NOT_MODELLED,
        /** It is not a key that is known of the tool, so it may bear on memory: the recipe is not complete. */
        UNKNOWN,
        /** A setting that the job needs and that the recipe does not settle: the recipe is not complete. */
        MISSING;

        /** Whether one note of this kind keeps a recipe from being complete. */
        boolean stands() {
            return this == NOT_MODELLED || this == UNKNOWN || this == MISSING;
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param key the key
     * @param value its value
     * @param status what became of it
     * @param why the reason
     */
    public RecipeNote {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(why, "why");
    }

    /**
     * One line.
     *
     * @return for example {@code NOT_MODELLED fsdp = [full_shard, auto_wrap]: divides the job between devices}
     */
    @Override
    public String toString() {
        return status + " " + key + (value.isEmpty() ? "" : " = " + value) + (why.isEmpty() ? "" : ": " + why);
    }
}
