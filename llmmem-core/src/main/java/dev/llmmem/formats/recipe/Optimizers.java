package dev.llmmem.formats.recipe;

import dev.llmmem.workload.Optimizer;
import dev.llmmem.workload.Optimizer.Implementation;
import java.util.Optional;

/** Optimizers by the names that tools give them. */
final class Optimizers {

    private Optimizers() {}

    /** A value of {@code optim} (transformers 5.18, training_args.py, trainer_optimizer.py); empty if not modelled. */
    static Optional<Optimizer> huggingFace(String name, boolean weightDecay) {
        return Optional.ofNullable(
                switch (name) {
                    case "adamw_torch" -> Optimizer.adamW();
                    case "adamw_torch_fused" -> Optimizer.adamW(Implementation.FUSED);
                    case "adafactor" -> new Optimizer.Adafactor();
                    case "sgd" -> new Optimizer.Sgd(false, false, weightDecay, Implementation.FOREACH);
                    // The Trainer keeps the states of embeddings in 32 bits.
                    case "adamw_bnb_8bit", "adamw_8bit" -> new Optimizer.AdamW8bit(false, true);
                    case "paged_adamw_8bit" -> new Optimizer.AdamW8bit(true, true);
                    case "paged_adamw_32bit" -> new Optimizer.AdamW32bit(true);
                    case "rmsprop" -> weightDecay ? null : new Optimizer.RmsProp();
                    case "adagrad" -> weightDecay ? null : new Optimizer.Adagrad();
                    case "lion_8bit" -> new Optimizer.Lion8bit(false, true);
                    case "paged_lion_8bit" -> new Optimizer.Lion8bit(true, true);
                    case "lion_32bit" -> new Optimizer.Lion32bit(false);
                    case "paged_lion_32bit" -> new Optimizer.Lion32bit(true);
                    default -> null;
                });
    }

    /** A class as torchtune names it; {@code fused} is what the recipe says, or empty. */
    static Optional<Optimizer> torchtune(String component, Optional<Boolean> fused) {
        return Optional.ofNullable(
                switch (component) {
                    case "torch.optim.AdamW" ->
                        Optimizer.adamW(fused.orElse(false) ? Implementation.FUSED : Implementation.FOREACH);
                    case "bitsandbytes.optim.AdamW8bit" -> new Optimizer.AdamW8bit(false);
                    case "bitsandbytes.optim.PagedAdamW8bit" -> new Optimizer.AdamW8bit(true);
                    case "bitsandbytes.optim.AdamW32bit" -> new Optimizer.AdamW32bit(false);
                    case "bitsandbytes.optim.PagedAdamW32bit" -> new Optimizer.AdamW32bit(true);
                    default -> null;
                });
    }
}
