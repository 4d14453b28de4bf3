package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One kind of accelerator: its memory, its peaks, and where these figures come from.
 *
 * <p>An entry describes one <em>device</em> as a process sees it. A card or a chip that shows as several devices, such as an AMD
 * Instinct MI250X with its two dies, has an entry for one of them, and {@link #devicesPerCard()} says how many there are. Memory,
 * bandwidth and peaks are those of one device, {@link #tdpWatts()} is that of the whole card.
 *
 * <p>Several numbers are called the memory of a device. {@link #nominalMemory()} is what the vendor prints on the box.
 * {@link #usableMemory()} is what a runtime such as CUDA offers before the first allocation; it is what counts, and it is smaller:
 * a T4 of 16 GiB offers 14.56 GiB. What is left once a process has a context is smaller again: see {@link Headroom}.
 *
 * <p>Immutable and thread-safe. Entries come from {@link Accelerators}; each exists once, so they are compared by identity. For
 * hardware that is not there, {@link Fit#of(Bytes, Bytes)} takes a plain capacity.
 */
public final class Accelerator {

    private final String id;
    private final String vendor;
    private final String name;
    private final List<String> aliases;
    private final List<String> sharedNames;
    private final Category category;
    private final Status status;
    private final String architecture;
    private final @Nullable String computeCapability;
    private final Bytes nominalMemory;
    private final UsableMemory usableMemory;
    private final String memoryType;
    private final boolean unifiedMemory;
    private final @Nullable Bytes memoryBandwidth;
    private final Map<ComputeFormat, Double> denseTflops;
    private final int devicesPerCard;
    private final @Nullable Integer tdpWatts;
    private final @Nullable LocalDate releaseDate;
    private final List<String> sources;
    private final Confidence confidence;
    private final List<String> notes;

    /** Takes over a draft whose required fields {@link AcceleratorDraft#build()} has checked. */
    Accelerator(AcceleratorDraft draft) {
        id = AcceleratorDraft.required(draft.id, "id");
        vendor = AcceleratorDraft.required(draft.vendor, "vendor");
        name = AcceleratorDraft.required(draft.name, "name");
        aliases = List.copyOf(draft.aliases);
        sharedNames = List.copyOf(draft.sharedNames);
        category = AcceleratorDraft.required(draft.category, "category");
        status = AcceleratorDraft.required(draft.status, "status");
        architecture = AcceleratorDraft.required(draft.architecture, "architecture");
        computeCapability = draft.computeCapability;
        nominalMemory = AcceleratorDraft.required(draft.nominalMemory, "memory.nominal");
        usableMemory = draft.usableMemory();
        memoryType = AcceleratorDraft.required(draft.memoryType, "memory.type");
        unifiedMemory = draft.unifiedMemory;
        memoryBandwidth = draft.memoryBandwidth;
        denseTflops = Map.copyOf(draft.denseTflops);
        devicesPerCard = AcceleratorDraft.required(draft.devicesPerCard, "devicesPerCard");
        tdpWatts = draft.tdpWatts;
        releaseDate = draft.releaseDate;
        sources = List.copyOf(draft.sources);
        confidence = AcceleratorDraft.required(draft.confidence, "confidence");
        notes = List.copyOf(draft.notes);
    }

    /**
     * The key of this entry, such as {@code nvidia-a100-sxm4-80gb}. It never changes and is never given to another accelerator.
     *
     * @return the id, in lower case
     */
    public String id() {
        return id;
    }

    /**
     * Who makes it.
     *
     * @return the vendor, such as {@code NVIDIA}
     */
    public String vendor() {
        return vendor;
    }

    /**
     * What people call it in full, such as {@code NVIDIA GeForce RTX 4090}.
     *
     * @return the name, unique in the catalog
     */
    public String name() {
        return name;
    }

    /**
     * Other names that mean this device and no other, among them what the driver prints where that is such a name.
     *
     * @return the names, unmodifiable
     */
    public List<String> aliases() {
        return aliases;
    }

    /**
     * Names that it shares with other variants, such as {@code A100} or {@code RTX 3060}. They settle neither memory nor speed, so
     * {@link Accelerators#get(String)} refuses them, and {@link Accelerators#variants(String)} lists who shares them.
     *
     * @return the names, unmodifiable
     */
    public List<String> sharedNames() {
        return sharedNames;
    }

    /**
     * What it is built for.
     *
     * @return the category
     */
    public Category category() {
        return category;
    }

    /**
     * Whether it is or was on sale.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }

    /**
     * The vendor's name for the design, such as {@code Hopper}.
     *
     * @return the architecture
     */
    public String architecture() {
        return architecture;
    }

    /**
     * The CUDA compute capability, such as {@code 8.9}.
     *
     * @return the compute capability, or empty where there is no such thing
     */
    public Optional<String> computeCapability() {
        return Optional.ofNullable(computeCapability);
    }

    /**
     * The memory that the vendor states, in bytes. The 24 GB on the box of an RTX 4090 are 24 GiB, the 288 GB of a B300 are not.
     *
     * @return the nominal memory of one device
     */
    public Bytes nominalMemory() {
        return nominalMemory;
    }

    /**
     * The memory that a runtime can use before the first allocation; {@link #basis()} says how well that is known.
     *
     * <p>Drivers of other generations and other systems differ by some hundred MiB: a T4 went from 14.75 to 14.56 GiB with newer
     * drivers, and Windows reserves less. With error correction off, cards that take its bits from memory offer one sixteenth more.
     *
     * @return the usable memory of one device, at most the nominal one
     */
    public Bytes usableMemory() {
        return usableMemory.value();
    }

    /**
     * What {@link #usableMemory()} rests on.
     *
     * @return the basis
     */
    public UsableMemoryBasis basis() {
        return usableMemory.basis();
    }

    /**
     * The kind of memory, such as {@code HBM3} or {@code GDDR6X}.
     *
     * @return the memory type
     */
    public String memoryType() {
        return memoryType;
    }

    /**
     * Whether the memory is shared with the CPU.
     *
     * @return whether memory is unified
     */
    public boolean unifiedMemory() {
        return unifiedMemory;
    }

    /**
     * The peak memory bandwidth.
     *
     * @return bytes per second of one device, or empty if no source that may be cited gives it
     */
    public Optional<Bytes> memoryBandwidth() {
        return Optional.ofNullable(memoryBandwidth);
    }

    /**
     * The peaks, always without sparsity.
     *
     * @return 10<sup>12</sup> operations per second of one device, more than 0, for each format whose peak is known; unmodifiable
     */
    public Map<ComputeFormat, Double> denseTflops() {
        return denseTflops;
    }

    /**
     * The peak in one format, always without sparsity. GeForce cards add up 16-bit products in 32 bits at half their headline rate:
     * the slower rate is given.
     *
     * @param format the format to compute in
     * @return 10<sup>12</sup> operations per second of one device, more than 0, or empty if the format is not supported or its peak
     *     is not known
     */
    public OptionalDouble denseTflops(ComputeFormat format) {
        Double peak = denseTflops.get(Objects.requireNonNull(format, "format"));
        return peak == null ? OptionalDouble.empty() : OptionalDouble.of(peak);
    }

    /**
     * As how many devices one card or chip shows.
     *
     * @return the number of devices, 1 or more
     */
    public int devicesPerCard() {
        return devicesPerCard;
    }

    /**
     * The power that the card is built for.
     *
     * @return watts of the whole card, 1 or more, or empty if not known
     */
    public OptionalInt tdpWatts() {
        return tdpWatts == null ? OptionalInt.empty() : OptionalInt.of(tdpWatts);
    }

    /**
     * When it came on the market.
     *
     * @return the day of release, or empty if not known
     */
    public Optional<LocalDate> releaseDate() {
        return Optional.ofNullable(releaseDate);
    }

    /**
     * Where the figures come from.
     *
     * @return the addresses, at least one, unmodifiable
     */
    public List<String> sources() {
        return sources;
    }

    /**
     * How well the figures were checked.
     *
     * @return the confidence
     */
    public Confidence confidence() {
        return confidence;
    }

    /**
     * What else to know: doubts, settings, what a figure refers to.
     *
     * @return the notes, unmodifiable
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * The device in one line:
     * {@code NVIDIA T4 (nvidia-t4-16gb), 14.56 GiB (15636365312 B) usable of 16.00 GiB (17179869184 B), measured}.
     *
     * @return the text, one line
     */
    @Override
    public String toString() {
        return name + " (" + id + "), " + usableMemory() + " usable of " + nominalMemory + ", " + basis();
    }

    /** What an accelerator is built for. New constants may come in a minor version. */
    public enum Category {
        /** Cards and modules for servers. */
        DATACENTER,

        /** Cards for professional workstations, and small workstations. */
        WORKSTATION,

        /** Cards for everyone. */
        CONSUMER,

        /** Google's tensor processing units. */
        TPU,

        /** Other processors for neural networks. */
        NPU,

        /** Apple's systems on a chip, one entry for each size of memory. */
        APPLE_SILICON
    }

    /** Whether an accelerator is or was on sale. New constants may come in a minor version. */
    public enum Status {
        /** On sale, or was. */
        AVAILABLE,

        /** Announced; figures may change. */
        ANNOUNCED
    }
}
