package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every hostile sample, and headers of the greatest length, read with 64 MB of heap. */
class HostileHeaderTest {

    /** The time of all processors that the refusal of a sample may take, with loading and compiling classes, in ms. */
    private static final int MOST_OF_A_SAMPLE = 1000;

    /** The same for a header of 100,000,000 bytes. */
    private static final int MOST_OF_A_HEADER = 20_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void memoryAndTimeStayBounded() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        HostileReads.class.getName(),
                        Files.createDirectory(folder.resolve("written")).toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String[]> lines = output.lines().map(line -> line.split("\t", -1)).toList();
        int samples = HostileReads.samples(Files.createDirectory(folder.resolve("counted")))
                .size();

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(samples).isEqualTo(66);
        assertThat(lines)
                .as(output)
                .hasSize(samples + EndlessHeaders.cases().size())
                .allMatch(line -> line.length == 3 && line[2].startsWith("refused: "));
        assertThat(lines.subList(0, samples)).as(output).allMatch(line -> Integer.parseInt(line[1]) < MOST_OF_A_SAMPLE);
        assertThat(lines).as(output).allMatch(line -> Integer.parseInt(line[1]) < MOST_OF_A_HEADER);
    }

    /** What this machine runs, whether as modules or not. */
    private static String classPath() throws URISyntaxException {
        Path self = Path.of(Objects.requireNonNull(HostileHeaderTest.class.getResource("HostileHeaderTest.class"))
                .toURI());
        return Stream.of(
                        self.resolve("../../../..").normalize().toString(),
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("surefire.real.class.path", ""),
                        System.getProperty("java.class.path", ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
