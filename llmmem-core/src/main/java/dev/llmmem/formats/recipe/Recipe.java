package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a job file says about memory, and what became of each of its keys.
 *
 * <p>A job on many devices is read as what one device would run alone; the settings that divide it are among {@link
 * #notes()} as {@link Status#NOT_MODELLED}. Look at those before a figure is trusted.
 *
 * <p>Immutable and thread-safe.
 */
public final class Recipe {

    private static final List<Setting> NEEDED = List.of(
            Setting.STRATEGY,
            Setting.WEIGHTS,
            Setting.BATCH,
            Setting.SEQUENCE,
            Setting.OPTIMIZER,
            Setting.CHECKPOINTING,
            Setting.ATTENTION,
            Setting.LOSS_KERNEL);

    private final Set<RecipeKind> kinds;
    private final Optional<String> modelId;
    private final Map<Setting, Object> settings;
    private final Map<Setting, String> blocked;
    private final Set<Setting> defaults;
    private final List<RecipeNote> notes;

    Recipe(
            Set<RecipeKind> kinds,
            Optional<String> modelId,
            Map<Setting, Object> settings,
            Map<Setting, String> blocked,
            Set<Setting> defaults,
            List<RecipeNote> notes) {
        this.kinds = Set.copyOf(kinds);
        this.modelId = modelId;
        this.settings = Map.copyOf(settings);
        this.blocked = Map.copyOf(blocked);
        this.defaults = Set.copyOf(defaults);
        this.notes = List.copyOf(notes);
    }

    /**
     * The tools that the recipe is for.
     *
     * @return one, or several where recipes were combined
     */
    public Set<RecipeKind> kinds() {
        return kinds;
    }

    /**
     * The model as the recipe names it.
     *
     * @return a Hub id or a path, or empty
     */
    public Optional<String> modelId() {
        return modelId;
    }

    /**
     * What became of each key and each default.
     *
     * @return an unmodifiable list, without what is missing
     */
    public List<RecipeNote> notes() {
        return notes;
    }

    /**
     * The notes of one kind.
     *
     * @param status the kind; {@link Status#MISSING} gives {@link #missing()}
     * @return an unmodifiable list
     */
    public List<RecipeNote> notes(Status status) {
        return status == Status.MISSING
                ? missing()
                : notes.stream().filter(note -> note.status() == status).toList();
    }

    /**
     * What keeps the recipe from being a whole job.
     *
     * @return the settings that are not there or not modelled, each with the reason; empty if the job is complete
     */
    public List<RecipeNote> missing() {
        List<RecipeNote> missing = new ArrayList<>();
        if (modelId.flatMap(Models::find).isEmpty()) {
            missing.add(lack(
                    Setting.MODEL,
                    modelId.map(id -> Shown.text(id) + " is not bundled").orElse("not named")));
        }
        missing.addAll(missingBesidesModel());
        return List.copyOf(missing);
    }

    private List<RecipeNote> missingBesidesModel() {
        List<RecipeNote> missing = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (blocked.containsKey(setting)) {
                missing.add(lack(setting, blocked.get(setting)));
            } else if (NEEDED.contains(setting) && !settings.containsKey(setting)) {
                missing.add(lack(setting, "not in the recipe"));
            }
        }
        return missing;
    }

    private static RecipeNote lack(Setting setting, String why) {
        return new RecipeNote(setting.shown(), "", Status.MISSING, why);
    }

    /**
     * Whether {@link #workload()} gives a job.
     *
     * @return true if nothing is missing
     */
    public boolean complete() {
        return missing().isEmpty();
    }

    /**
     * The job, with the bundled model of the recipe's name.
     *
     * @return the job, but for what is not modelled
     * @throws IllegalStateException if something is missing, with all of it
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload workload() {
        require(missing());
        return with(modelId.flatMap(Models::find).orElseThrow());
    }

    /**
     * The job of a given model.
     *
     * @param model the model
     * @return the job, but for what is not modelled
     * @throws IllegalStateException if something but the model is missing, with all of it
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload workload(ModelSpec model) {
        require(missingBesidesModel());
        return with(model);
    }

    private static void require(List<RecipeNote> missing) {
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the recipe is no whole job: "
                    + String.join(
                            "; ",
                            missing.stream()
                                    .map(note -> note.key() + ": " + note.why())
                                    .toList()));
        }
    }

    private Workload with(ModelSpec model) {
        return applied(Workload.builder().model(model), Precision.BF16).build();
    }

    /**
     * A job with the settings that the recipe gives; what the recipe leaves open, or what is missing, stays.
     *
     * @param job the job
     * @return a changed job; the model stays
     * @throws IllegalArgumentException if the settings make no job, with every violation
     */
    public Workload applyTo(Workload job) {
        return applied(job.toBuilder(), job.precision()).build();
    }

    private Workload.Builder applied(Workload.Builder start, Precision before) {
        Workload.Builder job = start;
        for (Map.Entry<Setting, Object> entry :
                new EnumMap<>(settings.isEmpty() ? Map.of(Setting.MODEL, "") : settings).entrySet()) {
            Object value = entry.getValue();
            if (blocked.containsKey(entry.getKey())) {
                continue;
            }
            job = switch (entry.getKey()) {
                case MODEL, OBJECTIVE, WEIGHTS, AUTOCAST -> job;
                case STRATEGY -> job.strategy((Strategy) value);
                case QUANTIZATION -> job.quantization((Quantization) value);
                case BATCH -> job.batch((Integer) value);
                case SEQUENCE -> job.sequence((Integer) value);
                case ACCUMULATION -> job.accumulation((Integer) value);
                case OPTIMIZER -> job.optimizer((Optimizer) value);
                case GRADIENTS -> job.gradients((dev.llmmem.workload.Gradients) value);
                case CHECKPOINTING -> job.checkpointing((Checkpointing) value);
                case ATTENTION -> job.attention((AttentionKernel) value);
                case LOSS_KERNEL -> job.lossKernel((LossKernel) value);
                case PACKED -> job.packed((Boolean) value);
            };
        }
        DType weights = (DType) settings.getOrDefault(Setting.WEIGHTS, before.weights());
        Optional<DType> autocast = settings.containsKey(Setting.AUTOCAST)
                ? Optional.of((DType) settings.get(Setting.AUTOCAST)).filter(type -> type != DType.FP32)
                : settings.containsKey(Setting.WEIGHTS) ? Optional.empty() : before.autocast();
        return blocked.containsKey(Setting.WEIGHTS) || blocked.containsKey(Setting.AUTOCAST)
                ? job
                : job.precision(new Precision(weights, autocast));
    }

    /**
     * This recipe and another one for the same run, for example a {@code ds_config.json}. What is set goes before what is
     * a tool's default.
     *
     * @param other the other recipe
     * @return both in one
     * @throws IllegalArgumentException if both set one thing to different values
     */
    public Recipe and(Recipe other) {
        Map<Setting, Object> both = new EnumMap<>(Setting.class);
        Set<Setting> standard = new HashSet<>();
        for (Setting setting : Setting.values()) {
            Object mine = settings.get(setting);
            Object theirs = other.settings.get(setting);
            boolean mineIsDefault = defaults.contains(setting);
            boolean theirsIsDefault = other.defaults.contains(setting);
            if (mine != null && theirs != null && !mine.equals(theirs) && mineIsDefault == theirsIsDefault) {
                throw new IllegalArgumentException(setting.shown() + " is " + Shown.text(mine) + " and "
                        + Shown.text(theirs) + ", but must be one value in all recipes of a run");
            }
            Object chosen = mine == null || (theirs != null && mineIsDefault && !theirsIsDefault) ? theirs : mine;
            if (chosen != null) {
                both.put(setting, chosen);
                if ((mine == null || mineIsDefault) && (theirs == null || theirsIsDefault)) {
                    standard.add(setting);
                }
            }
        }
        if (modelId.isPresent() && other.modelId.isPresent() && !modelId.equals(other.modelId)) {
            throw new IllegalArgumentException("model is " + Shown.text(modelId.get()) + " and "
                    + Shown.text(other.modelId.get()) + ", but must be one value in all recipes of a run");
        }
        Map<Setting, String> obstacles = new EnumMap<>(Setting.class);
        obstacles.putAll(blocked);
        other.blocked.forEach((setting, why) -> obstacles.merge(setting, why, (one, two) -> one + "; " + two));
        Set<RecipeKind> tools = new TreeSet<>(kinds);
        tools.addAll(other.kinds);
        List<RecipeNote> all = new ArrayList<>(notes);
        all.addAll(other.notes);
        return new Recipe(tools, modelId.or(() -> other.modelId), both, obstacles, standard, all);
    }

    @Override
    public String toString() {
        return "Recipe" + new TreeSet<>(kinds) + "[" + modelId.map(Shown::text).orElse("no model") + ", "
                + (complete() ? "complete" : missing().size() + " missing") + ", "
                + notes(Status.NOT_MODELLED).size() + " keys not modelled, "
                + notes(Status.UNKNOWN).size() + " unknown]";
    }
}
