package dev.evidencevault.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** One file of lines for all tenants, buffered. An event is done when it is in the buffer: a crash loses it. */
final class UnsyncedFileTarget implements AppendTarget {
    private final OutputStream out;
    private final AtomicLong seq = new AtomicLong();

    UnsyncedFileTarget(Path directory) throws IOException {
        Files.createDirectory(directory);
        this.out = new BufferedOutputStream(Files.newOutputStream(directory.resolve("audit.log")), 1 << 16);
    }

    @Override
    public Future<?> append(int tenant, SampleEvents.Sample sample) {
        byte[] line = sample.line(AppendTarget.tenantName(tenant), seq.getAndIncrement());
        try {
            synchronized (out) {
                out.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CompletableFuture.completedFuture(line.length);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
