package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.units.DType;
import java.util.List;
import java.util.Objects;

/**
 * Learned keys and values before those of each layer (peft/peft_model.py, get_prompt with prefix tuning): one table gives
 * them all, cast to the format of the model and cut into the layers' shares.
 */
public final class LearnedPrefix {

    private final Tensor table;

    LearnedPrefix(int length, ModelSpec model) {
        this.table = Tape.parameter(length, width(model), DType.FP32, true);
    }

    /** The elements that one virtual token has in all layers: PEFT takes the heads' size to be hidden size / heads. */
    public static long width(ModelSpec model) {
        long width = 0;
        for (Layer layer : model.layers()) {
            Attention.Grouped attention = (Attention.Grouped) layer.attention();
            width += 2L * attention.keyValueHeads() * attention.headSize();
        }
        return width;
    }

    /**
     * Fills the cache of a pass; the gradients come together when all layers have run backwards.
     *
     * @param layers the attention of each layer as the cache sees it
     */
    void load(Tape tape, Pass pass, List<Attention> layers) {
        KeyValueCache cache = Objects.requireNonNull(pass.cache());
        tape.at("adapters");
        Tensor indices = tape.allocate(pass.batch(), table.rows(), DType.INT64);
        Tensor wide = tape.allocate(pass.batch() * table.rows(), table.columns(), table.type());
        Tensor cast = tape.rebind(wide, Casts.cast(tape, wide, pass.stream()));
        cache.load(tape, layers);
        tape.drop(cast);
        tape.atEndOfBackward(() -> {
            tape.drop(indices);
            tape.at("adapters");
            cache.dropPrefixGradients(tape);
            Tensor gathered = tape.allocate(cast.rows(), cast.columns(), cast.type());
            gathered = tape.rebind(gathered, tape.allocate(cast.rows(), cast.columns(), cast.type()));
            gathered = tape.rebind(gathered, tape.allocate(cast.rows(), cast.columns(), table.type()));
            tape.rest(table, tape.rebind(gathered, tape.allocate(table.rows(), table.columns(), table.type())));
        });
    }
}
