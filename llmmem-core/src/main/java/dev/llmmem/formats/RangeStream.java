package dev.llmmem.formats;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A file on a server from some byte on, for a reader that does not know how much it will need: by ranges of growing length. */
final class RangeStream extends BlockStream {

    private static final long FIRST = 1 << 20;
    private static final long LONGEST = 8 << 20;

    private final RangeReader reader;
    private final URI place;
    private final long total;
    private long next;
    private long end;
    private long window = FIRST;
    private RangeReader.@Nullable Answer answer;

    RangeStream(RangeReader reader, URI place, long next, long total) {
        this.reader = reader;
        this.place = place;
        this.next = next;
        this.end = next;
        this.total = total;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (next == total) {
            return -1;
        }
        RangeReader.Answer current = answer == null || next == end ? ask() : answer;
        int count = current.body().read(bytes, offset, (int) Math.min(length, end - next));
        if (count < 0) {
            throw new IOException(
                    RangeReader.source(place) + ": the server sends less than the range that was asked for");
        }
        next += count;
        return count;
    }

    private RangeReader.Answer ask() throws IOException {
        close();
        end = Math.min(total, next + window);
        window = Math.min(LONGEST, 2 * window);
        RangeReader.Answer asked = reader.request(place, next, end - 1);
        answer = asked;
        asked.requirePartOf(total);
        return asked;
    }

    @Override
    public void close() throws IOException {
        if (answer != null) {
            answer.close();
        }
    }
}
