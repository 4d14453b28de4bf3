package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Arithmetic;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Layer;

/** Granite: LLaMA with embeddings, sums and logits scaled (transformers: granite). */
final class GraniteFamily extends LlamaFamily {

    GraniteFamily(Setup setup) {
        super(setup);
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor embedded = tokens(tape, pass);
        embedded = locals.hold(tape.rebind(embedded, Arithmetic.scale(tape, embedded)));
        return new Embedded(tape.alias(embedded), positions(tape, pass, locals));
    }

    @Override
    Block block(Layer layer) {
        return SequentialBlock.preNorm(
                        norm(layer, "input_layernorm"),
                        attention(layer),
                        norm(layer, "post_attention_layernorm"),
                        mlp(layer))
                .scaled();
    }

    @Override
    Tensor finish(Tape tape, Tensor logits) {
        return tape.rebind(logits, Arithmetic.scale(tape, logits));
    }
}
