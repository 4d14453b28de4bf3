package dev.llmmem.formats.recipe;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.llmmem.formats.MalformedInputException;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a job file of a training tool says about the memory of a training step on one device, and what became of each of its
 * keys.
 *
 * <pre>{@code
 * Recipe recipe = Recipe.read(Path.of("qlora.yml"));
 * System.out.println(recipe.table());
 * MemoryEstimate.of(recipe.workload()).peak();
 * }</pre>
 *
 * <p>A recipe gives a job only if it is {@linkplain #complete() complete}: no key is unknown, and none that bears on memory is
 * left out. What divides a job between devices (ZeRO, FSDP, tensor, pipeline and context parallelism, more than one process)
 * or moves it to the host is not modelled, so that such a recipe is not complete. To have a job all the same, take those keys
 * out with {@link #without}: then the figures are those of the recipe as it would be without them.
 *
 * <p>Not in these files, and so not in the job, is what a command line adds, the number of processes above all. Evaluation
 * between the steps, which may take more than a step, is no part of the job either. A row is as long as the file permits.
 *
 * <p>Files are YAML or JSON: at most 1 MiB, 40 levels and 10000 values, without aliases, tags and repeated keys.
 *
 * <p>Immutable and thread-safe.
 */
public final class Recipe {

    private static final int MOST_IN_MESSAGE = 50;

    private final ImmutableList<Source> sources;
    private final ImmutableSet<String> aside;
    private final Findings findings;
    private final ImmutableList<RecipeNote> notes;

    private Recipe(List<Source> sources, Set<String> aside) {
        this.sources = ImmutableList.copyOf(sources);
        this.aside = ImmutableSet.copyOf(aside);
        this.findings = sources.stream()
                .map(source -> source.read(aside))
                .reduce(Findings::and)
                .orElseThrow();
        this.notes = ImmutableList.<RecipeNote>builder()
                .addAll(findings.allNotes())
                .addAll(Jobs.missing(findings))
                .build();
    }

    /**
     * Reads a file of a tool that its keys tell.
     *
     * @param file YAML or JSON
     * @return what it says
     * @throws MalformedInputException if the content is malformed, a value not permitted, or the keys do not tell the tool
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Recipe read(Path file) {
        return new Recipe(List.of(Source.of(file.toString(), text(file))), Set.of());
    }

    /**
     * Reads a file.
     *
     * @param file YAML or JSON
     * @param kind the tool that it is for
     * @return what it says
     * @throws MalformedInputException if the content is malformed, or a value not permitted
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Recipe read(Path file, RecipeKind kind) {
        Objects.requireNonNull(kind, "kind");
        return new Recipe(List.of(Source.of(file.toString(), text(file), kind)), Set.of());
    }

    private static String text(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(Document.MOST_BYTES + 1);
            if (bytes.length > Document.MOST_BYTES) {
                throw new MalformedInputException(
                        file + ": the file is longer than permitted: [0, " + Document.MOST_BYTES + "] bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedInputException(file + ": the text is not UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param text YAML or JSON
     * @param kind the tool that it is for
     * @return what it says
     * @throws MalformedInputException if the text is malformed, or a value not permitted
     */
    public static Recipe parse(String text, RecipeKind kind) {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(kind, "kind");
        return new Recipe(List.of(Source.of("recipe", text, kind)), Set.of());
    }

    Findings findings() {
        return findings;
    }

    /**
     * The tools that the recipe is for.
     *
     * @return one, or several where recipes were combined
     */
    public Set<RecipeKind> kinds() {
        return findings.kinds();
    }

    /**
     * The model as the recipe names it.
     *
     * @return a Hub id or a path, or empty
     */
    public Optional<String> modelId() {
        return findings.modelId();
    }

    /**
     * What became of each key and each default, and what is missing.
     *
     * @return an unmodifiable list; each key that has a value is in it
     */
    public List<RecipeNote> notes() {
        return notes;
    }

    /**
     * The notes of one kind.
     *
     * @param status the kind
     * @return an unmodifiable list
     */
    public List<RecipeNote> notes(Status status) {
        Objects.requireNonNull(status, "status");
        return notes.stream().filter(note -> note.status() == status).toList();
    }

    /**
     * What keeps the recipe from being complete.
     *
     * @return the notes that are {@link Status#NOT_MODELLED}, {@link Status#UNKNOWN} or {@link Status#MISSING}
     */
    public List<RecipeNote> obstacles() {
        return notes.stream().filter(note -> note.status().stands()).toList();
    }

    /**
     * Whether the recipe describes a whole job for one device: nothing is missing, and all that is known to bear on the
     * memory of a training step is modelled.
     *
     * @return true if there are no {@link #obstacles()}
     */
    public boolean complete() {
        return obstacles().isEmpty();
    }

    /**
     * The recipe as it would be if some keys were not in it. Their defaults stand for them, and where a tool's default is not
     * modelled either, the nearest that is.
     *
     * @param keys as {@link #notes()} name them; what is inside a key goes with it, so {@code fsdp_config} takes out {@code
     *     fsdp_config.fsdp_version}
     * @return a recipe with the keys as {@link Status#SET_ASIDE}
     * @throws IllegalArgumentException if a key is in no note
     */
    public Recipe without(String... keys) {
        for (String key : keys) {
            if (notes.stream()
                    .noneMatch(note -> note.status() != Status.MISSING
                            && (note.key().equals(key) || note.key().startsWith(key + ".")))) {
                throw new IllegalArgumentException(
                        "key is " + Shown.text(key) + ", but must be one of the keys that the notes name");
            }
        }
        return new Recipe(
                sources, ImmutableSet.<String>builder().addAll(aside).add(keys).build());
    }

    /**
     * This recipe and another one for the same run, for example a {@code ds_config.json}. What a file says goes before what a
     * launcher says, and that before a tool's default.
     *
     * @param other the other recipe
     * @return both in one; what has been taken out of one is taken out of both
     * @throws IllegalArgumentException if both set one thing to different values
     */
    public Recipe and(Recipe other) {
        return new Recipe(
                ImmutableList.<Source>builder()
                        .addAll(sources)
                        .addAll(other.sources)
                        .build(),
                ImmutableSet.<String>builder().addAll(aside).addAll(other.aside).build());
    }

    /**
     * The job, with the bundled model of the recipe's name.
     *
     * @return the job
     * @throws IllegalStateException if the recipe is not complete, with the obstacles
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload workload() {
        require(obstacles());
        return Jobs.of(findings, findings.modelId().flatMap(Models::find).orElseThrow());
    }

    /**
     * The job of a given model, whatever the recipe calls it.
     *
     * @param model the model
     * @return the job
     * @throws IllegalStateException if the recipe is not complete but for the model, with the obstacles
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload workload(ModelSpec model) {
        Objects.requireNonNull(model, "model");
        List<RecipeNote> obstacles = new ArrayList<>(leftOut());
        obstacles.addAll(Jobs.missingFor(findings, Optional.of(model)));
        require(obstacles);
        return Jobs.of(findings, model);
    }

    /**
     * A job with the settings that the recipe gives, its defaults included; what it leaves open or lacks stays as it is. So a
     * recipe that is a part of a job alone, as {@code TrainingArguments} are, becomes a whole one.
     *
     * @param job the job
     * @return a changed job of the same model
     * @throws IllegalStateException if the recipe has keys that are unknown or not modelled, with those
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload applyTo(Workload job) {
        Objects.requireNonNull(job, "job");
        require(leftOut());
        return Jobs.over(findings, job);
    }

    private List<RecipeNote> leftOut() {
        return notes.stream()
                .filter(note -> note.status().stands() && note.status() != Status.MISSING)
                .toList();
    }

    private static void require(List<RecipeNote> obstacles) {
        if (!obstacles.isEmpty()) {
            throw new IllegalStateException("the recipe is not complete: " + Notes.line(obstacles, MOST_IN_MESSAGE));
        }
    }

    /**
     * All notes, one a line, those that keep the recipe from being complete first.
     *
     * @return lines with status, key, value and reason
     */
    public String table() {
        return this + "\n" + Notes.table(notes);
    }

    /**
     * One line.
     *
     * @return for example {@code AXOLOTL recipe of mistralai/Mistral-7B-v0.1, not complete: not modelled sample_packing,
     *     fsdp; missing sequence}
     */
    @Override
    public String toString() {
        String tools = kinds().stream().map(RecipeKind::name).collect(Collectors.joining(" and "));
        return tools + " recipe of " + modelId().map(Shown::text).orElse("a model that it does not name") + ", "
                + (complete() ? "complete" : "not complete: " + Notes.names(obstacles()));
    }
}
