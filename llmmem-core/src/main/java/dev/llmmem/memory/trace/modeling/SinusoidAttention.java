package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.units.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention whose first elements of each head are turned, neighbours against each other, by rows of a table of sines and
 * cosines that each layer looks up by itself (transformers, GPTJAttention and CodeGenAttention).
 *
 * @param inputs makes queries, keys and values
 * @param table sines and cosines of all positions
 * @param lookup how the rows of the table are picked
 */
record SinusoidAttention(HeadProjections inputs, Tensor table, Lookup lookup, WideAttending attending)
        implements Mixer {

    /** How a layer picks rows of its table of sines and cosines. */
    enum Lookup {
        /** From a copy of the table, by a copy of the positions for each column; cast to the format of the keys. */
        GATHERED,
        /** By the positions; the format of the table remains, and widens queries and keys. */
        INDEXED
    }

    @Override
    public ScoredAttention.Result apply(Tape tape, Tensor x, Pass pass, Context context) {
        Attention.Grouped attention = attending.attention();
        HeadProjections.Copies copies = new HeadProjections.Copies(false, false, attention.heads() > 1);
        HeadProjections.Heads heads = inputs.apply(tape, x, attention, copies);
        List<Tensor> locals = new ArrayList<>(heads.locals());
        Tensor rows = rows(tape, pass, heads.keys().type(), locals);
        Rotation.Parted k = parted(tape, heads.keys(), locals);
        Rotation.Parted q = parted(tape, heads.queries(), locals);
        Tensor first = turned(tape, k.first(), rows);
        Tensor firstQueries = turned(tape, q.first(), rows);
        tape.drop(k.first());
        tape.drop(q.first());
        Tensor keys = tape.rebind(heads.keys(), Shapes.concatenate(tape, first, k.rest()));
        Tensor queries = tape.rebind(heads.queries(), Shapes.concatenate(tape, firstQueries, q.rest()));
        locals.add(first);
        locals.add(firstQueries);
        if (lookup == Lookup.INDEXED && pass.cache() != null) {
            keys = tape.rebind(keys, Casts.cast(tape, keys, x.type()));
        }
        ScoredAttention.Result result = attending.apply(tape, queries, keys, heads.values(), pass, context);
        locals.forEach(tape::drop);
        return result;
    }

    private Rotation.Parted parted(Tape tape, Tensor heads, List<Tensor> locals) {
        Rotation.Parted parted = Rotation.Parted.of(tape, table.columns(), heads);
        locals.add(parted.rest());
        return parted;
    }

    private Tensor rows(Tape tape, Pass pass, DType type, List<Tensor> locals) {
        if (lookup == Lookup.INDEXED) {
            Tensor rows = tape.allocate(pass.length(), table.columns(), table.type());
            locals.add(rows);
            return rows;
        }
        locals.add(tape.allocate(table.rows(), table.columns(), table.type()));
        locals.add(tape.allocate(pass.length(), table.columns(), DType.INT64));
        Tensor gathered = tape.allocate(pass.length(), table.columns(), table.type());
        Tensor rows = Casts.cast(tape, gathered.last(), type);
        locals.add(rows);
        return rows;
    }

    /** Sines and cosines are written out for each element, anew for queries and for keys (apply_rotary_pos_emb). */
    private static Tensor turned(Tape tape, Tensor heads, Tensor rows) {
        Tensor sines = tape.allocate(rows.rows(), rows.columns(), rows.type());
        Tensor cosines = tape.allocate(rows.rows(), rows.columns(), rows.type());
        Tensor turned = new Rotary(cosines, sines).rotate(tape, heads);
        tape.drop(cosines);
        tape.drop(sines);
        return turned;
    }
}
