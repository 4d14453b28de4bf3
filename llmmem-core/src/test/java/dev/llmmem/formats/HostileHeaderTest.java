package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Headers of the greatest length, read with 64 MB of heap. */
class HostileHeaderTest {

    private static final List<IntFunction<String>> PIECES = List.of(
            i -> "\"t" + i + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
            i -> "\"\u0416" + "x".repeat(9000) + i + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
            i -> (i == 0 ? "\"t\":{\"dtype\":\"U8\",\"shape\":[" : "0,".repeat(500)),
            i -> (i == 0 ? "\"" : "x".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"dtype\":\"" : "x".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"dtype\":\"U8\",\"shape\":[" : "1".repeat(1000)),
            i -> (i == 0 ? "\"__metadata__\":{" : "\"m" + i + "\":\"" + "y".repeat(100) + "\","),
            i -> (i == 0 ? "\"__metadata__\":{\"a\":\"" : "y".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"u\":{" : "\"n" + i + "\":[],"),
            i -> (i == 0 ? "\"t\":{\"u\":" : "[".repeat(1000)));

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void memoryStaysBounded() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath(),
                        HostileHeaderTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines()).as(output).hasSize(PIECES.size()).allMatch(line -> line.startsWith("safetensors"));
    }

    /** Reads every header, in a machine of its own, and prints why each is refused. */
    public static void main(String[] arguments) {
        for (IntFunction<String> pieces : PIECES) {
            try {
                System.out.println("unexpected " + SafeTensors.read(header(pieces)));
            } catch (MalformedInputException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** A stream without end, whose header is as long as is permitted. */
    private static InputStream header(IntFunction<String> pieces) {
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SafeTensorsHeader.LONGEST)
                .array();
        return new SequenceInputStream(new ByteArrayInputStream(length), new Endless(pieces));
    }

    /** A brace and then piece after piece. */
    private static final class Endless extends BlockStream {
        private final IntFunction<String> pieces;
        private InputStream piece = stream("{");
        private int next;

        Endless(IntFunction<String> pieces) {
            this.pieces = pieces;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = piece.read(bytes, offset, length);
            while (count < 0) {
                piece = stream(pieces.apply(next++));
                count = piece.read(bytes, offset, length);
            }
            return count;
        }

        private static InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
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
