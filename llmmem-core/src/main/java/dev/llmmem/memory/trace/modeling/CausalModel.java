package dev.llmmem.memory.trace.modeling;

import dev.llmmem.memory.trace.Casts;
import dev.llmmem.memory.trace.Fold;
import dev.llmmem.memory.trace.Products;
import dev.llmmem.memory.trace.Shapes;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.DType;
import dev.llmmem.workload.AttentionKernel;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.LossInput;
import dev.llmmem.workload.LossKernel;
import dev.llmmem.workload.Strategy;
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
     * @param logits the logits of all tokens, or null where the loss makes none
     * @param loss the loss
     * @param presents the keys and values of each layer, where layers return them
     */
    public record Outputs(@Nullable Tensor logits, Tensor loss, List<Tensor> presents) {

        /** All in fp32; the originals die when the last result is there (accelerate, convert_outputs_to_fp32). */
        public Outputs inFp32(Tape tape) {
            Outputs wide = new Outputs(
                    logits == null ? null : Casts.cast(tape, logits, DType.FP32),
                    Casts.cast(tape, loss, DType.FP32),
                    presents.stream()
                            .map(present -> Casts.castEach(tape, present, DType.FP32))
                            .toList());
            drop(tape);
            return wide;
        }

        /** The variables die. */
        public void drop(Tape tape) {
            if (logits != null) {
                tape.drop(logits);
            }
            tape.drop(loss);
            presents.forEach(tape::drop);
        }
    }

    /**
     * What a model is built from.
     *
     * @param projectionsAsCache whether GPT-BigCode returns keys and values as views of its projections
     */
    public record Setup(
            ModelSpec spec,
            Training training,
            Checkpointing checkpointing,
            boolean inputsWantGradients,
            LossKernel lossKernel,
            boolean projectionsAsCache) {}

    final ModelSpec spec;
    final Modules modules;
    private final Training training;
    private final Checkpointing checkpointing;
    private final boolean inputsWantGradients;
    private final List<Stretch> stretches = new ArrayList<>();
    /** The modules of layers that are traced, apart from those of layers by themselves. */
    private final Map<Traced, Block> blocks = new HashMap<>();

    private @Nullable Transform norm;
    private final @Nullable LearnedPrompt prompt;
    private final @Nullable LearnedPrefix prefix;
    /** The variables of the function that called the model. */
    private @Nullable Locals caller;

    /** What layers return besides the stream. */
    final BlockOutputs outputs = new BlockOutputs();

    final Tensor embedding;
    private final Transform head;
    private final LossHead loss;

    CausalModel(Setup setup) {
        this.spec = setup.spec();
        this.training = setup.training();
        this.modules = new Modules(training);
        this.checkpointing = setup.checkpointing();
        this.inputsWantGradients = setup.inputsWantGradients();
        this.embedding = modules.tensor(embeddingTable());
        this.head = head();
        this.loss = new LossHead(this, setup);
        this.prompt = LearnedPrompt.of(training.strategy(), spec.hiddenSize());
        this.prefix = setup.training().strategy() instanceof Strategy.PrefixTuning tuning
                ? new LearnedPrefix(tuning.virtualTokens(), spec)
                : null;
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
        return modules.projection(
                outer(headName() + ".weight"),
                spec.findOuter(headName() + ".bias").orElse(null));
    }

    /** The module that makes logits where the head is not tied. */
    String headName() {
        return "lm_head";
    }

    /**
     * The residual stream before the first layer.
     *
     * @param positions the position ids, where layers are given them
     */
    record Embedded(Tensor hidden, @Nullable Tensor positions) {}

    /** The embedding module. */
    Tensor lookUp(Tape tape, long tokens) {
        return Products.embedding(tape, embedding, tokens);
    }

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
    @Nullable
    Object rotaryKey(Attention attention) {
        return rotarySize(attention) > 0 ? rotarySize(attention) : null;
    }

    /** Whether the mask is made with the position ids in sight, which is how documents in a row are told apart. */
    boolean seesDocuments() {
        return true;
    }

    /** Whether learned keys and values can stand before those of the layers. */
    boolean takesPrefix() {
        return true;
    }

    /** Whether the model computes attention step by step, whatever the job asks for. */
    boolean alwaysEager() {
        return false;
    }

    /** Whether attention can be computed by the package flash-attn, as far as it is modelled. */
    boolean takesFlashAttention() {
        return !alwaysEager();
    }

    /** Whether layers are given their mask by position, not by name. */
    boolean maskByPosition() {
        return false;
    }

    /** Whether a mask with a window is made, and held, even if no layer has a window. */
    boolean alwaysMasksWindow() {
        return false;
    }

    /** Makes the rotary tables of layers with an attention. */
    Rotary rotary(Tape tape, Pass pass, Attention attention) {
        return Rotary.table(tape, pass.length(), rotarySize(attention), pass.stream());
    }

    /**
     * Tensors that a model registers besides its parameters.
     *
     * @param count how many equal ones there are
     */
    public record Buffer(String site, long rows, long columns, DType type, int count) {}

    /** The model's buffers: for rotated positions the frequencies and their originals. */
    public List<Buffer> buffers() {
        int rotated = rotarySize(spec.layers().get(0).attention());
        return rotated > 0 ? List.of(frequencies(rotated, 1)) : List.of();
    }

    /** The attention of each layer as the key-value cache sees it. */
    public List<Attention> cachedAttentions() {
        return spec.layers().stream().map(layer -> seen(layer.attention())).toList();
    }

    /** The attention of a layer as the mask and the key-value cache see it. */
    Attention seen(Attention attention) {
        return attention;
    }

    /** The frequencies of so many rotary tables, and their originals. */
    static Buffer frequencies(int rotarySize, int tables) {
        return new Buffer("rotary frequencies", 1, rotarySize / 2, DType.FP32, 2 * tables);
    }

    /** What is added to the scores for their distance, if anything is. */
    @Nullable
    Tensor bias(Tape tape, Pass pass, Locals locals) {
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

    /** The embeddings of the tokens, behind learned ones where a prompt is trained. */
    final Tensor tokens(Tape tape, Pass pass) {
        tape.at("embedding");
        long learned = prompt == null ? 0 : pass.batch() * prompt.length();
        Tensor embedded = lookUp(tape, pass.tokens() - learned);
        embedded = inputsWantGradients ? tape.wantingGradient(embedded) : embedded;
        return prompt == null ? embedded : prompt.prepend(tape, embedded, pass, Objects.requireNonNull(caller));
    }

    /** Position ids: a range, and its copy shifted by what the cache holds. */
    final Tensor positions(Tape tape, Pass pass, Locals locals) {
        Tensor range = tape.allocate(1, pass.length(), DType.INT64);
        return locals.hold(tape.rebind(range, tape.allocate(1, pass.length(), DType.INT64)));
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    /** Builds the layers. Unless they are folded, every one is traced by itself; the first always is. */
    final void build(boolean folded) {
        if (prefix != null && !takesPrefix()) {
            throw new IllegalArgumentException("strategy is prefix tuning, but must be another for model type "
                    + spec.modelType() + ": that is not modelled");
        }
        norm = finalNorm();
        List<Layer> layers = spec.layers();
        int alone = folded ? 1 : layers.size();
        for (int i = 0; i < alone; i++) {
            stretches.add(new Stretch(layers.get(i), i, i, 1, block(layers.get(i), i)));
        }
        int[] alike = training.firstAlike();
        for (int i = alone, end; i < layers.size(); i = end) {
            end = i + 1;
            // what the first layer of a stretch is given may want no gradient, unlike what the others are given
            boolean apart = training.differsByLayer() && alike[i - 1] != alike[i];
            while (!apart && end < layers.size() && alike[end] == alike[i]) {
                end++;
            }
            stretches.add(new Stretch(layers.get(i), i, alike[i], end - i, null));
        }
    }

    private Block block(Layer layer, int index) {
        modules.enter(index);
        return block(layer);
    }

    /**
     * Equal layers in a row; or one layer by itself, with its modules.
     *
     * @param first the index of the first of them
     * @param like the index of the first layer that these are equal to, and trained like
     */
    private record Stretch(
            Layer layer,
            int first,
            int like,
            int length,
            @Nullable Block alone) {}

    /**
     * Equal layers that are given alike.
     *
     * @param type the format of the stream
     * @param freed the format of what the layer before returned besides, where these free it; or null
     */
    private record Kind(
            int like, DType type, boolean flows, @Nullable DType freed) {}

    /** A layer that is traced: the first of its kind, or one that hands on other than it is given. */
    private record Traced(Kind kind, int index) {}

    /** Runs the model with labels. The last hidden state lives until the loss has been computed. */
    public final Outputs loss(Tape tape, Pass pass) {
        Locals locals = new Locals(tape);
        caller = locals;
        if (prefix != null) {
            prefix.load(tape, pass, cachedAttentions());
        }
        Tensor hidden = trunk(tape, pass);
        LossHead.Result result = loss.apply(tape, hidden, pass);
        tape.drop(hidden);
        locals.drop();
        return new Outputs(result.logits(), result.loss(), outputs.takePresents());
    }

    /**
     * Runs the model and returns the logits.
     *
     * @param rows the rows of logits to compute: all tokens, or one for each row of the batch
     */
    public final Tensor logits(Tape tape, Pass pass, long rows) {
        caller = new Locals(tape);
        Tensor hidden = trunk(tape, pass);
        Tensor logits = head(tape, hidden, rows);
        tape.drop(hidden);
        return logits;
    }

    /** The logits of so many rows. */
    final Tensor head(Tape tape, Tensor hidden, long rows) {
        tape.at("head");
        Tensor kept = Shapes.view(tape, hidden, rows, hidden.columns());
        Tensor logits = finish(tape, head.apply(tape, kept.last()));
        return tape.runtime().lossInput() == LossInput.SHIFTED_WIDE_LOGITS
                ? tape.rebind(logits, Casts.cast(tape, logits, DType.FP32))
                : logits;
    }

    private Tensor trunk(Tape tape, Pass given) {
        if (given.attention() == AttentionKernel.FLASH_ATTENTION_2 && !takesFlashAttention()) {
            throw new IllegalArgumentException(
                    "attention is FLASH_ATTENTION_2, but must be EAGER or SDPA for model type " + spec.modelType()
                            + ": that is not modelled, or not offered by transformers");
        }
        Pass pass = called(alwaysEager() ? given.eager() : given);
        Locals locals = new Locals(tape);
        Embedded embedded = embed(tape, pass, locals);
        Map<Attention, Context> contexts = contexts(tape, pass, embedded.positions(), locals);
        Tensor hidden = embedded.hidden();
        Map<Kind, Fold> folds = new HashMap<>();
        for (Stretch stretch : stretches) {
            Context context =
                    Objects.requireNonNull(contexts.get(stretch.layer().attention()));
            hidden = run(tape, stretch, hidden, pass, context, folds);
        }
        tape.at("final norm");
        hidden = norm == null ? hidden : tape.rebind(hidden, norm.apply(tape, hidden));
        locals.drop();
        outputs.drop(tape);
        return hidden;
    }

    /** Folds layers that hand on the like of what they are given, since each then frees what the one before it made. */
    private Tensor run(Tape tape, Stretch stretch, Tensor input, Pass pass, Context context, Map<Kind, Fold> folds) {
        if (stretch.alone() != null) {
            return run(tape, stretch.alone(), input, pass, context);
        }
        Tensor stream = input;
        int ran = 0;
        while (ran < stretch.length()) {
            Kind kind = kind(tape, stretch, stream);
            int index = stretch.first() + ran;
            Fold known = folds.get(kind);
            Fold fold = known == null ? new Fold() : known;
            int count = known == null ? 1 : stretch.length() - ran;
            stream = tape.repeat(fold, count, stream, x -> run(tape, block(stretch, kind, index), x, pass, context));
            outputs.handOn(tape);
            ran += count;
            if (known == null && kind.equals(kind(tape, stretch, stream))) {
                folds.put(kind, fold);
            }
        }
        return stream;
    }

    private Kind kind(Tape tape, Stretch stretch, Tensor given) {
        return new Kind(stretch.like(), given.type(), tape.flows(given), outputs.freedByNext(tape));
    }

    private Block block(Stretch stretch, Kind kind, int index) {
        return blocks.computeIfAbsent(new Traced(kind, index), key -> block(stretch.layer(), stretch.like()));
    }

    /** Takes over its input, which dies as soon as the layer has run. */
    private Tensor run(Tape tape, Block layer, Tensor input, Pass pass, Context context) {
        UnaryOperator<Tensor> block = x -> layer.apply(tape, x, pass, context);
        Tensor next = checkpointing == Checkpointing.NONE
                ? block.apply(input)
                : tape.checkpoint(checkpointing, input, positional(context), named(context), block);
        return tape.rebind(input, next);
    }

    private List<Tensor> positional(Context context) {
        return maskByPosition() && context.mask() != null ? List.of(context.mask()) : List.of();
    }

    private List<Tensor> named(Context context) {
        List<Tensor> named = context.tensors();
        named.removeAll(positional(context));
        return named;
    }

    /** What layers are given, by their attention: those with the same window share a mask. */
    private Map<Attention, Context> contexts(Tape tape, Pass pass, @Nullable Tensor positions, Locals locals) {
        Map<Attention, Context> contexts = new LinkedHashMap<>();
        for (Stretch stretch : stretches) {
            contexts.putIfAbsent(stretch.layer().attention(), NOTHING);
        }
        tape.at("mask");
        Map<OptionalInt, Optional<Tensor>> masks = new HashMap<>();
        for (Attention attention : contexts.keySet()) {
            Attention seen = seen(attention);
            masks.computeIfAbsent(seen.window(), window -> mask(tape, pass, seen, locals));
        }
        if (alwaysMasksWindow() && masks.keySet().stream().noneMatch(OptionalInt::isPresent)) {
            Attention first = spec.layers().get(0).attention();
            Tensor unused = CausalMask.make(tape, pass, CausalMask.seen(pass, first), true);
            if (unused != null) {
                locals.hold(unused);
            }
        }
        Tensor bias = bias(tape, pass, locals);
        tape.at("rotary table");
        Map<Object, Rotary> tables = new HashMap<>();
        contexts.replaceAll((attention, nothing) -> {
            Object key = rotaryKey(attention);
            Rotary rotary = key == null
                    ? null
                    : tables.computeIfAbsent(
                            key, k -> rotary(tape, pass, attention).held(locals));
            Tensor mask = masks.getOrDefault(seen(attention).window(), Optional.empty())
                    .orElse(null);
            return new Context(mask, rotary, positions, bias);
        });
        return contexts;
    }

    private static final Context NOTHING = new Context(null, null, null, null);

    /** Makes the mask of layers with an attention, or none. */
    @Nullable
    Tensor mask(Tape tape, Pass pass, Attention attention) {
        return CausalMask.make(tape, seesDocuments() ? pass : pass.withoutDocuments(), attention);
    }

    private Optional<Tensor> mask(Tape tape, Pass pass, Attention attention, Locals locals) {
        Tensor mask = mask(tape, pass, attention);
        if (mask != null) {
            locals.hold(mask);
        }
        return Optional.ofNullable(mask);
    }
}
