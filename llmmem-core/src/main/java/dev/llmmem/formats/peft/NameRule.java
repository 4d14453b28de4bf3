package dev.llmmem.formats.peft;

import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.StepBudget;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names or one pattern that choose modules: peft 0.21.0, {@code peft/tuners/tuners_utils.py}, {@code
 * check_target_module_exists}. Of names, one is a module's own or its end after a dot; a pattern matches the whole name.
 */
final class NameRule {

    private static final String ALL_LINEAR = "all-linear";

    private final Set<String> names;
    private final @Nullable BoundedPattern pattern;
    private final boolean allLinear;
    private final String text;

    private NameRule(Set<String> names, @Nullable BoundedPattern pattern, boolean allLinear, String text) {
        this.names = names;
        this.pattern = pattern;
        this.allLinear = allLinear;
        this.text = text;
    }

    static NameRule named(Collection<String> names) {
        return new NameRule(Set.copyOf(names), null, false, String.join(", ", names));
    }

    static NameRule pattern(String field, String pattern) {
        return new NameRule(Set.of(), Python.pattern(field, pattern), false, pattern);
    }

    static NameRule allLinear() {
        return new NameRule(Set.of(), null, true, ALL_LINEAR);
    }

    /** Reads a field that holds a list of names, a pattern, or the word for all linear layers. */
    static Optional<NameRule> read(Settings settings, String field, boolean knowsAllLinear) {
        if (!settings.isText(field)) {
            return settings.texts(field).map(NameRule::named);
        }
        return settings.text(field).flatMap(text -> {
            if (knowsAllLinear && text.equalsIgnoreCase(ALL_LINEAR)) {
                return Optional.of(allLinear());
            }
            try {
                return Optional.of(pattern(field, text));
            } catch (IllegalArgumentException e) {
                settings.refuse(field, "a list of names or a pattern: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    boolean isAllLinear() {
        return allLinear;
    }

    boolean isList() {
        return pattern == null && !allLinear;
    }

    Set<String> names() {
        return names;
    }

    /** Whether a name is one of the list, whole. */
    boolean holds(String module) {
        return names.contains(module);
    }

    /** Whether a module is chosen; never true for all linear layers, which no name tells. */
    boolean chooses(String module, StepBudget steps) {
        if (pattern != null) {
            return pattern.matches(module, steps);
        }
        for (int dot = -1; ; ) {
            if (names.contains(module.substring(dot + 1))) {
                return true;
            }
            dot = module.indexOf('.', dot + 1);
            if (dot < 0) {
                return false;
            }
        }
    }

    /** The names, or the pattern as it was written. */
    String text() {
        return text;
    }

    @Override
    public String toString() {
        return Settings.clean(text);
    }
}
