package dev.llmmem.formats.recipe;

import com.google.common.base.Strings;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Notes as text. */
final class Notes {

    private static final int WIDEST_KEY = 50;
    private static final int MOST_NAMED = 4;

    private Notes() {}

    /** Notes in one line, at most {@code most} of them by name. */
    static String line(List<RecipeNote> notes, int most) {
        String named = notes.stream().limit(most).map(Notes::phrase).collect(Collectors.joining("; "));
        return notes.size() <= most ? named : named + "; and " + (notes.size() - most) + " more";
    }

    /** The keys of notes by status, some of them by name. */
    static String names(List<RecipeNote> notes) {
        Map<Status, List<RecipeNote>> groups = notes.stream()
                .collect(Collectors.groupingBy(
                        RecipeNote::status, () -> new EnumMap<>(Status.class), Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> status(group.getKey()) + " " + names(group.getValue(), MOST_NAMED))
                .collect(Collectors.joining("; "));
    }

    private static String names(List<RecipeNote> notes, int most) {
        String named = notes.stream().limit(most).map(RecipeNote::key).collect(Collectors.joining(", "));
        return notes.size() <= most ? named : named + " and " + (notes.size() - most) + " more";
    }

    private static String status(Status status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String phrase(RecipeNote note) {
        String key = note.key() + (note.value().isEmpty() ? "" : " = " + note.value());
        return switch (note.status()) {
            case NOT_MODELLED -> key + " is not modelled: " + note.why();
            case UNKNOWN -> key + " is unknown";
            case MISSING -> key + " is missing: " + note.why();
            default -> note.toString();
        };
    }

    static String table(List<RecipeNote> notes) {
        int width = notes.stream()
                .mapToInt(note -> Math.min(WIDEST_KEY, note.key().length()))
                .max()
                .orElse(0);
        // A stable sort: within a status the notes stay in the order of the file.
        return notes.stream()
                .sorted(Comparator.comparing(RecipeNote::status).reversed())
                .map(note -> row(note, width))
                .collect(Collectors.joining("\n"));
    }

    private static String row(RecipeNote note, int width) {
        return Strings.padEnd(status(note.status()), 14, ' ')
                + Strings.padEnd(note.key(), width + 2, ' ')
                + (note.value().isEmpty() ? "" : "= " + note.value())
                + (note.why().isEmpty() ? "" : "  (" + note.why() + ")");
    }
}
