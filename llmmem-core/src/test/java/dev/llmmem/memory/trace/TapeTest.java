package dev.llmmem.memory.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.units.DType;
import dev.llmmem.workload.Checkpointing;
import dev.llmmem.workload.RuntimeProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of autograd and of the allocator, one by one, on operations of one kibibyte. */
class TapeTest {

    /** The elements of a tensor of one kibibyte. */
    private static final long WIDTH = 256;

    private static final long KIB = 1024;

    private Events events = new Events();
    private Ledger ledger = new Ledger(events);
    private Tape tape = new Tape(ledger, RuntimeProfile.pytorch());

    @BeforeEach
    void begin() {
        ledger.enter(Phase.FORWARD);
    }

    private void use(RuntimeProfile runtime) {
        events = new Events();
        ledger = new Ledger(events);
        tape = new Tape(ledger, runtime);
        ledger.enter(Phase.FORWARD);
    }

    // ---- storages ------------------------------------------------------------------------------------------------

    @Test
    void aStorageIsFreedWhenItsLastHolderLetsGo() {
        Tensor tensor = kib();
        Tensor alias = tape.alias(tensor);
        Tensor view = Shapes.view(tape, tensor, 2, WIDTH / 2);
        assertThat(ledger.live()).as("all of them share one storage").isEqualTo(KIB);
        tape.drop(tensor);
        tape.drop(view);
        assertThat(ledger.live()).isEqualTo(KIB);
        tape.drop(alias);
        assertThat(ledger.live()).isZero();
    }

    @Test
    void anOldValueIsDroppedAfterTheNewOneIsMade() {
        Tensor tensor = tape.rebind(kib(), kib());
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(2 * KIB);
        assertThat(ledger.live()).isEqualTo(KIB);
        tape.drop(tensor);
        assertThat(ledger.live()).isZero();
    }

    @Test
    void anOperandMarkedAsLastUseIsDroppedAfterTheOperation() {
        Tensor result = Arithmetic.negate(tape, kib().last());
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(2 * KIB);
        assertThat(ledger.live()).isEqualTo(KIB);
        Tensor sum = Arithmetic.add(tape, result.last(), kib().last());
        assertThat(ledger.live()).isEqualTo(KIB);
        tape.drop(sum);
    }

    @Test
    void aParameterIsNeitherCountedNorFreed() {
        Tensor weight = Tape.parameter(1, WIDTH, DType.FP32, true);
        tape.drop(weight);
        tape.drop(weight);
        assertThat(ledger.live()).isZero();
        assertThat(events.changes).isEmpty();
    }

    @Test
    void anAdoptedTensorFreesItsShareOfWhatIsHeld() {
        ledger.hold(MemoryKind.KEY_VALUE_CACHE, "cache", 1, WIDTH, DType.FP32, 4);
        tape.drop(tape.adopt(MemoryKind.KEY_VALUE_CACHE, "cache", 1, WIDTH, DType.FP32));
        assertThat(ledger.live()).isEqualTo(3 * KIB);
    }

    // ---- what is saved -------------------------------------------------------------------------------------------

    @Test
    void withoutGradientsNothingIsSaved() {
        Tensor x = tape.withGradients(this::opened);
        Tensor y = tape.withoutGradients(() -> op(x));
        assertThat(y.node).isNull();
        tape.drop(x);
        assertThat(ledger.live()).isEqualTo(KIB);
        tape.drop(y);
    }

    @Test
    void whatNoGradientFlowsThroughIsNotSaved() {
        Tensor y = tape.withGradients(() -> op(kib().last()));
        assertThat(y.node).isNull();
        assertThat(ledger.live()).isEqualTo(KIB);
    }

