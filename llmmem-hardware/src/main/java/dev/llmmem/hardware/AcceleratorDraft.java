package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An accelerator while it is read: fields come in any order, and {@link #build()} checks them together. */
final class AcceleratorDraft {

    @Nullable
    String id;

    @Nullable
    String vendor;

    @Nullable
    String name;

    List<String> aliases = List.of();
    List<String> sharedNames = List.of();

    Accelerator.@Nullable Category category;

    Accelerator.@Nullable Status status;

    @Nullable
    String architecture;

    @Nullable
    String computeCapability;

    @Nullable
    Bytes nominalMemory;

    @Nullable
    String memoryType;

    boolean unifiedMemory;
    boolean inBandEcc;

    @Nullable
    Bytes memoryBandwidth;

    /** What a runtime reported as the total. */
    @Nullable
    Bytes runtimeTotal;

    @Nullable
    Bytes driverTotal;

    @Nullable
    Bytes driverReserved;

    @Nullable
    Bytes unifiedShare;

    final Map<ComputeFormat, Double> denseTflops = new EnumMap<>(ComputeFormat.class);

    @Nullable
    Integer devicesPerCard;

    @Nullable
    Integer tdpWatts;

    @Nullable
    LocalDate releaseDate;

    List<String> sources = List.of();

    @Nullable
    Confidence confidence;

    List<String> notes = List.of();

    /**
     * The accelerator.
     *
     * @throws IllegalArgumentException if a required field is missing, or fields contradict each other
     */
    Accelerator build() {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("sources is missing");
        }
        Accelerator accelerator = new Accelerator(this);
        if (accelerator.usableMemory().compareTo(accelerator.nominalMemory()) > 0) {
            throw new IllegalArgumentException("usable memory = " + accelerator.usableMemory()
                    + ", permitted at most memory.nominal = " + accelerator.nominalMemory());
        }
        return accelerator;
    }

    /** The best that is known: what was printed on a device, then what the system lends, then the box. */
    UsableMemory usableMemory() {
        Accelerator.Category kind = required(category, "category");
        Bytes nominal = required(nominalMemory, "memory.nominal");
        requireOneOrigin();
        if (runtimeTotal != null) {
            return UsableMemory.ofRuntimeTotal(runtimeTotal);
        }
        if (driverReserved != null) {
            Bytes total = required(driverTotal, "memory.driverTotal");
            if (driverReserved.compareTo(total) > 0) {
                throw new IllegalArgumentException("memory.driverReserved = " + driverReserved
                        + ", permitted at most memory.driverTotal = " + total);
            }
            return UsableMemory.ofDriverTotal(total, driverReserved);
        }
        if (driverTotal != null) {
            return UsableMemory.ofDriverTotal(driverTotal, kind);
        }
        if (unifiedShare != null) {
            return UsableMemory.ofUnifiedShare(unifiedShare);
        }
        return UsableMemory.ofNominal(nominal, inBandEcc, kind);
    }

    private void requireOneOrigin() {
        int origins = (runtimeTotal == null ? 0 : 1)
                + (driverTotal == null && driverReserved == null ? 0 : 1)
                + (unifiedShare == null ? 0 : 1);
        if (origins > 1) {
            throw new IllegalArgumentException(
                    "memory has " + origins + " of runtimeTotal, driverTotal and unifiedShare, permitted at most one");
        }
        if (unifiedShare != null && !unifiedMemory) {
            throw new IllegalArgumentException("memory.unifiedShare is there, permitted only if memory.unified = true");
        }
    }

    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }
}
