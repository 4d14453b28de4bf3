package dev.llmmem.bench;

import tools.jackson.databind.JsonNode;

/** Names for sets of alike cases. */
final class RowGroup {

    private RowGroup() {}

    /** The kind of job: {@code task/strategy/precision/parallelism}, such as {@code train/lora/bf16/single}. */
    static String job(JsonNode oracle) {
        return String.join(
                "/", oracle.path("task").asString(""), strategy(oracle), precision(oracle), parallelism(oracle));
    }

    /** The family of models: {@code model/} and its type. */
    static String model(String type) {
        return "model/" + type;
    }

    private static String strategy(JsonNode oracle) {
        if (!oracle.path("task").asString("").equals("train")) {
            return "inference";
        }
        JsonNode peft = oracle.path("peft");
        if (peft.isMissingNode()) {
            return "full";
        }
        return peft.path("use_dora").asBoolean(false)
                ? "dora"
                : peft.path("type").asString("");
    }

    /** The weights' format, or their quantization; then that of autocast. */
    private static String precision(JsonNode oracle) {
        String weights =
                oracle.path("quantization").asString(oracle.path("weights").asString(""));
        String autocast = oracle.path("autocast").asString("");
        return autocast.isEmpty() ? weights : weights + "+" + autocast + "-autocast";
    }

    private static String parallelism(JsonNode oracle) {
        JsonNode parallel = oracle.path("parallel");
        if (parallel.has("shard")) {
            return "fsdp";
        }
        return parallel.has("tensor") ? "tensor" : "single";
    }
}
