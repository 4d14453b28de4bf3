package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A published measurement of what a device holds besides tensors: one line of device-facts.tsv.
 *
 * @param what {@code context} or {@code nccl}
 * @param family the GPU's generation as {@link GpuFamily} names it, or {@code any} where it is not stated
 * @param loading when kernels were loaded as {@link KernelLoading} names it, or {@code -}
 * @param recent whether the framework was PyTorch 1.13 or later
 * @param gpus how many GPUs, 1 for a context
 * @param size the figure
 * @param source the page that states it
 */
record DeviceFact(String what, String family, String loading, boolean recent, int gpus, Bytes size, String source) {

    private static final String FILE = "device-facts.tsv";

    /** All facts that come with the library. */
    static List<DeviceFact> all() {
        return Bundled.FACTS;
    }

    private static final class Bundled {
        static final List<DeviceFact> FACTS = read();
    }

    private static List<DeviceFact> read() {
        try (InputStream stream = Objects.requireNonNull(DeviceFact.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(DeviceFact::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DeviceFact parse(String line) {
        String[] fields = line.split("\t", -1);
        return new DeviceFact(
                fields[0],
                fields[1],
                fields[2],
                fields[3].equals("recent"),
                Integer.parseInt(fields[4]),
                Bytes.ofMiB(Long.parseLong(fields[5])),
                fields[6]);
    }
}
