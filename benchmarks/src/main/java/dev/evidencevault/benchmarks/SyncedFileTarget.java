package dev.evidencevault.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file of lines for all tenants, with group commit: one thread writes all that waits at once, calls fdatasync once,
 * and completes the futures. Meanwhile the next events gather, as many as the callers have in flight.
 */
final class SyncedFileTarget implements AppendTarget {
    private final FileChannel channel;
    private final AtomicLong seq = new AtomicLong();
    private final Thread thread = new Thread(this::run, "plain-commit");

    private final Object lock = new Object();
    private List<Pending> waiting = new ArrayList<>();
    private boolean closing;

    private record Pending(ByteBuffer line, CompletableFuture<Void> done) {}

    SyncedFileTarget(Path directory) throws IOException {
        Files.createDirectory(directory);
        this.channel = FileChannel.open(
                directory.resolve("audit.log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Future<?> append(int tenant, SampleEvents.Sample sample) {
        byte[] line = sample.line(AppendTarget.tenantName(tenant), seq.getAndIncrement());
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            waiting.add(new Pending(ByteBuffer.wrap(line), done));
            lock.notifyAll();
        }
        return done;
    }

    private void run() {
        List<Pending> batch = next();
        while (!batch.isEmpty()) {
            List<Pending> group = batch;
            try {
                commit(group);
                group.forEach(pending -> pending.done().complete(null));
            } catch (IOException e) {
                group.forEach(pending -> pending.done().completeExceptionally(e));
            }
            batch = next();
        }
    }

    /** Returns what waits, at least one; empty at the end. */
    private List<Pending> next() {
        synchronized (lock) {
            while (waiting.isEmpty() && !closing) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    closing = true;
                }
            }
            List<Pending> batch = waiting;
            waiting = new ArrayList<>(Math.max(16, batch.size()));
            return batch;
        }
    }

    private void commit(List<Pending> group) throws IOException {
        int length =
                group.stream().mapToInt(pending -> pending.line().remaining()).sum();
        ByteBuffer bytes = ByteBuffer.allocate(length);
        group.forEach(pending -> bytes.put(pending.line()));
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
