package dev.llmmem.formats.recipe;

import java.util.Objects;

/**
 * What became of one key of a recipe, or of one setting of a job.
 *
 * @param key the key, nested ones with dots; for {@link Status#MISSING} the name of the setting
 * @param value its value as text, at most about 100 characters; empty for what is missing
 * @param status what became of it
 * @param why the reason, or where a default comes from
 */
public record RecipeNote(String key, String value, Status status, String why) {

    /** What became of a key. */
    public enum Status {
        /** It is part of the job. */
        MAPPED,
        /** It is absent, and the tool's default is part of the job. */
        DEFAULT,
        /** It does not bear on the memory of a training step, or is switched off. */
        IGNORED,
        /** Its value is left to another file ({@code "auto"}). */
        OPEN,
        /** It bears on memory, and the job leaves it out. */
        NOT_MODELLED,
        /** It is not known, so it may bear on memory. */
        UNKNOWN,
        /** A setting that the job needs and that the recipe does not settle. */
        MISSING
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

    @Override
    public String toString() {
        return status + " " + key + (value.isEmpty() ? "" : " = " + value) + (why.isEmpty() ? "" : ": " + why);
    }
}
