package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.units.DType;

/** OLMo: norms without parameters, rotation in fp32 (transformers: olmo). */
class OlmoFamily extends LlamaFamily {

    private static final Transform BARE_NORM = (tape, x) -> {
        Tensor wide = Casts.cast(tape, x, DType.FP32);
        Tensor result = Functions.layerNorm(tape, wide.last(), null, null);
        return tape.rebind(result, Casts.cast(tape, result, x.type()));
    };

    OlmoFamily(Setup setup) {
        super(setup);
    }

    @Override
    Transform finalNorm() {
        return BARE_NORM;
    }

    @Override
    Transform norm(Layer layer, String name) {
        return BARE_NORM;
    }

    @Override
    SelfAttention attention(Layer layer) {
        return super.attention(layer).turnedBy(Rotation.WIDE);
    }

    /** The tables stay in fp32. */
    @Override
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        return Rotary.table(tape, pass.length(), ((Attention.Grouped) attention).rotarySize(), DType.FP32);
    }
}
