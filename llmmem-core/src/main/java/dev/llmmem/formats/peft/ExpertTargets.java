package dev.llmmem.formats.peft;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What LoRA's targets mean for a mixture whose experts were modules in transformers 4 and are tensors since: peft 0.21.0, {@code
 * peft/utils/transformers_weight_conversion.py}, {@code _convert_peft_config_moe}. The names of modules become those of parameters,
 * and where two were fused into one, its rank is doubled.
 */
final class ExpertTargets {

    private static final String FUSED = "gate_up_proj";

    /** A name of a module, and the parameter that it is now. */
    private record Renamed(String module, String parameter) {}

    private static final List<Renamed> OF_MIXTRAL = List.of(
            new Renamed("gate", "gate.weight"),
            new Renamed("w1", FUSED),
            new Renamed("w3", FUSED),
            new Renamed("w2", "down_proj"));
    private static final List<Renamed> OF_QWEN = List.of(
            new Renamed("gate", "gate.weight"),
            new Renamed("gate_proj", FUSED),
            new Renamed("up_proj", FUSED),
            new Renamed("down_proj", "down_proj"));

    private static final Set<String> LIKE_MIXTRAL = Set.of("minimax", "minimax_m2", "mixtral");
    private static final Set<String> LIKE_QWEN = Set.of(
            "afmoe",
            "cohere2_moe",
            "deepseek_v2",
            "deepseek_v3",
            "deepseek_v32",
            "dots1",
            "ernie4_5_moe",
            "exaone_moe",
            "flex_olmo",
            "glm4_moe",
            "glm4_moe_lite",
            "glm_moe_dsa",
            "hunyuan_v1_moe",
            "longcat_flash",
            "mellum",
            "olmoe",
            "qwen3_moe",
            "qwen3_next",
            "solar_open");

    private ExpertTargets() {}

    /** The recipe for a model; the same one where nothing of the model was renamed, or where the recipe is not LoRA's. */
    static Recipe rename(Recipe recipe, ModelSpec model, StepBudget steps) {
        List<Renamed> renamed = LIKE_MIXTRAL.contains(model.modelType())
                ? OF_MIXTRAL
                : LIKE_QWEN.contains(model.modelType()) ? OF_QWEN : List.of();
        Lora lora = recipe.lora();
        if (renamed.isEmpty() || lora == null) {
            return recipe;
        }
        Set<String> names = names(recipe.selection(), model, renamed, steps);
        Set<String> parameters = new LinkedHashSet<>(recipe.parameters());
        Set<String> left = new LinkedHashSet<>();
        Set<String> fused = new LinkedHashSet<>();
        for (String name : names) {
            Optional<Renamed> found = renamed.stream()
                    .filter(each -> name.equals(each.module()) || name.endsWith("." + each.module()))
                    .findFirst();
            if (found.isEmpty()) {
                left.add(name);
                continue;
            }
            parameters.add(found.get().parameter());
            if (found.get().parameter().equals(FUSED)) {
                fused.add(found.get().module());
            }
        }
        if (fused.size() == 1) {
            throw new IllegalArgumentException("target_modules has "
                    + fused.iterator().next() + " alone, permitted " + together(renamed) + ": they are one tensor");
        }
        if (left.isEmpty() && parameters.isEmpty()) {
            throw new IllegalArgumentException("target_modules chooses nothing of model type " + model.modelType()
                    + ", permitted names of modules; PEFT has no default of LORA for it");
        }
        Lora ranked = fused.isEmpty() ? lora : lora.withDoubledRank(".*\\." + FUSED);
        return new Recipe(
                ranked.method(),
                recipe.selection().withTargets(NameRule.named(left)),
                recipe.bias(),
                recipe.tokens(),
                List.copyOf(parameters),
                ranked,
                null);
    }

    private static String together(List<Renamed> renamed) {
        return String.join(
                " and ",
                renamed.stream()
                        .filter(each -> each.parameter().equals(FUSED))
                        .map(Renamed::module)
                        .toList());
    }

    /** The targets as a list of names: what a pattern matches now, or would have matched before, by its last part. */
    private static Set<String> names(Selection selection, ModelSpec model, List<Renamed> renamed, StepBudget steps) {
        Set<String> names = new LinkedHashSet<>();
        Optional<NameRule> targets = selection.stated();
        if (targets.isEmpty()) {
            return names;
        }
        if (targets.get().isList()) {
            return targets.get().names();
        }
        ModuleTree tree = new ModuleTree(model);
        if (targets.get().isAllLinear()) {
            tree.forEach(module -> {
                if (module.isLinear() && !ModuleTree.isHead(module)) {
                    names.add(last(module.name()));
                }
            });
            renamed.forEach(each -> names.add(each.module()));
            return names;
        }
        List<String> parameters = parameters(tree);
        tree.names().stream().filter(name -> selection.choosesName(name, steps)).forEach(name -> names.add(last(name)));
        parameters.stream().filter(name -> selection.choosesName(name, steps)).forEach(name -> names.add(last(name)));
        for (Renamed each : renamed) {
            boolean before = parameters.stream()
                    .filter(name -> last(name).equals(each.parameter()))
                    .map(name ->
                            name.substring(0, name.length() - each.parameter().length()) + each.module())
                    .anyMatch(name -> selection.choosesName(name, steps));
            if (before) {
                names.add(each.module());
            }
        }
        return names;
    }

    private static List<String> parameters(ModuleTree tree) {
        List<String> parameters = new ArrayList<>();
        tree.forEach(module -> {
            for (Parameter parameter : module.parameters()) {
                parameters.add(module.name() + "." + last(parameter.name()));
            }
        });
        return parameters;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
