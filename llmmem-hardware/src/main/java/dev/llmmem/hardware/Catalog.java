package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/** A catalog that was read: what {@link Accelerators} offers of the bundled one. */
final class Catalog {

    private static final int LONGEST_ECHO = 60;

    private final LocalDate asOf;
    private final List<DataSource> dataSources;
    private final List<Accelerator> accelerators;
    private final Names names;

    Catalog(LocalDate asOf, List<DataSource> dataSources, List<Accelerator> accelerators, Names names) {
        this.asOf = asOf;
        this.dataSources = dataSources;
        this.accelerators = accelerators.stream()
                .sorted(Comparator.comparing(Accelerator::id))
                .toList();
        this.names = names;
    }

    LocalDate asOf() {
        return asOf;
    }

    List<DataSource> dataSources() {
        return dataSources;
    }

    List<Accelerator> all() {
        return accelerators;
    }

    List<Accelerator> variants(String name) {
        return names.find(name);
    }

    Optional<Accelerator> find(String name) {
        List<Accelerator> found = names.find(name);
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    Accelerator get(String name) {
        List<Accelerator> found = names.find(name);
        if (found.size() == 1) {
            return found.get(0);
        }
        String echo = name.length() <= LONGEST_ECHO ? name : name.substring(0, LONGEST_ECHO) + "...";
        if (found.isEmpty()) {
            throw new NoSuchElementException("name = \"" + echo + "\" is no known accelerator, nearest known names: "
                    + String.join(", ", names.nearest(name)));
        }
        throw new NoSuchElementException("name = \"" + echo + "\" is shared by " + found.size()
                + " accelerators, permitted one of: "
                + found.stream().map(Accelerator::id).sorted().collect(Collectors.joining(", ")));
    }

    List<Accelerator> withAtLeast(Bytes memory) {
        return accelerators.stream()
                .filter(accelerator -> accelerator.usableMemory().compareTo(memory) >= 0)
                .sorted(Comparator.comparing(Accelerator::usableMemory).thenComparing(Accelerator::id))
                .toList();
    }
}
