package dev.llmmem.memory.trace;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.RuntimeProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's eager autograd on shapes alone: runs operations, records what the backward pass needs, runs the backward
 * pass, and tells the {@link Ledger} of every storage made and freed.
 *
 * <p>Model code written on it reads like the framework's own. Where Python's variables hold tensors alive, the code says
 * so: {@link #drop} when a variable dies, {@link #rebind} when it takes a new value, {@link Tensor#last()} for a value
 * that only the next operation sees.
 */
public final class Tape {

    final Ledger ledger;
    final RuntimeProfile runtime;

    private Node[] nodes = new Node[256];
    private int nodeCount;
    private List<Place> places = new ArrayList<>(4);

    private boolean recording;
    private boolean saving = true;
    /** Counts what the forward pass of a checkpointed block saves, so that its second run can stop there. */
    private int saves;

    private int savesUntilStop = Integer.MAX_VALUE;
    /** Whether the record serves only to find what is saved, and no gradient will flow through it. */
    private boolean discarding;
    /** Whether a block's own backward pass runs inside another node's. */
    private boolean nested;

    /** What a selectively checkpointed block keeps, while it runs for the first or the second time. */
    private @Nullable KeptResults kept;

    /** What the latest block returned besides its stream. */
    private @Nullable Tensor besides;
    /** Whether a checkpointed block runs for the second time. */
    private boolean rerunning;

    private final Autocast autocast = new Autocast(this);

    /** Leaves that are no parameters. */
    private final List<Leaf> graphLeaves = new ArrayList<>(1);

    private boolean gradientsExist;
    private @Nullable Hook gradientHook;

    /** What runs after all layers' backward passes. */
    private final List<Runnable> endings = new ArrayList<>(1);
    /** Tensors that live as long as the graph. */
    private final List<Tensor> graphTensors = new ArrayList<>();

    /** What contexts of the graph hold besides what they saved. */
    private List<Storage> bound = new ArrayList<>();

    private String site = "";

    // gradients of the node that is running
    private Node[] sentTo = new Node[4];
    private Tensor[] sent = new Tensor[4];
    private int sentCount;

    public Tape(Ledger ledger, RuntimeProfile runtime) {
        this.ledger = ledger;
        this.runtime = runtime;
    }

    // ---- variables ---------------------------------------------------------------------------------------------

    /** Names the module that runs now; storages remember it. */
    public void at(String module) {
        site = module;
    }

    /** Runs code whose storages have another name. */
    <T> T within(String module, Supplier<T> code) {
        String before = site;
        site = module;
        T result = code.get();
        site = before;
        return result;
    }

    /** A Python variable dies. */
    public void drop(Tensor tensor) {
        ledger.release(tensor.storage);
    }

    /** A Python variable takes a new value: the old one is dropped after the new one has been made. */
    public Tensor rebind(Tensor before, Tensor after) {
        drop(before);
        return after;
    }

    /** The framework that runs the job. */
    public RuntimeProfile runtime() {
        return runtime;
    }

    /** A second variable for the same tensor. */
    public Tensor alias(Tensor tensor) {
        Ledger.retain(tensor.storage);
        return new Tensor(tensor.storage, tensor.rows, tensor.columns, tensor.type, tensor.node);
    }

    /** Says that all blocks read this tensor. */
    public Tensor share(Tensor tensor) {
        ledger.share(tensor.storage);
        return tensor;
    }

    // ---- grad mode and autocast ----------------------------------------------------------------------------------

    /** Runs code without recording, as under {@code torch.no_grad()}. */
    public <T> T withoutGradients(Supplier<T> code) {
        return recording(false, code);
    }

    /** Whether operations are put on record. */
    public boolean isRecording() {
        return recording;
    }

    /** Whether what operations save is kept: not in a checkpointed block's first run. */
    public boolean isSaving() {
        return recording && saving;
    }

    /** Runs code with recording. */
    public <T> T withGradients(Supplier<T> code) {
        return recording(true, code);
    }

    private <T> T recording(boolean on, Supplier<T> code) {
        boolean before = recording;
        recording = on;
        T result = code.get();
        recording = before;
        return result;
    }

    /** Runs code under {@code torch.autocast}; no change where the format is null. Weight casts are kept to its end. */
    public <T> T autocast(@Nullable DType type, Supplier<T> code) {
        return autocast.within(type, code);
    }

    /** The same for code without a result. */
    public void autocast(@Nullable DType type, Runnable code) {
        autocast(type, () -> {
            code.run();
            return code;
        });
    }

    /** The format that autocast runs matrix products in, or null. */
    public @Nullable DType autocastType() {
        return autocast.type();
    }

    /**
     * Casts an operand of a matrix product as autocast does; without autocast the tensor itself, held once more. The cast of
     * an fp32 leaf, such as a trained weight, is made once and kept until the context ends.
     */
    public Tensor operand(Tensor x) {
        return autocast.operand(x);
    }

    // ---- storages that are not results
    // --------------------------------------------------------------------------------

    /** Says what a storage is for. */
    public void rename(Tensor tensor, MemoryKind kind) {
        ledger.rename(tensor.storage, kind);
    }

    /** Counts so many equal storages that are not traced one by one. */
    public void hold(MemoryKind kind, String module, long rows, long columns, DType type, long count) {
        ledger.hold(kind, module, rows, columns, type, count);
    }

    /** A tensor that {@link Ledger#hold} has counted already; dropping it frees its share. */
    public Tensor adopt(MemoryKind kind, String module, long rows, long columns, DType type) {
        return new Tensor(ledger.adopt(kind, module, rows, columns, type), rows, columns, type, null);
    }

    /** A parameter: its storage is counted with the weights and never freed. Gradients come to rest in it if trained. */
    public static Tensor parameter(long rows, long columns, DType type, boolean trained) {
        Storage storage = new Storage(0, rows, columns, type, "", MemoryKind.WEIGHTS, null);
        storage.references = Integer.MAX_VALUE / 2;
        return new Tensor(
                storage, rows, columns, type, trained ? new Leaf(rows, columns, type, MemoryKind.GRADIENTS) : null);
    }

    /**
     * Makes a tensor a leaf that wants a gradient ({@code requires_grad_(True)}), unless it wants one already; both live as
     * long as the graph.
     */
    public Tensor wantingGradient(Tensor x) {
        if (flows(x)) {
            return x;
        }
        Leaf leaf = new Leaf(x.rows, x.columns, x.type, MemoryKind.BACKWARD_TEMPORARIES);
        graphLeaves.add(leaf);
        graphTensors.add(alias(x));
        return new Tensor(x.storage, x.rows, x.columns, x.type, leaf);
    }

    // ---- storages and nodes --------------------------------------------------------------------------------------

    /** A tensor that no gradient flows through. */
    public Tensor allocate(long rows, long columns, DType type) {
        return result(rows, columns, type, null);
    }

    /** A tensor that no gradient flows through and that belongs to another part than the module that runs. */
    Tensor allocateFor(String part, long rows, long columns, DType type) {
        return within(part, () -> allocate(rows, columns, type));
    }

    /** A tensor in a new storage. After the stop of a recomputation nothing more is made. */
    Tensor result(long rows, long columns, DType type, @Nullable Node node) {
        Storage storage = saves >= savesUntilStop
                ? ledger.allocate(0, 0, type, site)
                : ledger.allocate(rows, columns, type, site);
        if (node != null) {
            node.output(rows, columns, type);
        }
        return new Tensor(storage, rows, columns, type, node);
    }

    /** The same for a matrix product or an attention kernel, whose results selective checkpointing keeps. */
    Tensor keptResult(long rows, long columns, DType type, @Nullable Node node) {
        KeptResults results = kept;
        if (results == null || saves >= savesUntilStop) {
            return result(rows, columns, type, node);
        }
        Storage earlier = results.next();
        if (earlier == null) {
            Tensor made = result(rows, columns, type, node);
            results.keep(made.storage);
            return made;
        }
        if (node != null) {
            node.output(rows, columns, type);
        }
        return new Tensor(earlier, rows, columns, type, node);
    }

    /** The tensor in another shape, sharing its storage. */
    Tensor view(Tensor x, long rows, long columns, @Nullable Node node) {
        Ledger.retain(x.storage);
        if (node != null) {
            node.output(rows, columns, x.type);
        }
        return new Tensor(x.storage, rows, columns, x.type, node);
    }

    /** Whether gradients flow to the tensor's maker. */
    public boolean flows(Tensor x) {
        return recording && x.node != null;
    }

    /** Puts a node on record. */
    <N extends Node> N record(N node) {
        if (nodeCount == nodes.length) {
            nodes = java.util.Arrays.copyOf(nodes, 2 * nodeCount);
        }
        node.index = nodeCount;
        nodes[nodeCount++] = node;
        return node;
    }

    /** The maker of an input, as an edge of a new node. */
    @Nullable
    Node edge(Tensor x) {
        Node node = x.node;
        if (node instanceof Leaf leaf && !discarding) {
            leaf.pending++;
        }
        return node;
    }

    void save(Node node, Storage storage) {
        saves++;
        node.needsSaved = true;
        if (saving && saves <= savesUntilStop) {
            node.keep(storage);
        }
    }

    /**
     * An attribute of an operation's context: it lives until the graph is gone, whether or not the backward pass has run,
     * and checkpointing does not see it.
     */
    void bind(Storage storage) {
        Ledger.retain(storage);
        bound.add(storage);
    }

    private void releaseBound() {
        for (Storage storage : bound) {
            ledger.release(storage);
        }
        bound.clear();
    }

    /** Ends the life of operands that were marked as last uses. */
    void done(Tensor x) {
        if (x.temporary) {
            x.temporary = false;
            drop(x);
        }
    }

    void done(Tensor x, Tensor y) {
        done(x);
        done(y);
    }

    // ---- equal blocks ----------------------------------------------------------------------------------------------

    /**
     * So many blocks in a row that are equal to the traced one, where they stand in the record.
     *
     * @param before the maker of what the first of them is given
     * @param after the maker of what stands for the result of the last
     */
    private record Place(
            Fold fold,
            int blocks,
            int endNode,
            @Nullable Node before,
            @Nullable Node after) {}

    /**
     * Runs so many equal blocks, the first on what it is given and each other on what the one before it returned. A block
     * takes over its input. One block of the fold is traced, the first; what that returned stands for what others return.
     */
    public Tensor repeat(Fold fold, int count, Tensor hidden, UnaryOperator<Tensor> block) {
        Tensor stream = fold.blocks == 0 ? trace(fold, hidden, block) : hidden;
        int more = fold.blocks == 0 ? count - 1 : count;
        fold.blocks += count;
        ledger.repeat(fold, more);
        if (recording) {
            places.add(new Place(fold, count, nodeCount, hidden.node, stream.node));
        }
        return stream;
    }

    private Tensor trace(Fold fold, Tensor hidden, UnaryOperator<Tensor> block) {
        fold.before = hidden.node;
        fold.firstNode = nodeCount;
        int boundBefore = bound.size();
        ledger.beginFold(fold, false);
        Tensor stream = block.apply(hidden);
        fold.endNode = nodeCount;
        fold.after = stream.node;
        ledger.endFold();
        for (Storage storage : bound.subList(boundBefore, bound.size())) {
            if (!storage.shared) {
                storage.fold = fold; // each block holds the like of it, the stream that it was given for example
            }
        }
        stream.storage.fold = null; // handed from block to block: there is one of it
        return stream;
    }

    /** Whether nobody else holds a tensor's storage, a graph for example. */
    public boolean isHeldOnce(Tensor tensor) {
        return tensor.storage.references == 1;
    }

    /** Says that a tensor was handed from block to block of a run, unless a graph holds one of each: there is one of it. */
    public void handOn(Tensor tensor) {
        if (isHeldOnce(tensor)) {
            tensor.storage.fold = null;
        }
    }

    // ---- checkpointed blocks
    // -----------------------------------------------------------------------------------------

    /**
     * Runs a block whose activations are not kept ({@code torch.utils.checkpoint}); its input and the tensors that it
     * reads besides are.
     *
     * @param arguments those of them that the block is given by position: they are saved as the input is
     * @param bound those that are given by name
     */
    public Tensor checkpoint(
            Checkpointing how, Tensor input, List<Tensor> arguments, List<Tensor> bound, UnaryOperator<Tensor> block) {
        if (how == Checkpointing.NONE || !flows(input)) {
            return block.apply(input);
        }
        UnaryOperator<Tensor> again = sameContext(block);
        if (how == Checkpointing.REENTRANT || how == Checkpointing.OFFLOADED) {
            besides = null;
            Tensor output = withoutGradients(() -> block.apply(input));
            boolean offloaded = how == Checkpointing.OFFLOADED;
            if (offloaded && besides != null) {
                throw new IllegalArgumentException(
                        "checkpointing is OFFLOADED, but must be another for layers that return"
                                + " more than the residual stream: it takes one result");
            }
            CheckpointNode node = record(new CheckpointNode(edge(input), input, again, besides, offloaded));
            if (!offloaded) {
                save(node, input.storage);
            }
            for (Tensor tensor : arguments) {
                if (offloaded) {
                    graphTensors.add(alias(tensor));
                } else {
                    save(node, tensor.storage);
                }
            }
            for (Tensor tensor : bound) { // bound to the block's call, which lives as long as the graph
                graphTensors.add(alias(tensor));
            }
            node.output(output.rows, output.columns, output.type);
            return new Tensor(output.storage, output.rows, output.columns, output.type, node);
        }
        List<Tensor> context = new ArrayList<>(arguments);
        context.addAll(bound);
        CheckpointFrame frame = new CheckpointFrame(input, context, again, how == Checkpointing.SELECTIVE);
        boolean savingBefore = saving;
        int savesBefore = saves;
        saving = false;
        saves = 0;
        frame.firstNode = nodeCount;
        kept = frame.kept;
        Tensor output = block.apply(input);
        kept = null;
        if (frame.kept != null) {
            frame.kept.complete();
        }
        frame.saves = saves;
        for (int i = nodeCount - 1; i >= frame.firstNode; i--) {
            if (nodes[i].needsSaved) {
                nodes[i].frame = frame;
                frame.lastToRun = nodes[i];
            }
        }
        saving = savingBefore;
        saves = savesBefore;
        return output;
    }

    /**
     * A block returns a second tensor.
     *
     * @return whether the tape takes it over, since this is a second run, which drops it at its end
     */
    public boolean returnsBesides(Tensor tensor) {
        besides = tensor;
        return rerunning;
    }

    private UnaryOperator<Tensor> sameContext(UnaryOperator<Tensor> block) {
        DType type = autocast.type();
        return type == null ? block : input -> autocast(type, () -> block.apply(input));
    }

    /**
     * Runs a block on its own record, then its backward pass, and returns the gradient of its input.
     *
     * @param second the gradient of what the block returns besides, if it returns anything
     */
    @Nullable
    Tensor backwardThrough(Tensor input, UnaryOperator<Tensor> block, Tensor gradient, @Nullable Tensor second) {
        Node[] nodesBefore = nodes;
        int countBefore = nodeCount;
        List<Place> placesBefore = places;
        boolean nestedBefore = nested;
        List<Storage> boundBefore = bound;
        bound = new ArrayList<>();
        nodes = new Node[128];
        nodeCount = 0;
        places = new ArrayList<>();
        nested = true;
        Leaf detached = new Leaf(input.rows, input.columns, input.type, MemoryKind.BACKWARD_TEMPORARIES);
        Ledger.retain(input.storage);
        Tensor again = new Tensor(input.storage, input.rows, input.columns, input.type, detached);
        boolean rerunningBefore = rerunning;
        rerunning = true;
        besides = null;
        String siteBefore = site;
        Tensor output = withGradients(() -> block.apply(again));
        site = siteBefore; // gradients have no module
        Tensor returned = besides;
        rerunning = rerunningBefore;
        if (returned != null && returned.node != null && second != null) {
            returned.node.gradient = alias(second);
        }
        if (output.node != null) {
            backward(output.node, alias(gradient));
        }
        if (returned != null) {
            drop(returned);
        }
        drop(output);
        drop(again);
        nodes = nodesBefore;
        nodeCount = countBefore;
        places = placesBefore;
        nested = nestedBefore;
        releaseBound();
        bound = boundBefore;
        Storage result = detached.take();
        return result == null ? null : new Tensor(result, input.rows, input.columns, input.type, null);
    }

    /** Runs a block once more until the last tensor that its backward pass needs is there, and hands those over. */
    void recompute(CheckpointFrame frame) {
        Node[] nodesBefore = nodes;
        int countBefore = nodeCount;
        int savesBefore = saves;
        int stopBefore = savesUntilStop;
        List<Storage> boundBefore = bound;
        bound = new ArrayList<>();
        nodes = new Node[128];
        nodeCount = 0;
        saves = 0;
        savesUntilStop = frame.saves;
        discarding = true;
        Tensor input = frame.input;
        Ledger.retain(input.storage);
        Tensor again = new Tensor(input.storage, input.rows, input.columns, input.type, input.node);
        boolean rerunningBefore = rerunning;
        rerunning = true;
        besides = null;
        String siteBefore = site;
        kept = frame.kept;
        drop(withGradients(() -> frame.block.apply(again)));
        kept = null;
        site = siteBefore;
        if (besides != null) {
            drop(besides);
        }
        rerunning = rerunningBefore;
        drop(again);
        discarding = false;
        Node[] twins = nodes;
        int twinCount = nodeCount;
        nodes = nodesBefore;
        nodeCount = countBefore;
        saves = savesBefore;
        savesUntilStop = stopBefore;
        releaseBound();
        bound = boundBefore;
        for (int i = 0; i < twinCount; i++) {
            Node node = nodes[frame.firstNode + i];
            node.takeSaved(twins[i]);
            node.frame = null;
        }
        frame.handOver();
    }

    // ---- the backward pass
    // -------------------------------------------------------------------------------------------

    /** Hands the gradient of an input to its maker, once the running node is done. Takes over the reference. */
    void send(@Nullable Node to, Tensor gradient) {
        if (to == null) {
            drop(gradient);
            return;
        }
        if (sentCount == sent.length) {
            sent = java.util.Arrays.copyOf(sent, 2 * sentCount);
            sentTo = java.util.Arrays.copyOf(sentTo, 2 * sentCount);
        }
        sentTo[sentCount] = to;
        sent[sentCount++] = gradient;
    }

    /** Runs the backward pass of the loss. The gradient that it starts from lives to the end; the graph goes on. */
    public void backward(Tensor loss) {
        Tensor one = allocate(1, 1, loss.type);
        backward(java.util.Objects.requireNonNull(loss.node), alias(one));
        for (Runnable ending : endings) {
            ending.run();
        }
        endings.clear();
        drop(one);
    }

    /** The last tensor that holds the graph dies. */
    public void releaseGraph() {
        releaseBound();
        for (Leaf leaf : graphLeaves) {
            leaf.release(ledger);
        }
        graphLeaves.clear();
        for (Tensor tensor : graphTensors) {
            drop(tensor);
        }
        graphTensors.clear();
    }

    /** Says that parameters have gradients from steps before: new ones are added to them. */
    public void gradientsExist() {
        gradientsExist = true;
    }

    /** Something that is done with the gradient of a parameter. */
    @FunctionalInterface
    public interface Hook {
        void run(long rows, long columns, DType type);
    }

    /** Has something done with each parameter's gradient as soon as it is complete; then it is let go. */
    public void whenGradientRests(Hook hook) {
        gradientHook = hook;
    }

    /** Whether a parameter has a gradient from a step before. */
    boolean hasGradient() {
        return gradientsExist;
    }

    /** The gradient of a parameter has come to rest. */
    void rested(Leaf leaf) {
        if (gradientHook != null) {
            gradientHook.run(leaf.rows, leaf.columns, leaf.type);
            leaf.release(ledger);
        }
    }

    /** Has something run at the end of the next backward pass: the part of the graph that was recorded first. */
    public void atEndOfBackward(Runnable ending) {
        endings.add(ending);
    }

    /** A gradient comes to rest in a parameter that is not on record. */
    public void rest(Tensor parameter, Tensor gradient) {
        Leaf leaf = (Leaf) java.util.Objects.requireNonNull(parameter.node);
        leaf.backward(this, gradient);
        drop(gradient);
    }

    private void backward(Node root, Tensor gradient) {
        root.gradient = gradient;
        int end = nodeCount;
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            run(place.endNode, end);
            runBlocks(place);
            end = place.fold.endNode == place.endNode ? place.fold.firstNode : place.endNode;
        }
        run(0, end);
        nodeCount = 0;
        places.clear();
    }

    private void run(int first, int end) {
        for (int i = end - 1; i >= first; i--) {
            run(nodes[i]);
        }
    }

    /** The traced block runs backwards where the last of its kind stands. */
    private void runBlocks(Place place) {
        Fold fold = place.fold;
        int more = place.blocks;
        if (fold.backward) {
            move(place.after, place.before);
        } else {
            move(place.after, fold.after);
            fold.left = fold.blocks - 1;
            ledger.beginFold(fold, true);
            run(fold.firstNode, fold.endNode);
            ledger.endFold();
            move(fold.before, place.before);
            more--;
        }
        ledger.repeat(fold, more);
    }

    private static void move(@Nullable Node from, @Nullable Node to) {
        if (from != null && to != null && from != to) {
            to.gradient = from.gradient;
            from.gradient = null;
        }
    }

    private void run(Node node) {
        Tensor gradient = node.gradient;
        if (gradient == null) { // not on a way to the loss
            node.releaseSaved(ledger);
            return;
        }
        node.gradient = null;
        if (node.needsSaved && node.frame != null) {
            recompute(node.frame);
        }
        node.backward(this, gradient);
        node.releaseRecomputed(ledger);
        int count = sentCount;
        for (int k = 0; k < count; k++) {
            sent[k] = fitted(sent[k], sentTo[k]);
        }
        drop(gradient);
        node.releaseSaved(ledger);
        sentCount = 0;
        for (int k = 0; k < count; k++) {
            deliver(sentTo[k], sent[k]);
        }
    }

    /** Sums a gradient over broadcast dimensions and casts it to its tensor's format. */
    private Tensor fitted(Tensor gradient, Node to) {
        Tensor fitted = gradient;
        if (fitted.rows * fitted.columns != to.rows * to.columns) {
            fitted = rebind(fitted, allocate(to.rows, to.columns, fitted.type));
        }
        if (fitted.type != to.type) {
            fitted = rebind(fitted, allocate(to.rows, to.columns, to.type));
        }
        return fitted;
    }

    private void deliver(Node to, Tensor gradient) {
        Tensor before = to.gradient;
        if (before == null) {
            to.gradient = gradient;
        } else if (runtime.gradientsSummedInPlace() && before.storage.references == 1) {
            drop(gradient);
        } else {
            to.gradient = allocate(to.rows, to.columns, to.type);
            drop(before);
            drop(gradient);
        }
        Fold fold = nested ? null : ledger.fold();
        if (fold != null && to.index >= 0 && to.index < fold.firstNode) {
            java.util.Objects.requireNonNull(to.gradient).storage.fold = null; // handed from block to block
        }
        if (to instanceof Leaf leaf && --leaf.pending == 0) {
            Tensor all = java.util.Objects.requireNonNull(leaf.gradient);
            leaf.gradient = null;
            leaf.backward(this, all);
            drop(all);
        }
    }
}
