package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Functions;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.model.LayerRun;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model: embedding, layers, final norm and head (transformers, LlamaForCausalLM). A family overrides
 * the steps in which it differs.
 */
public abstract class CausalModel {

    /**
     * What a call of the model with labels returns.
     *
     * @param logits the logits of all tokens
     * @param loss the loss
     */
    public record Outputs(Tensor logits, Tensor loss) {}

    /** What a model is built from. */
    public record Setup(ModelSpec spec, Training training, Checkpointing checkpointing, boolean inputsWantGradients) {}

    final ModelSpec spec;
    final Modules modules;
    private final Checkpointing checkpointing;
    private final boolean inputsWantGradients;
    private final List<Run> runs = new ArrayList<>();
    private @Nullable Transform norm;
    final Tensor embedding;
    private final Transform head;

    CausalModel(Setup setup) {
        this.spec = setup.spec();
        this.modules = new Modules(setup.training());
        this.checkpointing = setup.checkpointing();
        this.inputsWantGradients = setup.inputsWantGradients();
        this.embedding = modules.tensor(embeddingTable());
        this.head = head();
    }

    // ---- what families say -------------------------------------------------------------------------------------

    /** The modules of a layer. */
    abstract Block block(Layer layer);

    /** The norm after the last layer, or null where there is none. */
    abstract @Nullable Transform finalNorm();

    /** The table of token embeddings. */
    Parameter embeddingTable() {
        return outer("embed_tokens.weight");
    }

    /** From the stream to logits; a tied head reads the embedding's table. */
    Transform head() {
        if (spec.tiedHead()) {
            return new Projection(embedding, null, spec.hiddenSize(), spec.vocabularySize(), null);
        }
        return modules.projection(outer("lm_head.weight"), spec.findOuter("lm_head.bias").orElse(null));
    }

    /**
     * The residual stream before the first layer.
     *
     * @param positions the position ids, where layers are given them
     */
    record Embedded(Tensor hidden, @Nullable Tensor positions) {}

    /** Makes the residual stream; what lives to the end of the call goes into the locals. */
    Embedded embed(Tape tape, Pass pass, Locals locals) {
        Tensor embedded = locals.hold(tokens(tape, pass));
        return new Embedded(tape.alias(embedded), positions(tape, pass, locals));
    }

    /** The call of the model as its layers see it. */
    Pass called(Pass pass) {
        return pass;
    }

    /** What tells the rotary tables of layers apart; null for layers whose positions are not rotated. */
    @Nullable Object rotaryKey(Attention attention) {
        return rotarySize(attention) > 0 ? rotarySize(attention) : null;
    }

