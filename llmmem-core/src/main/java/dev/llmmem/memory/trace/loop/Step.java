package dev.llmmem.memory.trace.loop;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.memory.trace.Ledger;
import dev.llmmem.memory.trace.Tape;
import dev.llmmem.memory.trace.Tensor;
import dev.llmmem.memory.trace.modeling.CausalModel;
import dev.llmmem.memory.trace.modeling.Families;
import dev.llmmem.memory.trace.modeling.KeyValueCache;
import dev.llmmem.memory.trace.modeling.Pass;
import dev.llmmem.memory.trace.modeling.ReturnedCache;
import dev.llmmem.memory.trace.modeling.Training;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.Gradients;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import org.jspecify.annotations.Nullable;

/** Runs a job on a ledger: what is loaded, and one step of training or one request of inference. */
public final class Step {

    private static final String GRADIENTS = "gradients";

    private final Workload job;
    private final Ledger ledger;
    private final Tape tape;
    private final Weights weights;
    private final CausalModel model;
    /** The format of the residual stream where it starts. */
    private final DType stream;

    private Step(Workload job, Ledger ledger, boolean folded) {
        this.job = job;
        this.ledger = ledger;
        this.tape = new Tape(ledger, job.runtime());
        Training training = new Training(job);
        this.weights = new Weights(job.model(), training);
        boolean inputsWantGradients = training.inputsWantGradients(job.checkpointing());
        this.stream = training.typeOf(job.model().outerParameters().get(0));
        this.model = Families.model(
                new CausalModel.Setup(
                        job.model(),
                        training,
                        job.checkpointing(),
                        inputsWantGradients,
                        job.lossKernel(),
                        projectionsAsCache()),
                folded);
    }

    /**
     * Runs a job.
     *
     * @param folded whether equal layers are traced once; the result is the same
     */
    public static void run(Workload job, Ledger ledger, boolean folded) {
        Step step = new Step(job, ledger, folded);
        ledger.enter(Phase.LOAD);
        step.weights.load(ledger, step.model.buffers());
        if (job.strategy() instanceof Strategy.Inference inference) {
            step.tape.autocast(step.autocast(), () -> step.generate(inference));
        } else {
            step.train();
        }
    }

    /** The elements of all trained tensors of a job. */
    public static long trainedParameters(Workload job) {
        return new Weights(job.model(), new Training(job)).trainedElements();
    }

    /** A step in which the optimizer's states exist. Of several micro-steps the first and another are run. */
    private void train() {
        Update update = Update.of(job, weights);
        if (!update.madeAtOnce()) {
            ledger.enter(Phase.FORWARD);
        }
        update.load(ledger);
        gradients(update);
        boolean prefixed = job.strategy() instanceof Strategy.PrefixTuning;
        int prefix = prefixed ? job.strategy().virtualTokens() : 0;
        int prompt = prefixed ? 0 : job.strategy().virtualTokens();
        boolean caching = job.trainingCache() && job.checkpointing() == Checkpointing.NONE && !projectionsAsCache();
        Tensor ids = null;
        Runnable held = () -> {};
        for (int micro = 0; micro < Math.min(job.accumulation(), 2); micro++) {
            ledger.enter(Phase.FORWARD);
            Tensor next = inputs(job.sequence());
            if (ids != null) {
                tape.drop(ids);
            }
            ids = next;
            held.run();
            KeyValueCache cache = cache(caching, prefix);
            Pass pass = pass((long) job.sequence() + prompt, cache);
            CausalModel.Outputs outputs = tape.withGradients(() -> call(pass));
            Tensor loss = tape.alias(outputs.loss());
            KeyValueCache kept =
                    cache != null && ReturnedCache.holds(job.model().modelType(), caching) ? cache : null;
            if (cache != null && kept == null) {
                cache.drop(tape);
            }
            if (!job.keepOutputs()) {
                drop(outputs, kept);
            }
            ledger.enter(Phase.BACKWARD);
            tape.at(GRADIENTS);
            tape.backward(loss);
            tape.drop(loss);
            if (job.keepOutputs()) { // they hold the graph
                held = () -> {
                    drop(outputs, kept);
                    tape.releaseGraph();
                };
            } else {
                tape.releaseGraph();
            }
        }
        ledger.enter(Phase.STEP);
        if (job.gradients() != Gradients.STEP_IN_BACKWARD) {
            update.run(ledger, tape);
        }
    }

