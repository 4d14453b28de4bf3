package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Dropout;
import dev.llmmem.model.Layer;

/** LLaMA's block with shifted norms, biases, a plain network and dropout (transformers: starcoder2). */
final class Starcoder2Family extends LlamaFamily {

    private final Dropout dropout;

    Starcoder2Family(Setup setup) {
        super(setup);
        this.dropout = setup.training().dropout();
    }

    @Override
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor embedded = locals.hold(tokens(tape, pass));
        Tensor positions = positions(tape, pass, locals);
        return new Embedded(Functions.dropout(tape, embedded, dropout.embedding()), positions);
    }

    @Override
    Transform finalNorm() {
        return modules.layerNorm(outer("norm.weight"), outer("norm.bias"));
    }

    @Override
    Transform norm(Layer layer, String name) {
        return modules.layerNorm(layer, name);
    }

    @Override
    Transform output(Layer layer) {
        return new Dropping(super.output(layer), dropout.residual());
    }

    @Override
    Transform mlp(Layer layer) {
        return new PlainMlp(
                modules.projection(layer, "mlp.c_fc"),
                modules.projection(layer, "mlp.c_proj"),
                layer.feedForward().activation(),
                dropout.residual());
    }
}
