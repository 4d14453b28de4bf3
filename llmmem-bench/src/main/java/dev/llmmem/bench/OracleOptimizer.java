package dev.llmmem.bench;

import dev.llmmem.workload.Optimizer;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The optimizer of a case of the fake-tensor oracle. */
final class OracleOptimizer {

    private OracleOptimizer() {}

    /**
     * The optimizer of a case.
     *
     * @param oracle the case
     * @return the optimizer, AdamW where the case names none
     * @throws OracleCase.NotModelled if the case asks for another
     */
    static Optimizer of(JsonNode oracle) {
        String name = oracle.path("optimizer").asString("adamw");
        JsonNode options = oracle.path("optimizer_options");
        OracleCase.refuseUnknown("optimizer option ", options, known(name));
        boolean embeddings = options.path("embeddings32").asBoolean(false);
        return switch (name) {
            case "adamw", "adamw_foreach" -> adamW(options, Optimizer.Implementation.FOREACH);
            case "adamw_loop" -> adamW(options, Optimizer.Implementation.LOOP);
            case "adamw_fused" -> Optimizer.adamW(Optimizer.Implementation.FUSED);
            case "sgd" -> sgd(options);
            case "sgd_momentum" -> Optimizer.sgdWithMomentum();
            case "rmsprop" -> new Optimizer.RmsProp();
            case "adagrad" -> new Optimizer.Adagrad();
            case "adafactor" -> new Optimizer.Adafactor();
            case "muon" -> new Optimizer.Muon();
            case "lion" -> new Optimizer.Lion();
            case "adam_mini" -> new Optimizer.AdamMini();
            case "galore" ->
                new Optimizer.GaLore(
                        options.required("rank").asInt(), options.path("gap").asInt(200) == 1);
            case "adamw_8bit" -> new Optimizer.AdamW8bit(false, embeddings);
            case "paged_adamw_8bit" -> new Optimizer.AdamW8bit(true, embeddings);
            case "adamw_32bit" -> new Optimizer.AdamW32bit(false);
            case "paged_adamw_32bit" -> new Optimizer.AdamW32bit(true);
            case "lion_8bit" -> new Optimizer.Lion8bit(false, embeddings);
            case "paged_lion_8bit" -> new Optimizer.Lion8bit(true, embeddings);
            case "lion_32bit" -> new Optimizer.Lion32bit(false);
            case "paged_lion_32bit" -> new Optimizer.Lion32bit(true);
            default -> throw new OracleCase.NotModelled("optimizer " + name);
        };
    }

    private static Set<String> known(String optimizer) {
        return switch (optimizer) {
            case "adamw", "adamw_foreach", "adamw_loop" -> Set.of("amsgrad");
            case "sgd" -> Set.of("momentum", "nesterov", "weight_decay", "foreach");
            case "galore" -> Set.of("rank", "gap");
            case "adamw_8bit", "paged_adamw_8bit", "lion_8bit", "paged_lion_8bit" -> Set.of("embeddings32");
            default -> Set.of();
        };
    }

    private static Optimizer adamW(JsonNode options, Optimizer.Implementation implementation) {
        return new Optimizer.AdamW(implementation, options.path("amsgrad").asBoolean(false));
    }

    private static Optimizer sgd(JsonNode options) {
        return new Optimizer.Sgd(
                options.path("momentum").asDouble(0) > 0,
                options.path("nesterov").asBoolean(false),
                options.path("weight_decay").asDouble(0) > 0,
                options.path("foreach").asBoolean(true)
                        ? Optimizer.Implementation.FOREACH
                        : Optimizer.Implementation.LOOP);
    }
}
