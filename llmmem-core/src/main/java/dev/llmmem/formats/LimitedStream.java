package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;

/** The next so many bytes of a stream, which is left open and never read beyond them. */
class LimitedStream extends BlockStream {

    private final InputStream stream;
    private long left;
    private boolean cut;

    LimitedStream(InputStream stream, long length) {
        this.stream = stream;
        this.left = length;
    }

    /** Whether the stream has ended before so many bytes. */
    boolean isCut() {
        return cut;
    }

    /** Whether all of them are read. */
    boolean isSpent() {
        return left == 0 && !cut;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int count = stream.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            cut = true;
            left = 0;
            return -1;
        }
        left -= count;
        return count;
    }
}