    /** Makes the rotary tables of layers with an attention. */
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        return Rotary.table(tape, pass.length(), rotarySize(attention), pass.stream());
    }

    /** What is added to the scores for their distance, if anything is. */
    @Nullable Tensor bias(Tape tape, Pass pass, Locals locals) {
        return null;
    }

    /** What happens to logits after the head. */
    Tensor finish(Tape tape, Tensor logits) {
        return logits;
    }

    /** How many elements of each head are rotated. */
    public static int rotarySize(Attention attention) {
        if (attention instanceof Attention.Grouped grouped) {
            return grouped.rotarySize();
        }
        return attention instanceof Attention.Latent latent ? latent.rotarySize() : 0;
    }

    // ---- pieces ----------------------------------------------------------------------------------------------------

    final Parameter outer(String name) {
        return spec.findOuter(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "model has no parameter " + name + ", which model type " + spec.modelType() + " needs"));
    }

    /** The embeddings of the tokens. */
    final Tensor tokens(Tape tape, Pass pass) {
        tape.at("embedding");
        Tensor embedded = Products.embedding(tape, embedding, pass.tokens());
        return inputsWantGradients ? tape.wantingGradient(embedded) : embedded;
    }

    /** Position ids: a range, and its copy shifted by what the cache holds. */
    final Tensor positions(Tape tape, Pass pass, Locals locals) {
        Tensor range = tape.allocate(1, pass.length(), DType.INT64);
        return locals.hold(tape.rebind(range, tape.allocate(1, pass.length(), DType.INT64)));
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    /** Builds the layers. Unless they are folded, every one is traced by itself. */
    final void build(boolean folded) {
        norm = finalNorm();
        for (LayerRun run : spec.layerRuns()) {
            int repeats = folded ? run.repeats() : 1;
            for (int copy = 0; copy < run.repeats() / repeats; copy++) {
                List<Built> group = new ArrayList<>();
                for (Layer layer : run.layers()) {
                    group.add(new Built(layer, block(layer)));
                }
                runs.add(new Run(group, repeats));
            }
        }
    }

    private record Built(Layer layer, Block block) {}

    /** A group of layers, so many times in a row. */
    private record Run(List<Built> group, int repeats) {}

    /** Runs the model with labels. The last hidden state lives until the loss has been computed. */
    public final Outputs loss(Tape tape, Pass pass) {
        Tensor hidden = trunk(tape, pass);
        Tensor logits = head(tape, hidden, pass.tokens());
        tape.at("loss");
        Tensor loss = Functions.crossEntropy(tape, logits, pass.batch());
        tape.drop(hidden);
        return new Outputs(logits, loss);
    }

    /**
     * Runs the model and returns the logits.
     *
     * @param rows the rows of logits to compute: all tokens, or one for each row of the batch
     */
    public final Tensor logits(Tape tape, Pass pass, long rows) {
        Tensor hidden = trunk(tape, pass);
        Tensor logits = head(tape, hidden, rows);
        tape.drop(hidden);
        return logits;
    }

    private Tensor head(Tape tape, Tensor hidden, long rows) {
        tape.at("head");
        Tensor kept = Shapes.view(tape, hidden, rows, hidden.columns());
        return finish(tape, head.apply(tape, kept.last()));
    }

    private Tensor trunk(Tape tape, Pass call) {
        Pass pass = called(call);
        Locals locals = new Locals(tape);
        Embedded embedded = embed(tape, pass, locals);
        Map<Attention, Context> contexts = contexts(tape, pass, embedded.positions(), locals);
        Tensor hidden = embedded.hidden();
        for (Run run : runs) {
            UnaryOperator<Tensor> group = input -> run(tape, run.group(), input, pass, contexts);
            hidden = run.repeats() == 1
                    ? tape.rebind(hidden, group.apply(hidden))
                    : tape.repeat(run.repeats(), hidden, group);
        }
        tape.at("final norm");
        hidden = norm == null ? hidden : tape.rebind(hidden, norm.apply(tape, hidden));
        locals.drop();
        return hidden;
    }

    private Tensor run(
            Tape tape, List<Built> group, Tensor input, Pass pass, Map<Attention, Context> contexts) {
        Tensor stream = input;
        for (Built built : group) {
            Context context = Objects.requireNonNull(contexts.get(built.layer().attention()));
            UnaryOperator<Tensor> block = x -> built.block().apply(tape, x, pass, context);
            Tensor next = checkpointing == Checkpointing.NONE
                    ? block.apply(stream)
                    : tape.checkpoint(checkpointing, stream, context.tensors(), block);
            stream = stream == input ? next : tape.rebind(stream, next);
        }
        return stream;
    }

    /** What layers are given, by their attention: those with the same window share a mask. */
    private Map<Attention, Context> contexts(
            Tape tape, Pass pass, @Nullable Tensor positions, Locals locals) {
        Map<Attention, Context> contexts = new LinkedHashMap<>();
        for (LayerRun run : spec.layerRuns()) {
            for (Layer layer : run.layers()) {
                contexts.putIfAbsent(layer.attention(), NOTHING);
            }
        }
        tape.at("mask");
        Map<OptionalInt, Optional<Tensor>> masks = new HashMap<>();
        for (Attention attention : contexts.keySet()) {
            masks.computeIfAbsent(attention.window(), window -> mask(tape, pass, attention, locals));
        }
        Tensor bias = bias(tape, pass, locals);
        tape.at("rotary table");
        Map<Object, Rotary> tables = new HashMap<>();
        contexts.replaceAll((attention, nothing) -> {
            Object key = rotaryKey(attention);
            Rotary rotary = key == null
                    ? null
                    : tables.computeIfAbsent(key, k -> rotary(tape, pass, attention).held(locals));
            Tensor mask = masks.getOrDefault(attention.window(), Optional.empty()).orElse(null);
            return new Context(mask, rotary, positions, bias);
        });
        return contexts;
    }

    private static final Context NOTHING = new Context(null, null, null, null);

    private static Optional<Tensor> mask(Tape tape, Pass pass, Attention attention, Locals locals) {
        Tensor mask = CausalMask.make(tape, pass, attention);
        if (mask != null) {
            locals.hold(mask);
        }
        return Optional.ofNullable(mask);
    }
}
