package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Reads the contents of an item's files. A thread of its own reads, decrypts and decompresses, a few chunks ahead of the
 * caller's, which hashes and takes them. For one thread, once.
 */
final class ItemReader implements Closeable {
    private static final int CHUNKS_AHEAD = 8;
    private static final int PACKS_OPEN_MAX = 16;

    private final Depositor depositor;
    private final Path itemFile;
    private final ItemContent content;
    private final Map<Digest, Place> places = new HashMap<>();
    private final ExecutorService reading = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("evault-unpack").factory());
    private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
    private final Map<Long, PackFile> open = new LinkedHashMap<>();

    /** Where a chunk lies. */
    private record Place(long pack, PackFile.Chunk chunk) {}

    /** Takes the contents of files. */
    interface Taker {
        /** Takes the next bytes of a file, in their order; of an empty file none. */
        void take(ItemEntry file, byte[] bytes, int from, int length) throws IOException;

        /** Is told that a file is complete, and what its digest says. */
        void end(ItemEntry file) throws IOException;

        /** Takes a chunk before any part of it is taken as a file's. */
        default void chunk(ItemContent.ChunkRef chunk, byte[] bytes) throws IOException {}
    }

    /**
     * Creates the reader; reads the directories of the packs.
     *
     * @throws CorruptFileException if a pack is missing or damaged, or a chunk is in none
     */
    ItemReader(Depositor depositor, ItemFile file, ItemContent content) throws IOException {
        this.depositor = depositor;
        this.itemFile = depositor.directory().item(file.number());
        this.content = content;
        for (long number : file.packs().keySet()) {
            try (PackFile pack = new PackFile(depositor, number)) {
                pack.chunks().forEach(chunk -> places.put(chunk.id(), new Place(number, chunk)));
            }
        }
        for (ItemContent.ChunkRef chunk : content.chunks()) {
            Place place = places.get(chunk.id());
            if (place == null || place.chunk().plainBytes() != chunk.bytes()) {
                throw new CorruptFileException(
                        itemFile, 0, "the item has a chunk that is in none of the packs that it names");
            }
        }
    }

    /**
     * Reads the files that are wanted, in the order of the item.
     *
     * @throws CorruptFileException if a chunk is damaged, or a file is not the one that was put
     */
    void read(Predicate<ItemEntry> wanted, Taker taker) throws IOException {
        long[] begins = begins();
        PrimitiveIterator.OfInt plan = plan(wanted, begins).stream().iterator();
        int current = -1;
        Deque<Integer> order = new ArrayDeque<>();
        byte[] chunk = new byte[0];
        long offset = 0;
        for (ItemEntry entry : content.entries()) {
            long fileEnd = offset + entry.bytes();
            if (entry.type() == ItemEntry.Type.FILE && wanted.test(entry)) {
                MessageDigest digest = Digest.computation();
                long at = offset;
                while (at < fileEnd) {
                    while (current < 0 || at >= begins[current + 1]) {
                        while (plan.hasNext() && ahead.size() < CHUNKS_AHEAD) {
                            int next = plan.nextInt();
                            order.add(next);
                            ahead.add(submit(content.chunks().get(next)));
                        }
                        chunk = DepositWriter.await(ahead.remove());
                        current = order.remove();
                        taker.chunk(content.chunks().get(current), chunk);
                    }
                    int from = (int) (at - begins[current]);
                    int length = (int) Math.min(chunk.length - from, fileEnd - at);
                    digest.update(chunk, from, length);
                    taker.take(entry, chunk, from, length);
                    at += length;
                }
                if (!Digest.of(digest.digest()).equals(entry.digest())) {
                    throw new CorruptFileException(
                            itemFile, 0, "the content of \"" + entry.path() + "\" is not what was put");
                }
                taker.end(entry);
            }
            offset = fileEnd;
        }
    }

    private Future<byte[]> submit(ItemContent.ChunkRef chunk) {
        return reading.submit(() -> read(chunk));
    }

    /** In the reading thread. */
    private byte[] read(ItemContent.ChunkRef chunk) throws IOException {
        Place place = places.get(chunk.id());
        if (place == null) {
            throw new IllegalStateException("the chunk has no place");
        }
        return pack(place.pack()).read(place.chunk());
    }

    private PackFile pack(long number) throws IOException {
        PackFile pack = open.get(number);
        if (pack == null) {
            if (open.size() == PACKS_OPEN_MAX) {
                Iterator<PackFile> oldest = open.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
            pack = new PackFile(depositor, number);
            open.put(number, pack);
        }
        return pack;
    }

    /** Where each chunk begins in the row of bytes, and where the last ends. */
    private long[] begins() {
        long[] begins = new long[content.chunks().size() + 1];
        for (int i = 0; i < content.chunks().size(); i++) {
            begins[i + 1] = begins[i] + content.chunks().get(i).bytes();
        }
        return begins;
    }

    private BitSet plan(Predicate<ItemEntry> wanted, long[] begins) {
        BitSet plan = new BitSet();
        int chunk = 0;
        long offset = 0;
        for (ItemEntry entry : content.entries()) {
            long fileEnd = offset + entry.bytes();
            if (entry.bytes() > 0 && wanted.test(entry)) {
                while (begins[chunk + 1] <= offset) {
                    chunk++;
                }
                for (int i = chunk; i < content.chunks().size() && begins[i] < fileEnd; i++) {
                    plan.set(i);
                }
            }
            offset = fileEnd;
        }
        return plan;
    }

    @Override
    public void close() throws IOException {
        reading.shutdownNow();
        reading.close();
        for (PackFile pack : open.values()) {
            pack.close();
        }
    }
}
