package dev.llmmem.memory;

import dev.llmmem.workload.Workload;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Equal layers traced once stand for all of them: the result is that of tracing every layer by itself. */
class FoldProperties {

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void peaksAreThoseOfTracingEveryLayer(@ForAll("jobs") Workload job) {
        Folding.assertSamePeaks(job);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void whatLivesAtThePeaksIsWhatTracingEveryLayerFinds(@ForAll("jobs") Workload job) {
        Folding.assertSameItems(job);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void nothingIsLeftOverThatTracingEveryLayerFrees(@ForAll("jobs") Workload job) {
        Folding.assertSameRemainder(job);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void theSameHoldsOfOtherStrategies(@ForAll("otherJobs") Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void theSameHoldsOfOtherUpdates(@ForAll("otherUpdates") Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
    void theSameHoldsOfMemorySavers(@ForAll("jobsWithSavers") Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void theSameHoldsWhereLayersAreTrainedUnlike(@ForAll("partialJobs") Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void theSameHoldsOverQuantizedBasesOfOtherFamilies(@ForAll("quantizedJobs") Workload job) {
        Folding.assertSamePeaks(job);
        Folding.assertSameItems(job);
        Folding.assertSameRemainder(job);
    }

    @Provide
    Arbitrary<Workload> quantizedJobs() {
        return QuantizedJobs.any();
    }

    @Provide
    Arbitrary<Workload> otherUpdates() {
        return Jobs.otherUpdates();
    }

    @Provide
    Arbitrary<Workload> jobsWithSavers() {
        return Jobs.withSavers();
    }

    @Provide
    Arbitrary<Workload> partialJobs() {
        return Jobs.partial();
    }

    @Provide
    Arbitrary<Workload> jobs() {
        return Jobs.any();
    }

    @Provide
    Arbitrary<Workload> otherJobs() {
        return Jobs.others();
    }
}
