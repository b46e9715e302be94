package dev.evidencevault.crypto.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file as a stream. For one thread; the file may have other readers. */
final class EntryStream extends InputStream {
    private final FileChannel file;
    private final long to;
    private long at;

    EntryStream(FileChannel file, long from, long to) {
        this.file = file;
        this.at = from;
        this.to = to;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int wanted = (int) Math.min(length, to - at);
        int read = wanted == 0 ? -1 : file.read(ByteBuffer.wrap(target, offset, wanted), at);
        at += Math.max(read, 0);
        return read;
    }
}
