package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.LigerLosses;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.LossKernel;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From the last hidden state to the loss, as the job's kernel does it. */
final class LossHead {

    /** The types whose head Liger fuses with the loss (liger_kernel/transformers/model), as far as they are modelled. */
    private static final Set<String> FUSED = Set.of(
            "llama",
            "mistral",
            "qwen2",
            "qwen3",
            "phi3",
            "gemma",
            "gemma2",
            "gemma3_text",
            "olmo2",
            "glm4",
            "smollm3",
            "exaone4");

    private final CausalModel model;
    private final LossKernel kernel;
    /** The matrix of a head that is fused with the loss. */
    private final @Nullable Tensor matrix;

    LossHead(CausalModel model, CausalModel.Setup setup) {
        this.model = model;
        this.kernel = setup.lossKernel();
        this.matrix = kernel == LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY ? matrix(model, setup.training()) : null;
    }

    private static Tensor matrix(CausalModel model, Training training) {
        String type = model.spec.modelType();
        if (!FUSED.contains(type)) {
            throw refused("for model type " + type + ": it is offered and modelled for " + new TreeSet<>(FUSED));
        }
        if (model.spec.tiedHead()) {
            return model.embedding;
        }
        Parameter weight = model.outer("lm_head.weight");
        if (training.packed(weight) != null) {
            throw refused("over a quantized lm_head: it reads the weight itself");
        }
        if (training.adapts(weight)) {
            throw refused("with an adapter on lm_head: it reads the weight and skips the adapter");
        }
        return model.modules.tensor(weight);
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "lossKernel is LIGER_FUSED_LINEAR_CROSS_ENTROPY, but must be EAGER or" + " LIGER_CROSS_ENTROPY " + why);
    }

    /**
     * Logits and loss.
     *
     * @param logits the logits of all tokens, or null where the loss makes none
     * @param loss the loss
     */
    record Result(@Nullable Tensor logits, Tensor loss) {}

    /** Reads the hidden state, which the caller goes on holding. */
    Result apply(Tape tape, Tensor hidden, Pass pass) {
        if (kernel == LossKernel.LIGER_FUSED_LINEAR_CROSS_ENTROPY) {
            tape.at("head and loss");
            if (!tape.flows(hidden)) {
                throw refused(
                        "where nothing before the head is trained: a loss of the head's gradient alone is not modelled");
            }
            Tensor rows = Shapes.view(tape, hidden, hidden.rows(), hidden.columns());
            Tensor loss = LigerLosses.fusedLinearCrossEntropy(tape, rows, Objects.requireNonNull(matrix), pass.batch());
            tape.drop(rows);
            return new Result(null, loss);
        }
        Tensor logits = model.head(tape, hidden, pass.tokens());
        tape.at("loss");
        Tensor loss = kernel == LossKernel.LIGER_CROSS_ENTROPY
                ? LigerLosses.crossEntropy(tape, logits, pass.batch())
                : eager(tape, logits, pass.batch());
        return new Result(logits, loss);
    }

    private static Tensor eager(Tape tape, Tensor logits, long batch) {
        return switch (tape.runtime().lossInput()) {
            case PADDED_LABELS -> Functions.crossEntropy(tape, logits, batch);
            case SHIFTED_LOGITS, SHIFTED_WIDE_LOGITS -> Functions.shiftedCrossEntropy(tape, logits, batch, DType.FP32);
            case SHIFTED_NARROW_LOGITS -> Functions.shiftedCrossEntropy(tape, logits, batch, logits.type());
        };
    }
}
