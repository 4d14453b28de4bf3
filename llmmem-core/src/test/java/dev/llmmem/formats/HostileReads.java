package dev.llmmem.formats;

import dev.llmmem.formats.Samples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Reads everything that is hostile and prints, a line each, the time that all processors spent on it, and why it was refused. The program
 * is meant for a machine with little memory.
 */
final class HostileReads {

    /**
     * What must be refused.
     *
     * @param name what it is
     * @param read reads it
     */
    record Case(String name, Callable<Object> read) {}

    private HostileReads() {}

    /** Every sample that must be refused, as a file. */
    static List<Case> samples(Path folder) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String kind : List.of("safetensors", "gguf", "index")) {
            for (Sample sample : Samples.of(kind)) {
                if (sample.valid() || sample.file().contains("big_endian")) {
                    continue;
                }
                Path file = Files.write(folder.resolve(cases.size() + ""), sample.content());
                cases.add(new Case(sample.file(), () -> switch (kind) {
                    case "safetensors" -> SafeTensors.read(file);
                    case "gguf" -> Gguf.read(file);
                    default -> CheckpointIndex.read(file);
                }));
            }
        }
        return cases;
    }

    /** Reads all, in a machine of its own; the argument is an empty folder. */
    public static void main(String[] arguments) throws Exception {
        List<Case> cases = new ArrayList<>(samples(Path.of(arguments[0])));
        cases.addAll(EndlessHeaders.cases());
        for (Case one : cases) {
            Duration before = spent();
            String refusal = refusal(one);
            System.out.println(one.name + "\t" + spent().minus(before).toMillis() + "\t" + refusal);
        }
    }

    private static String refusal(Case one) throws Exception {
        try {
            return "unexpected " + one.read.call();
        } catch (MalformedInputException e) {
            return "refused: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
    }

    private static Duration spent() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
