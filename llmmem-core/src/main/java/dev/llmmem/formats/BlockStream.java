package dev.llmmem.formats;

import java.io.IOException;
import java.io.InputStream;

/** A stream that gives its bytes in blocks; a single one comes as a block of one. */
abstract class BlockStream extends InputStream {

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
