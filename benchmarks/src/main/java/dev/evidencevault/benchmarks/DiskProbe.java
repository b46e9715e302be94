package dev.evidencevault.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long the disk itself takes: a write and fdatasync into a file that already has its size. */
final class DiskProbe {
    private static final int FILE_BYTES = 64 << 20;
    private static final int WRITES = 300;
    private static final int WARMUP_WRITES = 20;

    private DiskProbe() {}

    /** Measures writes of these sizes; the names of the results say the size. */
    static Map<String, Object> measure(Path directory, int... writeBytes) throws IOException {
        Path file = directory.resolve("disk-probe");
        Map<String, Object> result = new LinkedHashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < FILE_BYTES; at += block.capacity()) {
                write(channel, block.clear(), at);
            }
            channel.force(true);
            for (int bytes : writeBytes) {
                Histogram nanos = measure(channel, ByteBuffer.allocateDirect(bytes));
                result.put("fdatasync" + bytes + "P50Micros", nanos.getValueAtPercentile(50) / 1e3);
                result.put("fdatasync" + bytes + "P99Micros", nanos.getValueAtPercentile(99) / 1e3);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return result;
    }

    private static Histogram measure(FileChannel channel, ByteBuffer bytes) throws IOException {
        Histogram nanos = new Histogram(3);
        long at = 0;
        for (int i = 0; i < WARMUP_WRITES + WRITES; i++) {
            if (at + bytes.capacity() > FILE_BYTES) {
                at = 0;
            }
            long begun = System.nanoTime();
            write(channel, bytes.clear(), at);
            channel.force(false);
            if (i >= WARMUP_WRITES) {
                nanos.recordValue(System.nanoTime() - begun);
            }
            at += bytes.capacity();
        }
        return nanos;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }
}