    /** Prepares for gradients that do not live from the backward pass to the step. */
    private void gradients(Update update) {
        switch (job.gradients()) {
            case SET_TO_NONE -> {}
            case SET_TO_ZERO -> {
                ledger.enter(Phase.FORWARD);
                tape.gradientsExist();
                weights.forEachTrained(group -> ledger.hold(
                        MemoryKind.GRADIENTS, GRADIENTS, group.rows(), group.columns(), group.type(), group.count()));
            }
            case STEP_IN_BACKWARD ->
                tape.whenGradientRests((rows, columns, type) -> update.runAlone(tape, rows, columns, type));
        }
    }

    private @Nullable KeyValueCache cache(boolean caching, int prefix) {
        if (prefix > 0) {
            return KeyValueCache.prefixed(job.batch(), prefix, model.cachedAttentions(), stream);
        }
        return caching ? KeyValueCache.empty(job.batch()) : null;
    }

    /** Calls the model as the trainer does. */
    private CausalModel.Outputs call(Pass pass) {
        CausalModel.Outputs outputs = tape.autocast(autocast(), () -> model.loss(tape, pass));
        return autocast() != null && job.runtime().outputsInFp32() ? outputs.inFp32(tape) : outputs;
    }

    /** Whether layers return keys and values as views of their projections. */
    private boolean projectionsAsCache() {
        return job.trainingCache()
                && job.runtime().projectionsAsCache()
                && job.model().modelType().equals("gpt_bigcode");
    }

    private void drop(CausalModel.Outputs outputs, @Nullable KeyValueCache cache) {
        outputs.drop(tape);
        if (cache != null) {
            cache.drop(tape);
        }
    }

    /** Reads the prompt, then generates: the first and the last token stand for all. */
    private void generate(Strategy.Inference inference) {
        ledger.enter(Phase.FORWARD);
        Tensor ids = inputs(job.sequence());
        KeyValueCache cache = KeyValueCache.empty(job.batch());
        Pass prompt = pass(job.sequence(), cache);
        long rows = inference.allLogits() ? prompt.tokens() : job.batch();
        tape.drop(model.logits(tape, prompt, rows));
        cache.drop(tape);
        int tokens = inference.generatedTokens();
        if (tokens > 0) {
            token(cache.later(job.sequence(), job.sequence()));
        }
        if (tokens > 1) {
            token(cache.later(job.sequence() + tokens - 1L, 1));
        }
        tape.drop(ids);
    }

    private void token(KeyValueCache cache) {
        ledger.enter(Phase.GENERATE);
        long before = ledger.live();
        Tensor id = tape.allocate(job.batch(), 1, DType.INT64);
        cache.load(tape, model.cachedAttentions());
        Pass pass = new Pass(
                job.batch(),
                1,
                cache.past(),
                cache,
                job.attention(),
                false,
                stream,
                job.precision().weights(),
                false);
        tape.drop(model.logits(tape, pass, job.batch()));
        cache.drop(tape);
        tape.drop(id);
        if (ledger.live() != before) {
            throw new AssertionError("a token leaves " + (ledger.live() - before) + " B behind");
        }
    }

    private Tensor inputs(long length) {
        tape.at("token ids");
        Tensor ids = tape.allocate(job.batch(), length, DType.INT64);
        tape.rename(ids, MemoryKind.INPUTS);
        return ids;
    }

    private Pass pass(long length, @Nullable KeyValueCache cache) {
        return new Pass(
                job.batch(),
                length,
                0,
                cache,
                job.attention(),
                job.packed(),
                stream,
                job.precision().weights(),
                !(job.strategy() instanceof Strategy.Inference));
    }

    private @Nullable DType autocast() {
        return job.precision().autocast().orElse(null);
    }
}
