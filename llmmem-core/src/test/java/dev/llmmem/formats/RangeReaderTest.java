package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a server of one answer per connection, on this machine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RangeReaderTest {

    private static final byte[] FILE = Samples.content("safetensors/ok_basic.safetensors");

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final RangeReader reader = new RangeReader(HttpClient.newHttpClient(), Duration.ofMillis(700));
    private Function<String, byte[]> answers = range -> partial(FILE, range);
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        start(ServerSocketFactory.getDefault());
    }

    private void start(ServerSocketFactory sockets) throws IOException {
        server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aFileIsReadByTwoRanges() {
        Checkpoint checkpoint = Checkpoint.open(uri());

        assertThat(checkpoint.files()).containsOnlyKeys("model.safetensors");
        assertThat(checkpoint.tensors()).hasSize(4);
        assertThat(checkpoint.fileBytes().value()).isEqualTo(FILE.length);
        assertThat(ranges).containsExactly("0-7", "8-" + (FILE.length - 121));
    }

    @Test
    void aGgufFileIsReadRangeAfterRange() {
        byte[] file = new GgufFiles()
                .texts("tokenizer.ggml.tokens", 300_000)
                .tensor("a", GgmlType.find("Q8_0").orElseThrow(), 34, 32L)
                .file();
        answers = range -> partial(file, range);
        Checkpoint checkpoint = Checkpoint.open(uri());

        assertThat(checkpoint.dataBytes().value()).isEqualTo(34);
        assertThat(checkpoint.fileBytes().value()).isEqualTo(file.length);
        assertThat(ranges).containsExactly("0-7", "8-1048583", "1048584-3145735", "3145736-" + (file.length - 1));
    }

    @Test
    void aGgufFileThatChangesOrEndsIsRefused() {
        byte[] file = Samples.content("gguf/ok_v3_basic.gguf");
        answers = range -> partial(Arrays.copyOf(file, file.length - (range.startsWith("0-") ? 0 : 1)), range);
        unreadable("the server answers one range otherwise than another");
        answers = range -> partial(Arrays.copyOf(file, 900), range);
        malformed("before its header does");
        answers = range -> partial(Arrays.copyOf(file, file.length - 1000), range);
        malformed("the last tensor ends at byte");
        byte[] small = Arrays.copyOf(Samples.content("gguf/ok_moe_3d.gguf"), 22_848);
        answers = range -> answer("200 OK", "Content-Length: " + small.length, small);
        assertThat(open().dataBytes().value()).isEqualTo(22_528);
    }

    @Test
    void theOtherPartsLieBeside() {
        GgmlType type = GgmlType.find("F32").orElseThrow();
        byte[] part = new GgufFiles()
                .u16("split.no", 0)
                .u16("split.count", 2)
                .u16("split.tensors.count", 2)
                .tensor("a", type, 16, 4L)
                .file();
        answers = range -> partial(part, range);
        URI first = URI.create("http://localhost:" + server.getLocalPort() + "/a/m-00001-of-00002.gguf?x=1");
        assertThatThrownBy(() -> assertThat(CheckpointFiles.open(first, reader)).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("\"m-00002-of-00002.gguf\": split.no is 0, permitted 1");
        assertThat(ranges).hasSize(4);
    }

    @Test
    void aSmallFileIsReadWhole() {
        answers = range -> answer("200 OK", "Content-Length: " + FILE.length, FILE);
        assertThat(open().tensors()).hasSize(4);
        answers = range -> answer("200 OK", "Content-Length: 1048577", FILE);
        unreadable("the server does not answer ranges");
        answers = range -> answer("200 OK", "X-Length: 1", FILE);
        unreadable("the server does not answer ranges");
    }

    @Test
    void malformedFilesAreRefused() {
        answers = range -> partial(Arrays.copyOf(FILE, FILE.length + 1), range);
        malformed("permitted its end");
        answers = range -> partial(Arrays.copyOf(FILE, 20), range);
        malformed("the file ends before its header does");
        answers = range -> partial(Arrays.copyOf(FILE, 5), range);
        malformed("the file has 5 bytes");
        answers = range -> answer("416 Range Not Satisfiable", "Content-Length: 0", new byte[0]);
        malformed("fewer than 8 bytes");
    }

    @Test
    void answersThatDoNotFitAreRefused() {
        answers = range -> answer("206 Partial Content", "Content-Range: bytes 1-8/100", new byte[8]);
        unreadable("permitted bytes 0-7");
        answers = range -> answer("206 Partial Content", "Content-Range: bytes 0-7/*", new byte[8]);
        unreadable("permitted bytes 0-7");
        answers = range -> answer("404 Not Found", "Content-Length: 0", new byte[0]);
        unreadable("status 404");
        answers = range -> answer("302 Found", "Location: http://localhost/x", new byte[0]);
        unreadable("permitted from https to https");
    }

    @Test
    void aServerThatStallsIsLeft() {
        answers = range -> new byte[0];
        unreadable("timed out");
        answers = range ->
                answer("206 Partial Content", "Content-Range: bytes 0-7/600\r\nContent-Length: 8", new byte[3]);
        unreadable("the body took longer than 700 ms");
    }

    @Test
    void redirectsAreFollowedWithinHttps(@TempDir Path folder) throws Exception {
        server.close();
        SSLContext tls = tls(folder.resolve("key.p12"));
        start(tls.getServerSocketFactory());
        URI start = URI.create("https://localhost:" + server.getLocalPort() + "/model.safetensors");
        RangeReader secure =
                new RangeReader(HttpClient.newBuilder().sslContext(tls).build(), Duration.ofSeconds(20));

        answers = range -> ranges.size() == 1 ? redirect("/b?signature=1") : partial(FILE, range);
        assertThat(CheckpointFiles.open(start, secure).tensors()).hasSize(4);
        assertThat(ranges.subList(0, 2)).containsExactly("0-7", "0-7");

        answers = range -> redirect("/again");
        assertThatThrownBy(() -> assertThat(CheckpointFiles.open(start, secure)).isNull())
                .hasMessageContaining("more than 5 redirects");
        for (String place : List.of("http://localhost/x", "file:///x", "https:x", "https://[", "")) {
            answers = range -> redirect(place);
            assertThatThrownBy(() ->
                            assertThat(CheckpointFiles.open(start, secure)).isNull())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("redirects");
        }
    }

    /** A key of this machine's own, for a day. */
    private static SSLContext tls(Path file) throws Exception {
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias server -keyalg EC"
                                + " -dname CN=localhost -ext san=dns:localhost -validity 1 -storetype PKCS12"
                                + " -storepass changeit -keystore|" + file)
                        .split("[ |]", -1))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance(file.toFile(), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static byte[] redirect(String place) {
        return answer("302 Found", "Content-Length: 0\r\nLocation: " + place, new byte[0]);
    }

    @Test
    void onlyAddressesOfServersAreTaken() {
        for (String uri :
                List.of("file:///etc/passwd", "ftp://host/f", "model.safetensors", "https://user@host/f", "https:f")) {
            assertThatThrownBy(
                            () -> assertThat(Checkpoint.open(URI.create(uri))).isNull())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("permitted http or https");
        }
    }

    private URI uri() {
        return URI.create("http://localhost:" + server.getLocalPort() + "/a/model.safetensors?signature=1");
    }

    private Checkpoint open() {
        return CheckpointFiles.open(uri(), reader);
    }

    private void unreadable(String message) {
        assertThatThrownBy(() -> assertThat(open()).isNull())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(message);
    }

    private void malformed(String message) {
        assertThatThrownBy(() -> assertThat(open()).isNull())
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining(message);
    }

    private static byte[] partial(byte[] file, String range) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(range.substring(0, dash));
        int end = Math.min(file.length, Integer.parseInt(range.substring(dash + 1)) + 1);
        return answer(
                "206 Partial Content",
                "Content-Range: bytes " + first + "-" + (end - 1) + "/" + file.length + "\r\nContent-Length: "
                        + (end - first),
                Arrays.copyOfRange(file, first, end));
    }

    private static byte[] answer(String status, String headers, byte[] body) {
        byte[] head = ("HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, answer, head.length, body.length);
        return answer;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Thread thread = new Thread(new Connection(server.accept())::serve);
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Answers until the other side closes. */
    private final class Connection {
        private final Socket socket;

        Connection(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            try (socket) {
                InputStream stream = socket.getInputStream();
                StringBuilder request = new StringBuilder();
                for (int next = stream.read(); next >= 0; next = stream.read()) {
                    request.append((char) next);
                    if (request.toString().endsWith("\r\n\r\n")) {
                        String text = request.toString();
                        int start = text.indexOf("bytes=") + 6;
                        String range = text.substring(start, text.indexOf("\r\n", start));
                        ranges.add(range);
                        socket.getOutputStream().write(answers.apply(range));
                        socket.getOutputStream().flush();
                        request.setLength(0);
                    }
                }
            } catch (IOException e) {
                ranges.add("closed");
            }
        }
    }
}
