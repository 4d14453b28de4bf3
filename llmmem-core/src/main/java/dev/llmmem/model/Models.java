package dev.llmmem.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * The bundled models, by the names that the Hugging Face Hub gives them.
 *
 * <pre>{@code
 * ModelSpec llama = Models.get("meta-llama/Llama-3.1-8B");     // or Models.get("llama-3.1-8b")
 * llama.parameterCount();                                      // 8030261248
 * }</pre>
 *
 * <p>A model that reads images too, such as Gemma 3, comes whole; {@link ModelSpec#withoutTowers()} is the part for text.
 *
 * <p>Case does not matter. The part of an id after the slash is enough where no other model shares it, and some models
 * have further names, such as the ids that they had before. The facts and their sources are in {@code models.tsv} beside
 * this class; they are read on first use. Any other model is read from its {@code config.json} with {@code
 * dev.llmmem.formats.HuggingFace}.
 *
 * <p>Thread-safe. The same id gives the same object.
 */
public final class Models {

    private Models() {}

    /**
     * Looks up a model.
     *
     * @param id its Hub id or another of its names
     * @return the model, named by its Hub id
     * @throws NoSuchElementException if it is not bundled; the message gives the nearest ids
     */
    public static ModelSpec get(String id) {
        Optional<ModelSpec> model = find(id);
        if (model.isEmpty()) {
            throw new NoSuchElementException("id = \"" + shortened(id)
                    + "\" is not bundled, nearest are "
                    + String.join(", ", Holder.CATALOG.nearest(shortened(id))));
        }
        return model.get();
    }

    /**
     * Looks up a model that may not be there.
     *
     * @param id its Hub id or another of its names
     * @return the model, named by its Hub id, or empty if it is not bundled
     */
    public static Optional<ModelSpec> find(String id) {
        Objects.requireNonNull(id, "id");
        return Holder.CATALOG.find(id);
    }

    /**
     * The bundled models.
     *
     * @return their Hub ids in alphabetical order, an unmodifiable list
     */
    public static List<String> ids() {
        return Holder.CATALOG.ids();
    }

    /**
     * Searches by name.
     *
     * @param text words, separated by white space; case does not matter
     * @return the Hub ids that contain every word, in alphabetical order; all for a blank text
     */
    public static List<String> search(String text) {
        Objects.requireNonNull(text, "text");
        List<String> words = List.of(text.toLowerCase(Locale.ROOT).split("(?U)\\s+", -1));
        List<String> found = new ArrayList<>();
        for (String id : ids()) {
            if (containsAll(id.toLowerCase(Locale.ROOT), words)) {
                found.add(id);
            }
        }
        return Collections.unmodifiableList(found);
    }

    private static boolean containsAll(String id, List<String> words) {
        for (String word : words) {
            if (!id.contains(word)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Searches by family.
     *
     * @param modelType what {@link ModelSpec#modelType()} says, for example {@code llama}
     * @return the Hub ids of that type in alphabetical order, empty where none is bundled
     */
    public static List<String> ofType(String modelType) {
        Objects.requireNonNull(modelType, "modelType");
        return ids().stream()
                .filter(id -> get(id).modelType().equals(modelType))
                .toList();
    }

    /**
     * Searches by size.
     *
     * @param least the fewest parameters
     * @param most the most parameters, at least {@code least}
     * @return the Hub ids of models with that many parameters, both bounds included, smallest first
     * @throws IllegalArgumentException if {@code least} is negative or above {@code most}
     */
    public static List<String> ofSize(long least, long most) {
        if (least < 0 || most < least) {
            throw new IllegalArgumentException(
                    "least is " + least + " and most " + most + ", but they must be 0 or more and in order");
        }
        return Holder.CATALOG.entries().stream()
                .filter(entry -> entry.parameters() >= least && entry.parameters() <= most)
                .sorted(Comparator.comparingLong(CatalogEntry::parameters).thenComparing(CatalogEntry::id))
                .map(CatalogEntry::id)
                .toList();
    }

    private static String shortened(String id) {
        return id.length() <= Catalog.LONGEST_NAME ? id : id.substring(0, Catalog.LONGEST_NAME) + "...";
    }

    /** Read when it is first needed, once. */
    private static final class Holder {
        static final Catalog CATALOG = Catalog.bundled();
    }
}
