package dev.llmmem.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.units.Bytes;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceleratorsTest {

    static List<Accelerator> all() {
        return Accelerators.all();
    }

    @Test
    void holdsTheCatalog() {
        assertThat(Accelerators.all()).hasSize(184).isSortedAccordingTo(Comparator.comparing(Accelerator::id));
        assertThat(Accelerators.all()).extracting(Accelerator::id).doesNotHaveDuplicates();
        assertThat(Accelerators.asOf()).isEqualTo(LocalDate.of(2026, 11, 22));
    }

    @ParameterizedTest
    @CsvSource({
        "nvidia-rtx-4090-24gb, nvidia-rtx-4090-24gb",
        "RTX 4090, nvidia-rtx-4090-24gb",
        "rtx4090, nvidia-rtx-4090-24gb",
        "rtx-4090, nvidia-rtx-4090-24gb",
        "RTX_4090, nvidia-rtx-4090-24gb",
        "GeForce RTX 4090, nvidia-rtx-4090-24gb",
        "NVIDIA GeForce RTX 4090, nvidia-rtx-4090-24gb",
        "RTX 4090 D, nvidia-rtx-4090d-24gb",
        "T4, nvidia-t4-16gb",
        "Tesla T4, nvidia-t4-16gb",
        "L4, nvidia-l4-24gb",
        "L40, nvidia-l40-48gb",
        "L40S, nvidia-l40s-48gb",
        "A10, nvidia-a10-24gb",
        "A10G, nvidia-a10g-24gb",
        "A2, nvidia-a2-16gb",
        "A100-SXM4-80GB, nvidia-a100-sxm4-80gb",
        "NVIDIA A100-SXM4-80GB, nvidia-a100-sxm4-80gb",
        "NVIDIA A100-SXM4-40GB, nvidia-a100-sxm4-40gb",
        "NVIDIA A100 80GB PCIe, nvidia-a100-pcie-80gb",
        "NVIDIA A100-PCIE-40GB, nvidia-a100-pcie-40gb",
        "NVIDIA H100 80GB HBM3, nvidia-h100-sxm5-80gb",
        "H100 SXM, nvidia-h100-sxm5-80gb",
        "NVIDIA H100 PCIe, nvidia-h100-pcie-80gb",
        "NVIDIA H100 NVL, nvidia-h100-nvl-94gb",
        "NVIDIA H200, nvidia-h200-sxm5-141gb",
        "NVIDIA H200 NVL, nvidia-h200-nvl-141gb",
        "B200, nvidia-b200-sxm6-180gb",
        "NVIDIA B300 SXM6 AC, nvidia-b300-sxm6-288gb",
        "GB200, nvidia-gb200-186gb",
        "NVIDIA GH200 480GB, nvidia-gh200-96gb",
        "Tesla V100-SXM2-32GB, nvidia-v100-sxm2-32gb",
        "A6000, nvidia-rtx-a6000-48gb",
        "RTX 6000 Ada, nvidia-rtx-6000-ada-48gb",
        "Quadro RTX 6000, nvidia-quadro-rtx-6000-24gb",
        "RTX 3060 12GB, nvidia-rtx-3060-12gb",
        "RTX 3060 Ti, nvidia-rtx-3060-ti-8gb",
        "RTX 5090, nvidia-rtx-5090-32gb",
        "DGX Spark, nvidia-gb10-128gb",
        "MI300X, amd-mi300x-192gb",
        "AMD Instinct MI355X, amd-mi355x-288gb",
        "RX 7900 XTX, amd-rx-7900-xtx-24gb",
        "Gaudi3, intel-gaudi3-128gb",
        "TPU v5e, google-tpu-v5e",
        "Trillium, google-tpu-v6e",
        "trn1, aws-trainium1",
        "M2 Ultra 192GB, apple-m2-ultra-192gb",
        "M3 Max 36GB, apple-m3-max-30c-36gb"
    })
    void isFoundById_AliasAndDriverName(String name, String id) {
        assertThat(Accelerators.get(name).id()).isEqualTo(id);
        assertThat(Accelerators.find(name)).contains(Accelerators.get(id));
        assertThat(Accelerators.variants(name)).containsExactly(Accelerators.get(id));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isFoundByEachOfItsNames(Accelerator accelerator) {
        assertThat(Accelerators.get(accelerator.id())).isSameAs(accelerator);
        assertThat(Accelerators.get(accelerator.name())).isSameAs(accelerator);
        assertThat(accelerator.aliases())
                .allSatisfy(alias -> assertThat(Accelerators.get(alias)).isSameAs(accelerator));
        assertThat(accelerator.sharedNames())
                .allSatisfy(shared -> assertThat(Accelerators.variants(shared))
                        .hasSizeGreaterThan(1)
                        .contains(accelerator));
    }

    @ParameterizedTest
    @CsvSource({
        "A100, 4",
        "A100-80GB, 2",
        "H100, 3",
        "H200, 2",
        "V100, 4",
        "RTX 3060, 2",
        "NVIDIA GeForce RTX 3060, 2",
        "RTX 3080, 2",
        "RTX 4060 Ti, 2",
        "RTX 6000, 2",
        "RTX PRO 6000, 3",
        "GH200, 2",
        "Apple M4, 3"
    })
    void refusesNamesThatVariantsShare(String name, int variants) {
        assertThat(Accelerators.find(name)).isEmpty();
        assertThat(Accelerators.variants(name)).hasSize(variants);
        assertThatThrownBy(() -> Accelerators.get(name)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void listsTheVariantsOfASharedName() {
        assertThatThrownBy(() -> Accelerators.get("h100"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("name = \"h100\" is shared by 3 accelerators, permitted one of: "
                        + "nvidia-h100-nvl-94gb, nvidia-h100-pcie-80gb, nvidia-h100-sxm5-80gb");
        assertThatThrownBy(() -> Accelerators.get("RTX 3060"))
                .hasMessage("name = \"RTX 3060\" is shared by 2 accelerators, permitted one of: "
                        + "nvidia-rtx-3060-12gb, nvidia-rtx-3060-8gb");
        assertThat(Accelerators.variants("RTX 3060"))
                .extracting(Accelerator::id)
                .containsExactly("nvidia-rtx-3060-12gb", "nvidia-rtx-3060-8gb");
    }

    /** Each is a part of a known name, or has one as a part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NVIDIA GeForce RTX 4090 Laptop GPU",
                "RTX 3060 6GB",
                "RTX 40",
                "RTX",
                "NVIDIA",
                "A1000",
                "A10 0",
                "T4G",
                "H100 8",
                "L400",
                "NVIDIA L40S-48Q",
                "M3",
                "",
                " "
            })
    void matchesNoPartOfAName(String name) {
        assertThat(Accelerators.find(name)).isEmpty();
        assertThat(Accelerators.variants(name))
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        shared -> assertThat(shared).hasSizeGreaterThan(1));
        assertThatThrownBy(() -> Accelerators.get(name)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void suggestsTheNearestNames() {
        assertThatThrownBy(() -> Accelerators.get("RTX 4091"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("name = \"RTX 4091\" is no known accelerator, nearest known names: "
                        + "RTX 4090, RTX 3090, RTX 4060, RTX 4070, RTX 4080");
        assertThatThrownBy(() -> Accelerators.get("4090")).hasMessageContaining("names: RTX 4090, ");
        assertThatThrownBy(() -> Accelerators.get("NVIDIA GeForce RTX 4090 Laptop GPU"))
                .hasMessageContaining("names: NVIDIA GeForce RTX 4090, ");
        assertThatThrownBy(() -> Accelerators.get("RTX A2000")).hasMessageContaining("RTX A4000");
    }

    @Test
    void saysLittleAboutALongName() {
        String name = "x".repeat(1_000_000);
        assertThat(Accelerators.find(name)).isEmpty();
        assertThatThrownBy(() -> Accelerators.get(name))
                .isInstanceOf(NoSuchElementException.class)
                .message()
                .startsWith("name = \"" + "x".repeat(60) + "...\" is no known accelerator")
                .hasSizeLessThan(400);
    }

    @Test
    void ordersByUsableMemory() {
        List<Accelerator> found = Accelerators.withAtLeast(Bytes.ofGiB(79));
        assertThat(found)
                .isNotEmpty()
                .isSortedAccordingTo(
                        Comparator.comparing(Accelerator::usableMemory).thenComparing(Accelerator::id))
                .contains(Accelerators.get("NVIDIA H100 80GB HBM3"), Accelerators.get("MI300X"))
                .doesNotContain(Accelerators.get("RTX 5090"))
                .allMatch(accelerator -> accelerator.usableMemory().compareTo(Bytes.ofGiB(79)) >= 0);
        Accelerator t4 = Accelerators.get("T4");
        assertThat(Accelerators.withAtLeast(t4.usableMemory())).contains(t4);
        assertThat(Accelerators.withAtLeast(t4.usableMemory().plus(Bytes.of(1))))
                .doesNotContain(t4);
        assertThat(Accelerators.withAtLeast(Bytes.ZERO)).hasSameSizeAs(Accelerators.all());
        assertThat(Accelerators.withAtLeast(Bytes.ofTiB(1))).isEmpty();
    }

    /** Bytes of nominal and usable memory, in MiB, as the sources give them. */
    @ParameterizedTest
    @CsvSource({
        "T4, 16384, 14912",
        "NVIDIA A100-SXM4-40GB, 40960, 40442",
        "L40S, 49152, 45459",
        "NVIDIA H100 80GB HBM3, 81920, 81079",
        "NVIDIA H200, 144384, 143157",
        "B200, 184320, 182631",
        "GB200, 190464, 188729",
        "GB300, 284160, 283261",
        "RTX 4080 SUPER, 16384, 15942",
        "RTX 2080 SUPER, 8192, 7784",
        "RTX 5060 Ti 16GB, 16384, 15816",
        "MI300X, 196608, 196592",
        "NVIDIA H100 NVL, 96256, 95232",
        "TPU v4, 32768, 31488"
    })
    void knowsWhatDriversAndRuntimesPrint(String name, long nominalMiB, long usableMiB) {
        Accelerator accelerator = Accelerators.get(name);
        assertThat(accelerator.nominalMemory()).isEqualTo(Bytes.ofMiB(nominalMiB));
        assertThat(accelerator.usableMemory()).isEqualTo(Bytes.ofMiB(usableMiB));
        assertThat(accelerator.basis()).isEqualTo(UsableMemoryBasis.MEASURED);
    }

    /** As PyTorch prints the total, in GiB. */
    @ParameterizedTest
    @CsvSource({
        "T4, 14.56",
        "L4, 22.03",
        "RTX 3090, 23.69",
        "RTX 4090, 23.64",
        "RTX 5090, 31.36",
        "A100-SXM4-80GB, 79.14",
        "NVIDIA H100 80GB HBM3, 79.18",
        "NVIDIA H200, 139.80",
        "B200, 178.35",
        "Tesla V100-SXM2-16GB, 15.78"
    })
    void printsUsableMemoryAsPyTorchDoes(String name, String gib) {
        assertThat(Accelerators.get(name).usableMemory().toString()).startsWith(gib + " GiB (");
        assertThat(Accelerators.get(name).basis()).isEqualTo(UsableMemoryBasis.MEASURED);
    }

    @Test
    void takesAMarginWhereSomethingIsNotKnown() {
        // 46068 - 512 - 461 MiB, then rounded down by bytes.
        Accelerator a40 = Accelerators.get("A40");
        assertThat(a40.basis()).isEqualTo(UsableMemoryBasis.DRIVER_TOTAL_WITH_MARGIN);
        assertThat(a40.usableMemory().toMiB()).isBetween(45095.0, 45095.5);
        Accelerator rtx4070 = Accelerators.get("RTX 4070");
        assertThat(rtx4070.basis()).isEqualTo(UsableMemoryBasis.NOMINAL_WITH_MARGIN);
        assertThat(rtx4070.usableMemory().toMiB()).isBetween(11653.0, 11653.5);
        // Error correction takes one sixteenth first.
        Accelerator a2 = Accelerators.get("A2");
        assertThat(a2.basis()).isEqualTo(UsableMemoryBasis.NOMINAL_WITH_MARGIN);
        assertThat(a2.usableMemory().toMiB()).isBetween(14694.0, 14694.5);
        assertThat(Accelerators.get("TPU v5e").usableMemory()).isEqualTo(Bytes.ofGiB(15));
        Accelerator m3 = Accelerators.get("M3 Max 128GB");
        assertThat(m3.basis()).isEqualTo(UsableMemoryBasis.UNIFIED_SHARE);
        assertThat(m3.usableMemory()).isEqualTo(Bytes.ofGiB(96));
        assertThat(Accelerators.get("M1 16GB").usableMemory().toMiB()).isBetween(10922.6, 10922.7);
    }

    /** What is said of the margin: each measured device with a driver offers at least what it would have left. */
    @ParameterizedTest
    @MethodSource("all")
    void keepsTheMarginOnTheSafeSide(Accelerator accelerator) {
        if (accelerator.basis() != UsableMemoryBasis.MEASURED || accelerator.category() == Accelerator.Category.TPU) {
            return;
        }
        boolean inBandEcc = Set.of("NVIDIA T4", "NVIDIA L4", "NVIDIA L40", "NVIDIA L40S", "NVIDIA Tesla P40")
                .contains(accelerator.name());
        UsableMemory guess = UsableMemory.ofNominal(accelerator.nominalMemory(), inBandEcc, accelerator.category());
        assertThat(guess.value()).isLessThanOrEqualTo(accelerator.usableMemory());
    }

    @ParameterizedTest
    @MethodSource("all")
    void isCompleteAndPlausible(Accelerator accelerator) {
        assertThat(accelerator.usableMemory())
                .isLessThanOrEqualTo(accelerator.nominalMemory())
                .isGreaterThan(accelerator.nominalMemory().dividedBy(2));
        assertThat(accelerator.sources()).isNotEmpty().allMatch(source -> source.startsWith("https://"));
        assertThat(accelerator.confidence()).isNotNull();
        assertThat(accelerator.vendor()).isNotBlank();
        assertThat(accelerator.architecture()).isNotBlank();
        assertThat(accelerator.memoryType()).isNotBlank();
        assertThat(accelerator.devicesPerCard()).isBetween(1, 8);
        assertThat(accelerator.computeCapability().isPresent())
                .isEqualTo(accelerator.vendor().equals("NVIDIA"));
        accelerator.memoryBandwidth().ifPresent(rate -> assertThat(rate).isBetween(Bytes.ofGB(60), Bytes.ofTB(10)));
        accelerator.tdpWatts().ifPresent(watts -> assertThat(watts).isBetween(50, 1500));
        accelerator
                .releaseDate()
                .ifPresent(day -> assertThat(day).isBetween(LocalDate.of(2016, 1, 1), Accelerators.asOf()));
        assertThat(accelerator.status()).isEqualTo(Accelerator.Status.AVAILABLE);
        assertThat(accelerator.unifiedMemory() || accelerator.basis() != UsableMemoryBasis.UNIFIED_SHARE)
                .isTrue();
    }

    /** Tables whose licence or origin does not allow it. */
    @ParameterizedTest
    @MethodSource("all")
    void restsOnNoForbiddenSource(Accelerator accelerator) {
        assertThat(accelerator.sources())
                .noneMatch(source -> source.contains("stas00")
                        || source.contains("skypilot")
                        || source.contains("techpowerup")
                        || source.contains("huggingface.js")
                        || source.contains("gpuhunt")
                        || source.contains("XiongjieDai"));
    }

    @Test
    void namesItsSourcesWithLicences() {
        assertThat(Accelerators.dataSources())
                .extracting(DataSource::licence)
                .contains("Apache-2.0", "MIT", "facts, cited per record");
        assertThat(Accelerators.dataSources().get(1))
                .hasToString("NVIDIA k8s-test-infra (https://github.com/NVIDIA/k8s-test-infra, Apache-2.0): "
                        + "driver totals and reserved memory printed by nvidia-smi");
    }

    @Test
    void describesOneDeviceOfACard() {
        Accelerator die = Accelerators.get("MI250X");
        assertThat(die.devicesPerCard()).isEqualTo(2);
        assertThat(die.nominalMemory()).isEqualTo(Bytes.ofGiB(64));
        assertThat(die.denseTflops(ComputeFormat.BF16)).hasValue(191.5);
        assertThat(die.tdpWatts()).hasValue(560);
        assertThat(Accelerators.get("A16").devicesPerCard()).isEqualTo(4);
    }

    @Test
    void readsEveryField() {
        Accelerator card = Accelerators.get("RTX 4090");
        assertThat(card.vendor()).isEqualTo("NVIDIA");
        assertThat(card.name()).isEqualTo("NVIDIA GeForce RTX 4090");
        assertThat(card.aliases()).containsExactly("GeForce RTX 4090", "RTX 4090");
        assertThat(card.sharedNames()).isEmpty();
        assertThat(card.category()).isEqualTo(Accelerator.Category.CONSUMER);
        assertThat(card.architecture()).isEqualTo("Ada Lovelace");
        assertThat(card.computeCapability()).contains("8.9");
        assertThat(card.memoryType()).isEqualTo("GDDR6X");
        assertThat(card.unifiedMemory()).isFalse();
        assertThat(card.memoryBandwidth()).contains(Bytes.ofGB(1008));
        assertThat(card.denseTflops())
                .containsOnlyKeys(
                        ComputeFormat.FP32,
                        ComputeFormat.TF32,
                        ComputeFormat.FP16,
                        ComputeFormat.BF16,
                        ComputeFormat.FP8,
                        ComputeFormat.INT8);
        assertThat(card.denseTflops(ComputeFormat.BF16)).hasValue(165.2);
        assertThat(card.denseTflops(ComputeFormat.FP4)).isEmpty();
        assertThat(card.devicesPerCard()).isEqualTo(1);
        assertThat(card.tdpWatts()).hasValue(450);
        assertThat(card.releaseDate()).contains(LocalDate.of(2022, 10, 12));
        assertThat(card.confidence()).isEqualTo(Confidence.PARTLY_CHECKED);
        assertThat(card.notes()).isEmpty();
        assertThat(Accelerators.get("MI300A").unifiedMemory()).isTrue();
        assertThat(Accelerators.get("TPU v4").tdpWatts()).isEmpty();
        assertThat(Accelerators.get("NVIDIA H20").memoryBandwidth()).isEmpty();
    }

    @Test
    void printsItselfInOneLine() {
        assertThat(Accelerators.get("T4"))
                .hasToString(
                        "NVIDIA T4 (nvidia-t4-16gb), 14.56 GiB (15636365312 B) usable of 16.00 GiB (17179869184 B), "
                                + "measured");
        assertThat(Accelerators.get("A40").toString()).endsWith(", driver total less a margin");
    }

    @Test
    void printsItsEnumsInWords() {
        assertThat(UsableMemoryBasis.values())
                .extracting(UsableMemoryBasis::toString)
                .containsExactly(
                        "measured", "driver total less a margin", "share of unified memory", "nominal less a margin");
        assertThat(UsableMemoryBasis.values())
                .extracting(UsableMemoryBasis::hasMargin)
                .containsExactly(false, true, false, true);
        assertThat(Confidence.values())
                .extracting(Confidence::toString)
                .containsExactly("checked", "partly checked", "recalled");
    }

    @Test
    void cannotBeChanged() {
        Accelerator card = Accelerators.get("RTX 4090");
        for (List<?> list : List.of(
                Accelerators.all(),
                Accelerators.variants("A100"),
                Accelerators.variants("RTX 4090"),
                Accelerators.withAtLeast(Bytes.ZERO),
                Accelerators.dataSources(),
                card.aliases(),
                card.sharedNames(),
                card.sources(),
                card.notes())) {
            assertThatThrownBy(() -> list.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThatThrownBy(() -> card.denseTflops().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Accelerators.get(null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> Accelerators.find(null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> Accelerators.variants(null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> Accelerators.withAtLeast(null))
                .withMessage("memory");
        assertThatNullPointerException()
                .isThrownBy(() -> Accelerators.get("T4").denseTflops(null))
                .withMessage("format");
    }
}
