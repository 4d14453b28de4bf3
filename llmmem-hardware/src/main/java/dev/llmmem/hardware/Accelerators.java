package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The accelerators that are known here: data center, workstation and consumer cards, TPUs, NPUs and Apple's chips.
 *
 * <pre>{@code
 * Accelerators.get("RTX 4090");                     // by what people call it
 * Accelerators.get("NVIDIA H100 80GB HBM3");        // by what the driver prints
 * Accelerators.get("nvidia-h100-sxm5-80gb");        // by id
 * Accelerators.variants("A100");                    // four of them: 40 and 80 GB, PCIe and SXM4
 * Accelerators.withAtLeast(Bytes.ofGiB(40));        // smallest first
 * }</pre>
 *
 * <p>A name is known or it is not; no part of a name is ever matched. Case does not matter, nor do spaces, hyphens and underscores.
 * A name that several variants share is refused by {@link #get(String)} with the list of them, since they differ in memory or speed.
 *
 * <p>The data are a snapshot, see {@link #asOf()}, bundled with the library: no network, no look at the machine. They are read once,
 * on first use. All methods are thread-safe and return the same immutable entries.
 */
public final class Accelerators {

    private static final String RESOURCE = "accelerators.json";

    private Accelerators() {}

    /**
     * The accelerator of that name.
     *
     * @param name an id, a name, an alias, or what the driver prints
     * @return the accelerator
     * @throws java.util.NoSuchElementException if nothing has that name, with the nearest known names; or if several variants share
     *     it, with their ids
     */
    public static Accelerator get(String name) {
        return Bundled.CATALOG.get(Objects.requireNonNull(name, "name"));
    }

    /**
     * The accelerator of that name.
     *
     * @param name an id, a name, an alias, or what the driver prints
     * @return the accelerator, or empty if nothing has that name or several variants share it
     */
    public static Optional<Accelerator> find(String name) {
        return Bundled.CATALOG.find(Objects.requireNonNull(name, "name"));
    }

    /**
     * All accelerators of that name: the only one, or all variants that share it.
     *
     * @param name an id, a name, an alias, what the driver prints, or a shared name such as {@code A100}
     * @return the accelerators, by id; empty if nothing has that name; unmodifiable
     */
    public static List<Accelerator> variants(String name) {
        return Bundled.CATALOG.variants(Objects.requireNonNull(name, "name"));
    }

    /**
     * All accelerators.
     *
     * @return the accelerators, by id, unmodifiable
     */
    public static List<Accelerator> all() {
        return Bundled.CATALOG.all();
    }

    /**
     * The accelerators whose usable memory, of one device, is at least so much.
     *
     * @param memory the least usable memory
     * @return the accelerators, least memory first, then by id; unmodifiable
     */
    public static List<Accelerator> withAtLeast(Bytes memory) {
        return Bundled.CATALOG.withAtLeast(Objects.requireNonNull(memory, "memory"));
    }

    /**
     * When the data were collected.
     *
     * @return the day
     */
    public static LocalDate asOf() {
        return Bundled.CATALOG.asOf();
    }

    /**
     * Where the data come from, with licences. Each accelerator also names {@linkplain Accelerator#sources() its own sources}.
     *
     * @return the sources, unmodifiable
     */
    public static List<DataSource> dataSources() {
        return Bundled.CATALOG.dataSources();
    }

    /** Read on first use, and by one thread. */
    private static final class Bundled {

        static final Catalog CATALOG = read();

        private static Catalog read() {
            try (InputStream in = Accelerators.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("resource " + RESOURCE + " is missing");
                }
                return CatalogReader.read(RESOURCE, in);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
            }
        }
    }
}