    @Test
    void aTensorSavedTwiceCountsOnce() {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> op(x));
        Tensor z = tape.withGradients(() -> op(x));
        tape.drop(x);
        tape.drop(y);
        tape.drop(z);
        assertThat(ledger.live()).as("x, saved by both operations").isEqualTo(KIB);
    }

    @Test
    void whatIsSavedLivesUntilTheNodesBackwardHasRun() {
        Tensor loss = tape.withGradients(() -> op(op(opened().last()).last()));
        assertThat(ledger.live()).as("two saved inputs and the result").isEqualTo(3 * KIB);
        backward(loss);
        assertThat(events.since(Phase.BACKWARD))
                .containsExactly(
                        "+start", // the gradient to start from
                        "+kib", // the gradient of the second operation's input
                        "-kib", // what it saved
                        "+kib", // the gradient of the first operation's input
                        "-kib", // the gradient that arrived
                        "-kib", // what it saved
                        "+kib", // the gradient of the parameter
                        "-kib", // the gradient that arrived
                        "-start");
        assertThat(ledger.peak(Phase.BACKWARD)).isEqualTo(4 * KIB + 512);
        assertThat(ledger.live()).as("the result and the parameter's gradient").isEqualTo(2 * KIB);
    }

    // ---- sums of gradients ---------------------------------------------------------------------------------------

    @Test
    void onAGpuTheGradientOfATensorUsedTwiceIsSummedInPlace() {
        backward(usedTwice());
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("the sum's, one from each use, and the input's")
                .isEqualTo(4);
    }

    @Test
    void overFakeTensorsItIsSummedIntoAThirdTensor() {
        use(RuntimeProfile.pytorchFakeTensors());
        backward(usedTwice());
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("the sum's, one from each use, those two added, and the input's")
                .isEqualTo(5);
        assertThat(ledger.live()).isEqualTo(KIB);
    }

    @Test
    void aGradientThatSomebodyElseHoldsIsNotAddedTo() {
        Tensor x = input();
        Tensor loss = tape.withGradients(() -> {
            Tensor y = op(x);
            Tensor sum = Arithmetic.add(tape, y, y);
            tape.drop(y);
            return plain(sum.last());
        });
        tape.drop(x);
        backward(loss);
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("the sum's, which is both gradients of y, so that neither may be changed; those two added; and the"
                        + " input's")
                .isEqualTo(3);
        assertThat(ledger.live()).isEqualTo(KIB);
    }

    // ---- leaves --------------------------------------------------------------------------------------------------

    @Test
    void theGradientOfAParameterStays() {
        Tensor weight = parameter();
        backward(tape.withGradients(() -> op(weight)));
        assertThat(ledger.live()).as("result and gradient").isEqualTo(2 * KIB);
        assertThat(events.renamed).containsExactly(MemoryKind.GRADIENTS);
    }

    @Test
    void aParameterUsedTwiceWaitsForBothGradients() {
        Tensor weight = parameter();
        Tensor loss = tape.withGradients(
                () -> Arithmetic.add(tape, op(weight).last(), op(weight).last()));
        backward(loss);
        assertThat(events.renamed).as("it comes to rest once").containsExactly(MemoryKind.GRADIENTS);
        assertThat(events.renamedAfter.get(0))
                .as("when the second use has made its gradient")
                .isEqualTo(events.last("+kib"));
        assertThat(ledger.live()).isEqualTo(2 * KIB);
    }

    @Test
    void theGradientOfALaterStepIsAddedInPlace() {
        Tensor weight = parameter();
        for (int step = 0; step < 3; step++) {
            ledger.enter(Phase.FORWARD);
            Tensor loss = tape.withGradients(() -> op(weight));
            backward(loss);
            tape.drop(loss);
            assertThat(ledger.live()).as("the gradient").isEqualTo(KIB);
        }
        assertThat(events.renamed).hasSize(1);
    }

    @Test
    void twoParametersDoNotShareAGradient() {
        Tensor one = parameter();
        Tensor other = parameter();
        backward(tape.withGradients(() -> Arithmetic.add(tape, one, other)));
        assertThat(events.renamed).hasSize(2);
        assertThat(ledger.live()).as("result and two gradients").isEqualTo(3 * KIB);
    }

    @Test
    void anInputThatWantsAGradientAndThatGradientDieWithTheGraph() {
        Tensor x = input();
        Tensor loss = tape.withGradients(() -> op(x));
        tape.drop(x);
        ledger.enter(Phase.BACKWARD);
        tape.backward(loss);
        tape.drop(loss);
        assertThat(ledger.live()).as("the input and its gradient").isEqualTo(2 * KIB);
        tape.releaseGraph();
        assertThat(ledger.live()).isZero();
    }

    // ---- shapes and formats of gradients -------------------------------------------------------------------------

    @Test
    void aGradientIsSummedOverTheDimensionsThatWereBroadcast() {
        Tensor weight = Tape.parameter(1, WIDTH, DType.FP32, true);
        Tensor x = tape.allocate(4, WIDTH, DType.FP32);
        Tensor loss = tape.withGradients(() -> Arithmetic.multiply(tape, weight, x));
        tape.drop(x);
        backward(loss);
        assertThat(ledger.live()).as("result of 4 KiB, gradient of 1 KiB").isEqualTo(5 * KIB);
    }

    @Test
    void aGradientIsCastToTheFormatOfItsTensor() {
        Tensor weight = Tape.parameter(1, WIDTH, DType.BF16, true);
        Tensor loss = tape.withGradients(() -> Casts.cast(tape, weight, DType.FP32));
        backward(loss);
        assertThat(ledger.live()).as("result of 1 KiB, gradient of half").isEqualTo(KIB + 512);
    }

    // ---- autocast ------------------------------------------------------------------------------------------------

    @Test
    void autocastKeepsTheCastOfATrainedWeightToItsEnd() {
        assertThat(liveInsideAutocast(DType.FP32, true)).isEqualTo(512 + 512);
        assertThat(ledger.live()).as("the result").isEqualTo(512);
    }

    @Test
    void autocastDoesNotKeepTheCastOfAFrozenWeight() {
        assertThat(liveInsideAutocast(DType.FP32, false)).isEqualTo(512);
    }

    @Test
    void autocastDoesNotKeepTheCastOfA16BitWeight() {
        assertThat(liveInsideAutocast(DType.FP16, true)).isEqualTo(512);
    }

    @Test
    void autocastDoesNotCastWhatHasItsFormat() {
        assertThat(liveInsideAutocast(DType.BF16, true)).isEqualTo(512);
        assertThat(ledger.peak(Phase.FORWARD)).isEqualTo(2 * 512);
    }

    @Test
    void withoutAutocastNothingIsCast() {
        Tensor weight = Tape.parameter(1, WIDTH, DType.FP32, true);
        Tensor result = tape.autocast(
                null, () -> tape.withoutGradients(() -> Products.linear(tape, kib().last(), weight, null, WIDTH)));
        assertThat(result.type()).isEqualTo(DType.FP32);
        assertThat(ledger.live()).isEqualTo(KIB);
    }

    /** Runs a product in bf16 with a weight of half a KiB in bf16, and looks before the context ends. */
    private long liveInsideAutocast(DType weights, boolean trained) {
        Tensor weight = Tape.parameter(1, WIDTH, weights, trained);
        Tensor x = tape.allocate(1, WIDTH, DType.BF16);
        long[] live = new long[1];
        tape.autocast(
                DType.BF16,
                () -> tape.withoutGradients(() -> {
                    Tensor result = Products.linear(tape, x.last(), weight, null, WIDTH);
                    live[0] = ledger.live();
                    return result;
                }));
        return live[0];
    }

    // ---- checkpointing -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"REENTRANT", "NON_REENTRANT"})
    void aCheckpointedBlockKeepsOnlyItsInput(Checkpointing how) {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(how, x, this::threeOps));
        tape.drop(x);
        assertThat(ledger.live()).as("input and output").isEqualTo(2 * KIB);
        backward(y);
        assertThat(ledger.live()).as("the output").isEqualTo(KIB);
    }

    @Test
    void aBlockThatIsNotCheckpointedKeepsWhatItsOperationsSave() {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(Checkpointing.NONE, x, this::threeOps));
        tape.drop(x);
        assertThat(ledger.live()).as("three inputs and the output").isEqualTo(4 * KIB);
        backward(y);
    }

    @ParameterizedTest
    @EnumSource(names = {"REENTRANT", "NON_REENTRANT"})
    void whatABlockReadsBesidesIsKeptToo(Checkpointing how) {
        Tensor x = input();
        Tensor argument = kib();
        Tensor bound = kib();
        Tensor y = tape.withGradients(() -> tape.checkpoint(how, x, List.of(argument), List.of(bound), this::threeOps));
        tape.drop(x);
        tape.drop(argument);
        tape.drop(bound);
        assertThat(ledger.live()).as("input, both, and output").isEqualTo(4 * KIB);
        backward(y);
        assertThat(ledger.live()).as("the output").isEqualTo(KIB);
    }

    @Test
    void aBlockThatNoGradientFlowsIntoIsNotCheckpointed() {
        Tensor weight = parameter();
        Tensor x = kib();
        Tensor y = tape.withGradients(
                () -> checkpoint(Checkpointing.REENTRANT, x, in -> Arithmetic.multiply(tape, in, weight)));
        tape.drop(x);
        backward(y);
        assertThat(ledger.live()).as("result and gradient").isEqualTo(2 * KIB);
    }

    @Test
    void theReentrantBlockRunsAgainToItsEnd() {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(Checkpointing.REENTRANT, x, this::threeOps));
        backward(y);
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("three results and three gradients")
                .isEqualTo(6);
    }

    @Test
    void theRecomputationStopsAtTheLastSavedTensor() {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(Checkpointing.NON_REENTRANT, x, this::threeOps));
        backward(y);
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("two results, since the third operation has saved its input before it makes its result, and three"
                        + " gradients")
                .isEqualTo(5);
    }

    @Test
    void theRecomputationStopsBeforeOperationsThatSaveNothing() {
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(
                Checkpointing.NON_REENTRANT, x, in -> plain(plain(op(in).last()).last())));
        backward(y);
        assertThat(events.countSince(Phase.BACKWARD, "+kib"))
                .as("three gradients: the only tensor that is saved is the input")
                .isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"REENTRANT", "NON_REENTRANT"})
    void parametersOfACheckpointedBlockGetTheirGradients(Checkpointing how) {
        Tensor weight = parameter();
        Tensor x = input();
        Tensor y = tape.withGradients(() -> checkpoint(
                how, x, in -> op(Arithmetic.multiply(tape, in, weight).last())));
        tape.drop(x);
        backward(y);
        tape.drop(y);
        assertThat(ledger.live()).as("the parameter's gradient").isEqualTo(KIB);
    }

    // ---- folds ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void whatEachBlockKeepsGrowsWithTheirNumber(int count) {
        Tensor y = tape.withGradients(() -> repeat(count, opened(), this::blockWithTransient));
        assertThat(ledger.live()).as("one saved tensor a block, and the stream").isEqualTo((count + 1) * KIB);
        assertThat(ledger.peak(Phase.FORWARD))
                .as("in the last block: what the earlier ones kept, its input, 8 KiB and its output")
                .isEqualTo((count - 1) * KIB + KIB + 8 * KIB + KIB);
        tape.drop(y);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void whatEachBlockFreesShrinksWithTheirNumber(int count) {
        Tensor y = tape.withGradients(
                () -> plain(repeat(count, opened(), this::blockWithTransient).last()));
        backward(y);
        assertThat(ledger.live()).as("the result and the parameter's gradient").isEqualTo(2 * KIB);
        assertThat(ledger.peak(Phase.BACKWARD))
                .as("in the block that runs first: the result, all that was kept, the gradient to start from, and the"
                        + " gradients of that block's output and input")
                .isEqualTo(KIB + count * KIB + 512 + 2 * KIB);
    }

    @Test
    void theStreamIsCountedOnce() {
        Tensor y = tape.withoutGradients(() -> repeat(1_000_000, kib(), this::op));
        assertThat(ledger.live()).isEqualTo(KIB);
        assertThat(ledger.peak(Phase.FORWARD)).as("a block's input and output").isEqualTo(2 * KIB);
        tape.drop(y);
        assertThat(ledger.live()).isZero();
    }

    @Test
    void theGradientOfTheStreamIsCountedOnce() {
        Tensor y = tape.withGradients(
                () -> plain(repeat(1_000, opened(), this::plain).last()));
        backward(y);
        assertThat(ledger.peak(Phase.BACKWARD))
                .as("result, the gradient to start from, and those of a block's output and input")
                .isEqualTo(KIB + 512 + 2 * KIB);
        assertThat(ledger.live()).as("the result and the parameter's gradient").isEqualTo(2 * KIB);
    }

    @Test
    void aStorageOfEachBlockIsFreedForAllAfterTheFold() {
        List<Tensor> held = new ArrayList<>();
        Tensor y = tape.withoutGradients(() -> repeat(7, kib(), in -> {
            Tensor cache = kib();
            held.add(tape.alias(cache));
            tape.drop(cache);
            return op(in);
        }));
        tape.drop(y);
        assertThat(held).hasSize(1);
        assertThat(ledger.live()).isEqualTo(7 * KIB);
        tape.drop(held.get(0));
        assertThat(ledger.live()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void aFoldIsTheSameAsEveryBlockByItself(int count) {
        for (RuntimeProfile runtime : List.of(RuntimeProfile.pytorch(), RuntimeProfile.pytorchFakeTensors())) {
            for (Checkpointing how : Checkpointing.values()) {
                use(runtime);
                List<Long> folded = residualBlocks(how, count, true);
                use(runtime);
                List<Long> unfolded = residualBlocks(how, count, false);
                assertThat(folded).as("%s, %s", runtime, how).isEqualTo(unfolded);
            }
        }
    }

    /** Peaks and what is left of a small network with residual blocks, each with a parameter. */
    private List<Long> residualBlocks(Checkpointing how, int count, boolean folded) {
        Tensor loss = tape.withGradients(() -> {
            Tensor stream = block(how, opened()).apply(opened());
            if (folded) {
                stream = repeat(count, stream, block(how, stream));
            } else {
                for (int i = 0; i < count; i++) {
                    stream = tape.rebind(stream, block(how, stream).apply(stream));
                }
            }
            return plain(stream.last());
        });
        backward(loss);
        return List.of(ledger.peak(Phase.FORWARD), ledger.peak(Phase.BACKWARD), ledger.live());
    }

    private UnaryOperator<Tensor> block(Checkpointing how, Tensor like) {
        Tensor weight = Tape.parameter(like.rows(), like.columns(), like.type(), true);
        return input -> checkpoint(how, input, x -> {
            Tensor inner = op(Arithmetic.multiply(tape, x, weight).last());
            return Arithmetic.add(tape, x, op(inner.last()).last());
        });
    }

    @Test
    void aFoldThatDoesNotFitIsAnErrorAndNotAWrap() {
        // a block keeps 2^32 B, and 2^31 blocks are 2^63 B
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> tape.withoutGradients(() -> repeat(Integer.MAX_VALUE, kib(), in -> {
                    tape.allocate(1L << 32, 2, DType.UINT8);
                    return op(in);
                })));
    }

    @Test
    void aTensorThatDoesNotFitIsAnErrorAndNotAWrap() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> tape.allocate(1L << 32, 1L << 32, DType.UINT8));
        assertThat(ledger.live()).isZero();
    }

    // ---- operations ------------------------------------------------------------------------------------------------

    /** A tensor of one kibibyte. */
    private Tensor kib() {
        return tape.allocate(1, WIDTH, DType.FP32);
    }

    /** A tensor that wants a gradient. */
    private Tensor input() {
        return tape.wantingGradient(kib());
    }

    /** A tensor that gradients flow through and that nobody but its variable holds. */
    private Tensor opened() {
        return plain(parameter());
    }

    private static Tensor parameter() {
        return Tape.parameter(1, WIDTH, DType.FP32, true);
    }

    /** An operation that saves its input. */
    private Tensor op(Tensor x) {
        return operation(x, true);
    }

    /** An operation that saves nothing. */
    private Tensor plain(Tensor x) {
        return operation(x, false);
    }

    private Tensor operation(Tensor x, boolean saves) {
        Operation node = null;
        if (tape.flows(x)) {
            node = tape.record(new Operation(tape.edge(x), x));
            if (saves) {
                tape.save(node, x.storage);
            }
        }
        Tensor result = tape.result(x.rows(), x.columns(), x.type(), node);
        tape.done(x);
        return result;
    }

    /** The gradient of its input is one new tensor. */
    private static final class Operation extends Node {
        private final @Nullable Node maker;
        private final Tensor input;

        Operation(@Nullable Node maker, Tensor input) {
            this.maker = maker;
            this.input = input;
        }

        @Override
        void backward(Tape tape, Tensor gradient) {
            tape.send(maker, tape.allocate(input.rows(), input.columns(), input.type()));
        }
    }

    /** Runs equal blocks, each of which leaves its input to be dropped. */
    private Tensor repeat(int count, Tensor x, UnaryOperator<Tensor> block) {
        return tape.repeat(new Fold(), count, x, input -> tape.rebind(input, block.apply(input)));
    }

    private Tensor checkpoint(Checkpointing how, Tensor x, UnaryOperator<Tensor> block) {
        return tape.checkpoint(how, x, List.of(), List.of(), block);
    }

    private Tensor threeOps(Tensor x) {
        return op(op(op(x).last()).last());
    }

    /** y = op(x), then op(y) + op(y). */
    private Tensor usedTwice() {
        Tensor x = input();
        Tensor loss = tape.withGradients(() -> {
            Tensor y = op(x);
            Tensor sum = Arithmetic.add(tape, op(y).last(), op(y).last());
            tape.drop(y);
            return plain(sum.last());
        });
        tape.drop(x);
        return loss;
    }

    /** Makes 8 KiB that do not outlive it, and saves its input. */
    private Tensor blockWithTransient(Tensor x) {
        Tensor large = tape.allocate(8, WIDTH, DType.FP32);
        Tensor y = op(x);
        tape.drop(large);
        return y;
    }

    /** Runs the backward pass, after which nobody holds the graph. */
    private void backward(Tensor loss) {
        ledger.enter(Phase.BACKWARD);
        tape.backward(loss);
        tape.releaseGraph();
    }

    /** Writes down what is made and freed. */
    private static final class Events implements Ledger.Observer {

        private record Change(Phase phase, String text) {}

        final List<Change> changes = new ArrayList<>();
        final List<MemoryKind> renamed = new ArrayList<>();
        final List<Integer> renamedAfter = new ArrayList<>();

        @Override
        public void changed(long clock, Phase phase, Storage storage, long copies, long live) {
            String size = storage.bytes() == KIB ? "kib" : storage.bytes() == 512 ? "start" : storage.bytes() + " B";
            changes.add(new Change(phase, (copies < 0 ? "-" : "+") + size));
        }

        @Override
        public void foldBegins(long clock, Fold fold) {}

        @Override
        public void foldEnds(long clock, Fold fold, long live) {}

        @Override
        public void repeated(long clock, Fold fold, int blocks, long live) {}

        @Override
        public void entered(long clock, Phase phase, long live) {}

        @Override
        public void renamed(Storage storage, MemoryKind before, long copies) {
            if (storage.kind() == MemoryKind.GRADIENTS) {
                renamed.add(storage.kind());
                renamedAfter.add(last("+kib"));
            }
        }

        List<String> since(Phase phase) {
            return changes.stream()
                    .filter(change -> change.phase() == phase)
                    .map(Change::text)
                    .toList();
        }

        long countSince(Phase phase, String text) {
            return since(phase).stream().filter(text::equals).count();
        }

        /** The index of the last such change. */
        int last(String text) {
            for (int i = changes.size() - 1; i >= 0; i--) {
                if (Objects.equals(changes.get(i).text(), text)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
