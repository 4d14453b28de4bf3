package dev.llmmem.formats;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a safetensors or GGUF file from a server by range requests (RFC 9110, section 14): of the first its length, then the
 * header; of the second range after range, until the header ends.
 *
 * <p>Stateless but for the client, and thread-safe.
 */
final class RangeReader {

    /** What is taken whole from a server that ignores ranges, in bytes. */
    static final long LARGEST_WHOLE = 1 << 20;

    /** The reader of {@link Checkpoint#open(URI)}. */
    static final RangeReader SHARED = new RangeReader(
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(), Duration.ofSeconds(60));

    private static final int MOST_REDIRECTS = 5;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private final HttpClient client;
    private final Duration limit;

    /** A reader whose every request, with its body, takes at most {@code limit}; the client follows no redirects. */
    RangeReader(HttpClient client, Duration limit) {
        this.client = client;
        this.limit = limit;
    }

    CheckpointFile read(URI uri, HeapBudget budget) throws IOException {
        String source = source(uri);
        byte[] prefix;
        long fileLength;
        URI place;
        try (Answer answer = request(uri, 0, SafeTensorsHeader.PREFIX - 1)) {
            prefix = answer.body().readNBytes(SafeTensorsHeader.PREFIX);
            if (answer.isWhole()) {
                InputStream whole = new SequenceInputStream(new ByteArrayInputStream(prefix), answer.body());
                return GgufHeader.isMagic(prefix)
                        ? GgufHeader.read(whole, answer.total(), source, budget)
                        : SafeTensorsHeader.read(whole, answer.total(), source, budget);
            }
            fileLength = answer.total();
            place = answer.place();
        }
        if (GgufHeader.isMagic(prefix)) {
            try (InputStream rest = new RangeStream(this, place, prefix.length, fileLength)) {
                InputStream whole = new SequenceInputStream(new ByteArrayInputStream(prefix), rest);
                return GgufHeader.read(whole, fileLength, source, budget);
            }
        }
        long length = SafeTensorsHeader.length(prefix, source);
        if (length == 0 || length > fileLength - SafeTensorsHeader.PREFIX) {
            // Nothing more to ask for: the reader of the header says what is wrong.
            return SafeTensorsHeader.read(InputStream.nullInputStream(), length, fileLength, source, budget);
        }
        try (Answer answer = request(place, SafeTensorsHeader.PREFIX, SafeTensorsHeader.PREFIX + length - 1)) {
            answer.requirePartOf(fileLength);
            return SafeTensorsHeader.read(answer.body(), length, fileLength, source, budget);
        }
    }

    Answer request(URI start, long first, long last) throws IOException {
        URI place = start;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = send(place, first, last);
            URI next = redirect(response);
            if (next == null) {
                return answer(response, first, last);
            }
            place = next;
        }
        throw new IOException(source(start) + ": there are more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<InputStream> send(URI place, long first, long last) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(place)
                .timeout(limit)
                .header("Range", "bytes=" + first + "-" + last)
                .header("Accept-Encoding", "identity")
                .build();
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(source(place) + ": interrupted").initCause(e);
        }
    }

    /** Where the answer sends to, or null if it does not. */
    private static @Nullable URI redirect(HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            return null;
        }
        response.body().close();
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI next = response.uri().resolve(location);
            if (isHttps(response.uri()) && isHttps(next) && next.getHost() != null) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(source(response.uri()) + ": the server redirects to what is no address", e);
        }
        throw new IOException(source(response.uri()) + ": the server redirects to " + Shown.name(location)
                + ", permitted from https to https");
    }

    private Answer answer(HttpResponse<InputStream> response, long first, long last) throws IOException {
        try {
            long total = response.statusCode() == 206 ? partial(response, first, last) : whole(response);
            return new Answer(response, total, new TimedStream(response.body(), limit));
        } catch (IOException | MalformedInputException e) {
            response.body().close();
            throw e;
        }
    }

    /** The length of the file, of which the asked range has come. */
    private static long partial(HttpResponse<InputStream> response, long first, long last) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        Matcher matcher = CONTENT_RANGE.matcher(range);
        if (matcher.matches()) {
            long total = Long.parseLong(matcher.group(3));
            long end = Math.min(last, total - 1);
            if (Long.parseLong(matcher.group(1)) == first && Long.parseLong(matcher.group(2)) == end) {
                return total;
            }
        }
        throw new IOException(source(response.uri()) + ": Content-Range = " + Shown.name(range) + ", permitted bytes "
                + first + "-" + last + " and the length of the file");
    }

    /** The length of the file, which has come whole. */
    private static long whole(HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        if (status == 416) {
            throw new MalformedInputException(
                    source(response.uri()) + ": the file has fewer than 8 bytes, permitted at least 8");
        }
        if (status != 200) {
            throw new IOException(source(response.uri()) + ": status " + status + ", permitted 206 or 200");
        }
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (length < 0 || length > LARGEST_WHOLE) {
            throw new IOException(source(response.uri()) + ": the server does not answer ranges, which is permitted for"
                    + " files of [0, " + LARGEST_WHOLE + "] bytes with Content-Length");
        }
        return length;
    }

    /** Refuses what is no address of a file on a server. */
    static void check(URI uri) {
        boolean web = isHttps(uri) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("uri = " + Shown.name(uri.getScheme() + ":...")
                    + ", permitted http or https addresses with a host and without a user");
        }
    }

    private static boolean isHttps(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The address without its query, which may hold a signature. */
    static String source(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + uri.getPath();
    }

    /** An answer whose body is wanted. */
    record Answer(HttpResponse<InputStream> response, long total, TimedStream body) implements AutoCloseable {
        boolean isWhole() {
            return response.statusCode() == 200;
        }

        URI place() {
            return response.uri();
        }

        void requirePartOf(long fileLength) throws IOException {
            if (isWhole() || total != fileLength) {
                throw new IOException(source(place()) + ": the server answers one range otherwise than another");
            }
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
