package dev.llmmem.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An optimizer as a person would name it. */
final class DescribeOptimizer {

    private DescribeOptimizer() {}

    static String text(Optimizer optimizer) {
        if (optimizer instanceof Optimizer.AdamW adamW) {
            return "AdamW" + (adamW.amsgrad() ? " with AMSGrad" : "") + implementation(adamW.implementation());
        }
        if (optimizer instanceof Optimizer.Sgd sgd) {
            return "SGD" + sgd(sgd) + implementation(sgd.implementation());
        }
        if (optimizer instanceof Optimizer.AdamW8bit adam) {
            return paged(adam.paged()) + "8-bit AdamW" + embeddings(adam.embeddingsInFp32());
        }
        if (optimizer instanceof Optimizer.AdamW32bit adam) {
            return paged(adam.paged()) + "32-bit AdamW";
        }
        if (optimizer instanceof Optimizer.Lion8bit lion) {
            return paged(lion.paged()) + "8-bit Lion" + embeddings(lion.embeddingsInFp32());
        }
        if (optimizer instanceof Optimizer.Lion32bit lion) {
            return paged(lion.paged()) + "32-bit Lion";
        }
        if (optimizer instanceof Optimizer.GaLore galore) {
            return "GaLore rank " + galore.rank() + (galore.refreshing() ? "" : " between refreshes");
        }
        if (optimizer instanceof Optimizer.AdamMini) {
            return "Adam-mini";
        }
        if (optimizer instanceof Optimizer.RmsProp) {
            return "RMSprop";
        }
        return optimizer.getClass().getSimpleName();
    }

    private static String sgd(Optimizer.Sgd sgd) {
        List<String> parts = new ArrayList<>();
        if (sgd.momentum()) {
            parts.add(sgd.nesterov() ? "Nesterov momentum" : "momentum");
        }
        if (sgd.weightDecay()) {
            parts.add("weight decay");
        }
        return parts.isEmpty() ? "" : " with " + String.join(" and ", parts);
    }

    private static String paged(boolean paged) {
        return paged ? "paged " : "";
    }

    private static String embeddings(boolean inFp32) {
        return inFp32 ? " but fp32 for embeddings" : "";
    }

    private static String implementation(Optimizer.Implementation implementation) {
        return implementation == Optimizer.Implementation.FOREACH
                ? ""
                : " (" + implementation.name().toLowerCase(Locale.ROOT) + ")";
    }
}
