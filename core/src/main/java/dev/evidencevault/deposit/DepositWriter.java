package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Takes the contents of an item's files, one after the other, cuts them into chunks, and has those that are new written into
 * packs. The caller's thread reads, cuts and hashes; a thread of its own compresses, encrypts and writes, a few chunks behind.
 * Not safe for use by several threads at once.
 */
final class DepositWriter implements Closeable {
    private static final int BUFFER_BYTES = 4 * ChunkCutter.CHUNK_BYTES_MAX;
    private static final int READ_BYTES = 1 << 20;
    private static final int CHUNKS_AHEAD = 7;

    private final ChunkCutter cutter;
    private final ChunkIds ids;
    private final KnownChunks known;
    private final PackWriter packs;
    private final ItemContent.Encoder content;
    private final DepositProgress progress;
    private final long totalBytes;
    private final ExecutorService packing = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("evault-pack").factory());
    private final Deque<Future<?>> ahead = new ArrayDeque<>();
    private final byte[][] spare = new byte[CHUNKS_AHEAD + 1][];
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int begin;
    private int end;
    private int handedOver;
    private long bytes;
    private long newBytes;

    /**
     * What was read of a file.
     *
     * @param bytes how many bytes
     * @param digest SHA-256 of them
     */
    record Taken(long bytes, Digest digest) {}

    DepositWriter(
            Depositor depositor,
            KnownChunks known,
            PackWriter packs,
            ItemContent.Encoder content,
            DepositProgress progress,
            long totalBytes) {
        this.cutter = new ChunkCutter(depositor.keys().chunkGear());
        this.ids = new ChunkIds(depositor.keys().chunkIdKey());
        this.known = known;
        this.packs = packs;
        this.content = content;
        this.progress = progress;
        this.totalBytes = totalBytes;
    }

    /** Takes the content of the next file, all of the stream. */
    Taken take(InputStream in) throws IOException {
        MessageDigest digest = Digest.computation();
        long before = bytes;
        while (true) {
            if (buffer.length - end < READ_BYTES) {
                System.arraycopy(buffer, begin, buffer, 0, end - begin);
                end -= begin;
                begin = 0;
            }
            int read = in.read(buffer, end, READ_BYTES);
            if (read < 0) {
                return new Taken(bytes - before, Digest.of(digest.digest()));
            }
            digest.update(buffer, end, read);
            end += read;
            bytes += read;
            while (end - begin >= ChunkCutter.CHUNK_BYTES_MAX) {
                cut();
            }
        }
    }

    private void cut() throws IOException {
        int length = cutter.cut(buffer, begin, end);
        Digest id = ids.of(buffer, begin, length);
        content.add(id, length);
        if (known.add(id)) {
            handOver(id, length);
            newBytes += length;
        }
        begin += length;
        progress.at(bytes - (end - begin), totalBytes);
    }

    private void handOver(Digest id, int length) throws IOException {
        while (ahead.size() >= CHUNKS_AHEAD) {
            await(ahead.remove());
        }
        int slot = handedOver++ % spare.length;
        if (spare[slot] == null) {
            spare[slot] = new byte[ChunkCutter.CHUNK_BYTES_MAX];
        }
        byte[] chunk = spare[slot];
        System.arraycopy(buffer, begin, chunk, 0, length);
        ahead.add(packing.submit(() -> {
            packs.add(id, chunk, length);
            return null;
        }));
    }

    /** Cuts what is left, and returns when all chunks are in packs. */
    void finish() throws IOException {
        while (begin < end) {
            cut();
        }
        ahead.add(packing.submit(() -> {
            packs.finish();
            return null;
        }));
        while (!ahead.isEmpty()) {
            await(ahead.remove());
        }
    }

    /** Returns how many bytes were taken so far. */
    long bytes() {
        return bytes;
    }

    /** Returns how many of them were in chunks that were not there yet. */
    long newBytes() {
        return newBytes;
    }

    static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IllegalStateException("a chunk was not processed", e.getCause());
        }
    }

    /** Waits until nobody works any more. What is not finished is let go. */
    @Override
    public void close() throws IOException {
        packing.shutdownNow();
        boolean ended = false;
        boolean interrupted = false;
        while (!ended) {
            try {
                ended = packing.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        packs.close();
    }
}
