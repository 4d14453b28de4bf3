package dev.llmmem.formats.recipe;

import dev.llmmem.formats.recipe.Findings.Found;
import dev.llmmem.formats.recipe.RecipeNote.Status;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Models;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Precision;
import dev.llmmem.workload.Quantization;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs from what recipes say. */
final class Jobs {

    private static final Set<DType> TRAINABLE = Set.of(DType.FP32, DType.FP16, DType.BF16);

    private Jobs() {}

    static Optional<ModelSpec> model(Findings findings) {
        return findings.modelId().flatMap(Models::find);
    }

    /** The settings that a job needs and that are not there, for the bundled model. */
    static List<RecipeNote> missing(Findings findings) {
        Optional<ModelSpec> model = model(findings);
        List<RecipeNote> missing = new ArrayList<>();
        if (model.isEmpty()) {
            missing.add(lack(
                    Setting.MODEL,
                    findings.modelId()
                            .map(id -> Shown.text(id) + " is not among the bundled models; give the model")
                            .orElse("not named; give the model")));
        }
        missing.addAll(missingFor(findings, model));
        return missing;
    }

    /** The settings that a job of a given model needs and that are not there. */
    static List<RecipeNote> missingFor(Findings findings, Optional<ModelSpec> model) {
        List<RecipeNote> missing = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (setting != Setting.MODEL
                    && setting.needed()
                    && findings.find(setting).isEmpty()) {
                missing.add(lack(setting, "not in the recipe"));
            }
        }
        if (isAsStored(findings) && model.isPresent() && stored(model.get()).isEmpty()) {
            missing.add(
                    lack(
                            Setting.WEIGHTS,
                            "the tool takes the format of the checkpoint, which the model does not give as FP32, FP16 or BF16"));
        }
        return missing;
    }

    private static RecipeNote lack(Setting setting, String why) {
        return new RecipeNote(setting.shown(), "", Status.MISSING, why);
    }

    private static boolean isAsStored(Findings findings) {
        return findings.find(Setting.WEIGHTS).equals(Optional.of(Setting.AS_STORED));
    }

    private static Optional<DType> stored(ModelSpec model) {
        return model.storedType().filter(TRAINABLE::contains);
    }

    /** The job of a model, of whose settings none is missing. */
    static Workload of(Findings findings, ModelSpec model) {
        return apply(findings, Workload.builder().model(model), Precision.BF16, stored(model))
                .build();
    }

    /** A job with the settings that are there. */
    static Workload over(Findings findings, Workload job) {
        return apply(findings, job.toBuilder(), job.precision(), Optional.empty())
                .build();
    }

    private static Workload.Builder apply(
            Findings findings, Workload.Builder start, Precision before, Optional<DType> stored) {
        Workload.Builder job = start;
        Map<Setting, Found> settings = new EnumMap<>(Setting.class);
        settings.putAll(findings.settings());
        for (Map.Entry<Setting, Found> entry : settings.entrySet()) {
            Object value = entry.getValue().value();
            job = switch (entry.getKey()) {
                case MODEL, WEIGHTS, AUTOCAST -> job;
                case STRATEGY -> job.strategy((Strategy) value);
                case QUANTIZATION -> job.quantization((Quantization) value);
                case BATCH -> job.batch((Integer) value);
                case SEQUENCE -> job.sequence((Integer) value);
                case ACCUMULATION -> job.accumulation((Integer) value);
                case OPTIMIZER -> job.optimizer((Optimizer) value);
                case GRADIENTS -> job.gradients((Gradients) value);
                case CHECKPOINTING -> job.checkpointing((Checkpointing) value);
                case ATTENTION -> job.attention((AttentionKernel) value);
                case LOSS_KERNEL -> job.lossKernel((LossKernel) value);
                case PACKED -> job.packed((Boolean) value);
            };
        }
        DType weights = findings.find(Setting.WEIGHTS)
                .filter(value -> value instanceof DType)
                .map(value -> (DType) value)
                .or(() -> stored)
                .orElse(before.weights());
        Optional<DType> autocast = findings.find(Setting.AUTOCAST)
                .map(value -> Optional.of((DType) value).filter(type -> type != DType.FP32))
                .orElse(before.autocast());
        return job.precision(new Precision(weights, autocast));
    }
}
