package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A stream that is closed when its time is over, so that a server that stalls does not hold the reader. */
final class TimedStream extends BlockStream {

    private final InputStream stream;
    private final Duration limit;
    private final CompletableFuture<Void> watch;
    private volatile boolean over;

    TimedStream(InputStream stream, Duration limit) {
        this.stream = stream;
        this.limit = limit;
        this.watch = new CompletableFuture<Void>()
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .thenRunAsync(() -> {
                    over = true;
                    closeQuietly(stream);
                });
    }

    /** The reader is told that time is over; what closing says besides is of no use to it. */
    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException ignored) {
            return;
        }
    }

    private HttpTimeoutException timeout() {
        return new HttpTimeoutException("the body took longer than " + limit.toMillis() + " ms");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = stream.read(bytes, offset, length);
            if (count < 0 && over) {
                throw timeout();
            }
            return count;
        } catch (IOException e) {
            throw over ? timeout() : e;
        }
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        stream.close();
    }
}
