package dev.llmmem.workload;

/** An optimizer in JSON: its kind, and each of its settings that is not always the same. */
final class OptimizerJson {

    private OptimizerJson() {}

    static void write(JsonWriter json, Optimizer optimizer) {
        if (optimizer instanceof Optimizer.AdamW adamW) {
            json.field("kind", "adamW")
                    .field("implementation", adamW.implementation())
                    .field("amsgrad", adamW.amsgrad());
        } else if (optimizer instanceof Optimizer.Sgd sgd) {
            json.field("kind", "sgd")
                    .field("momentum", sgd.momentum())
                    .field("nesterov", sgd.nesterov())
                    .field("weightDecay", sgd.weightDecay())
                    .field("implementation", sgd.implementation());
        } else if (optimizer instanceof Optimizer.RmsProp) {
            json.field("kind", "rmsProp");
        } else if (optimizer instanceof Optimizer.Adagrad) {
            json.field("kind", "adagrad");
        } else if (optimizer instanceof Optimizer.Adafactor) {
            json.field("kind", "adafactor");
        } else if (optimizer instanceof Optimizer.AdamW8bit adam) {
            eightBits(json, "adamW8bit", adam.paged(), adam.embeddingsInFp32());
        } else if (optimizer instanceof Optimizer.AdamW32bit adam) {
            json.field("kind", "adamW32bit").field("paged", adam.paged());
        } else if (optimizer instanceof Optimizer.Lion) {
            json.field("kind", "lion");
        } else if (optimizer instanceof Optimizer.Lion8bit lion) {
            eightBits(json, "lion8bit", lion.paged(), lion.embeddingsInFp32());
        } else if (optimizer instanceof Optimizer.Lion32bit lion) {
            json.field("kind", "lion32bit").field("paged", lion.paged());
        } else if (optimizer instanceof Optimizer.AdamMini) {
            json.field("kind", "adamMini");
        } else if (optimizer instanceof Optimizer.GaLore galore) {
            json.field("kind", "galore").field("rank", galore.rank()).field("refreshing", galore.refreshing());
        } else if (optimizer instanceof Optimizer.Muon) {
            json.field("kind", "muon");
        } else {
            throw new IllegalStateException("optimizer " + optimizer + " has no JSON");
        }
    }

    private static void eightBits(JsonWriter json, String kind, boolean paged, boolean embeddingsInFp32) {
        json.field("kind", kind).field("paged", paged).field("embeddingsInFp32", embeddingsInFp32);
    }

    static Optimizer read(JsonObject json) {
        return switch (json.kind(
                "adamW",
                "sgd",
                "rmsProp",
                "adagrad",
                "adafactor",
                "adamW8bit",
                "adamW32bit",
                "lion",
                "lion8bit",
                "lion32bit",
                "adamMini",
                "galore",
                "muon")) {
            case "adamW" -> new Optimizer.AdamW(implementation(json), flag(json, "amsgrad"));
            case "rmsProp" -> new Optimizer.RmsProp();
            case "adagrad" -> new Optimizer.Adagrad();
            case "adafactor" -> new Optimizer.Adafactor();
            case "adamW8bit" -> new Optimizer.AdamW8bit(json.get("paged").bool(), flag(json, "embeddingsInFp32"));
            case "adamW32bit" -> new Optimizer.AdamW32bit(json.get("paged").bool());
            case "lion" -> new Optimizer.Lion();
            case "lion8bit" -> new Optimizer.Lion8bit(json.get("paged").bool(), flag(json, "embeddingsInFp32"));
            case "lion32bit" -> new Optimizer.Lion32bit(json.get("paged").bool());
            case "adamMini" -> new Optimizer.AdamMini();
            case "galore" -> galore(json);
            case "muon" -> new Optimizer.Muon();
            default -> sgd(json);
        };
    }

    private static Optimizer sgd(JsonObject json) {
        boolean momentum = json.get("momentum").bool();
        boolean nesterov = flag(json, "nesterov");
        if (nesterov && !momentum) {
            throw json.get("nesterov").refused("must be false without momentum");
        }
        return new Optimizer.Sgd(momentum, nesterov, flag(json, "weightDecay"), implementation(json));
    }

    private static Optimizer galore(JsonObject json) {
        int rank = json.get("rank").integer(1, 1 << 20, "dimensions");
        boolean refreshing = !json.has("refreshing") || json.get("refreshing").bool();
        return new Optimizer.GaLore(rank, refreshing);
    }

    /** A setting that is off unless it is there and true. */
    private static boolean flag(JsonObject json, String name) {
        return json.has(name) && json.get(name).bool();
    }

    private static Optimizer.Implementation implementation(JsonObject json) {
        return json.has("implementation")
                ? json.get("implementation").constant(Optimizer.Implementation.class)
                : Optimizer.Implementation.FOREACH;
    }
}
