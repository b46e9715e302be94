package dev.evidencevault.benchmarks.targets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file of lines for all tenants, written by the caller: it encodes into a direct buffer that is used again, writes
 * when that is full or 1,000 lines are in it, and calls fdatasync after every 1,000 lines. Made for one producer; several
 * share the file and each syncs for itself.
 */
final class RawFileTarget implements AppendTarget {
    static final String FILE = "audit.log";

    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    RawFileTarget(Path directory, int tenants) throws IOException {
        Files.createDirectory(directory);
        this.channel = FileChannel.open(
                directory.resolve(FILE),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new RawProducer();
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private final class RawProducer extends BatchProducer {
        private final EventLine line = new EventLine();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

        @Override
        void add(int tenant, Sample sample) throws IOException {
            int length = line.encode(tenants[tenant], seq.getAndIncrement(), sample);
            if (length > buffer.remaining()) {
                write();
            }
            buffer.put(line.array(), 0, length);
        }

        @Override
        void commit() throws IOException {
            write();
            channel.force(false);
        }

        private void write() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void close() {}
    }
}
