package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Strategy;
import org.jspecify.annotations.Nullable;

/** Learned embeddings before the tokens of each row (peft/peft_model.py, PeftModelForCausalLM with prompt tuning). */
final class LearnedPrompt {

    private final int length;
    private final Tensor table;

    /** The network that the embeddings pass, or null. */
    private final @Nullable Transform encoder;

    private LearnedPrompt(int length, long hiddenSize, @Nullable Transform encoder) {
        this.length = length;
        this.encoder = encoder;
        this.table = Tape.parameter(length, hiddenSize, DType.FP32, true);
    }

    /** What a strategy has stand before the tokens, or null. */
    static @Nullable LearnedPrompt of(Strategy strategy, long hiddenSize) {
        if (strategy instanceof Strategy.PTuning tuning) {
            Transform encoder = new EncodedPrompt(tuning.encoder(), hiddenSize);
            return new LearnedPrompt(tuning.virtualTokens(), hiddenSize, encoder);
        }
        return strategy instanceof Strategy.PromptTuning tuning
                ? new LearnedPrompt(tuning.virtualTokens(), hiddenSize, null)
                : null;
    }

    /** How many embeddings are learned. */
    int length() {
        return length;
    }

    /** The learned embeddings and those of the tokens; labels and the result stay with the caller to the end. */
    Tensor prepend(Tape tape, Tensor embedded, Pass pass, Locals caller) {
        caller.hold(tape.allocate(pass.batch(), length, DType.INT64)); // labels of the learned part
        caller.hold(tape.allocate(pass.batch(), pass.length(), DType.INT64));
        Tensor indices = tape.allocate(pass.batch(), length, DType.INT64);
        Tensor prompt = Products.embedding(tape, table, length, indices.last());
        prompt = encoder == null ? prompt : tape.rebind(prompt, encoder.apply(tape, prompt));
        prompt = tape.rebind(prompt, Shapes.expand(tape, prompt, pass.batch() * length));
        prompt = caller.hold(tape.rebind(prompt, Casts.cast(tape, prompt, embedded.type())));
        Tensor all = tape.rebind(embedded, Shapes.stack(tape, prompt, embedded, pass.batch() == 1));
        return tape.alias(caller.hold(all));
    }
}
