package dev.evidencevault.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Appends to a file, with a buffer, and says how long it is. Not safe for use by several threads at once. */
final class SyncedOutput extends OutputStream {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private long length;

    SyncedOutput(FileChannel channel) throws IOException {
        this.channel = channel;
        this.length = channel.size();
    }

    /** Returns how long the file is, with what is in the buffer. */
    long length() {
        return length;
    }

    /** Makes what was written durable. */
    void sync() throws IOException {
        flush();
        channel.force(false);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        length += count;
        if (count > buffer.remaining()) {
            flush();
        }
        if (count > buffer.remaining()) {
            writeAll(ByteBuffer.wrap(bytes, offset, count));
        } else {
            buffer.put(bytes, offset, count);
        }
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        writeAll(buffer);
        buffer.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
