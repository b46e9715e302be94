package dev.evidencevault.deposit;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes chunks into packs, one pack after the other. Not safe for use by several threads at once;
 * a thread of its own syncs packs while the next are written.
 *
 * <p>A pack is written and synced under a temporary name, then gets its own, which is synced: a pack that is there is whole.
 * It is of use to later deposits also if this one is cut short. A pack that was begun is never gone on with.
 */
final class PackWriter implements Closeable {
    private static final int COMPRESSION_LEVEL = 1;

    /** How many packs are on their way to the disk while the next is written. */
    private static final int SYNCING_MAX = 4;

    private final Depositor depositor;
    private final Storage storage;
    private final SecureRandom random;
    private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(COMPRESSION_LEVEL);
    private final byte[] compressed = new byte[(int) Zstd.compressBound(ChunkCutter.CHUNK_BYTES_MAX)];
    private final byte[] sealed = new byte[compressed.length + DataKey.OVERHEAD_BYTES];
    private final SortedMap<Long, Digest> written = new TreeMap<>();
    private long nextNumber;
    private final ExecutorService syncing = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("evault-sync").factory());
    private final Deque<Syncing> onTheirWay = new ArrayDeque<>();
    private @Nullable OpenPack pack;

    /** Set while a step is made, and for good if it fails: a pack that was gone on with would lack what it was to hold. */
    private boolean broken;

    /** A pack that is being synced and named. */
    private record Syncing(OpenPack pack, Future<?> done) {}

    /** The pack that is being written. */
    private static final class OpenPack {
        final long number;
        final DataKey key;
        final byte[] header;
        final Storage.Appender out;
        final MessageDigest digest = Digest.computation();
        final List<byte[]> entries = new ArrayList<>();
        long bytes;

        OpenPack(long number, DataKey key, byte[] header, Storage.Appender out) {
            this.number = number;
            this.key = key;
            this.header = header;
            this.out = out;
        }

        void append(byte[] source, int length) throws IOException {
            digest.update(source, 0, length);
            out.append(ByteBuffer.wrap(source, 0, length));
            bytes += length;
        }
    }

    /**
     * Creates the writer.
     *
     * @param nextNumber the number of the first pack; none has it or a higher one
     */
    PackWriter(Depositor depositor, Storage storage, SecureRandom random, long nextNumber) {
        this.depositor = depositor;
        this.storage = storage;
        this.random = random;
        this.nextNumber = nextNumber;
    }

    /** Returns the packs that are there so far, with the digests of their files. */
    SortedMap<Long, Digest> written() {
        return written;
    }

    /** Writes a chunk: the first {@code length} bytes of an array. */
    void add(Digest id, byte[] plain, int length) throws IOException {
        requireUnbroken();
        broken = true;
        if (length >= ChunkCutter.CHUNK_BYTES_MIN) {
            WarmCipher.forSealing(depositor.keys().cipher());
        }
        int bytes = compressor.compressByteArray(compressed, 0, compressed.length, plain, 0, length);
        OpenPack open = pack;
        if (open != null && !hasRoom(open, bytes + DataKey.OVERHEAD_BYTES)) {
            finish(open, PackFormat.PACK_BYTES);
            open = null;
        }
        if (open == null) {
            open = begin();
        }
        int cipherBytes =
                open.key.seal(compressed, bytes, PackFormat.associatedData(open.header, id, length), sealed, 0);
        open.append(sealed, cipherBytes);
        open.entries.add(ByteBuffer.allocate(PackFormat.ENTRY_BYTES)
                .put(id.bytes())
                .putInt(length)
                .putInt(cipherBytes)
                .array());
        broken = false;
    }

    private void requireUnbroken() throws IOException {
        if (broken) {
            throw new IOException("nothing is written to packs after a write that failed");
        }
    }

    private static boolean hasRoom(OpenPack open, int cipherBytes) {
        int entries = open.entries.size() + 1;
        return entries <= PackFormat.CHUNKS_MAX
                && open.bytes + cipherBytes + PackFormat.tailBytes(entries) <= PackFormat.PACK_BYTES;
    }

    private OpenPack begin() throws IOException {
        long number = nextNumber++;
        byte[] salt = new byte[PackFormat.SALT_BYTES];
        random.nextBytes(salt);
        DataKey key = depositor.keys().depositKey(number, salt);
        byte[] header = PackFormat.header(depositor, number, salt, key);
        Path temporary = Storage.temporary(depositor.directory().pack(number));
        OpenPack begun = new OpenPack(number, key, header, storage.create(temporary));
        pack = begun;
        begun.append(header, header.length);
        return begun;
    }

    /** Writes what is begun; after that all chunks are in {@link #written}. */
    void finish() throws IOException {
        requireUnbroken();
        broken = true;
        OpenPack open = pack;
        if (open != null) {
            long needed = open.bytes + PackFormat.tailBytes(open.entries.size());
            finish(open, (int) Math.min(PackFormat.PACK_BYTES, Padding.padded(needed)));
        }
        awaitSynced(0);
        broken = false;
    }

    /** The rename is the commit point of a pack, which nothing refers to yet. Meanwhile the next one is begun. */
    private void finish(OpenPack open, int bytes) throws IOException {
        int count = open.entries.size();
        int padding = (int) (bytes - open.bytes - PackFormat.tailBytes(count));
        append(open, open.key.seal(new byte[padding], open.header));
        ByteBuffer directory =
                ByteBuffer.allocate(PackFormat.directoryBytes(count)).putInt(count);
        open.entries.forEach(directory::put);
        byte[] ciphertext = open.key.sealAt(PackFormat.DIRECTORY_NONCE, directory.array(), open.header);
        append(open, ciphertext);
        append(
                open,
                ByteBuffer.allocate(PackFormat.TRAILER_BYTES)
                        .putInt(ciphertext.length)
                        .putInt(PackFormat.END_MAGIC)
                        .array());
        awaitSynced(SYNCING_MAX - 1);
        written.put(open.number, Digest.of(open.digest.digest()));
        pack = null;
        Future<?> done = syncing.submit(() -> {
            Path file = depositor.directory().pack(open.number);
            open.out.sync();
            open.out.close();
            storage.rename(Storage.temporary(file), file);
            storage.syncDirectory(depositor.directory().backups());
            return null;
        });
        onTheirWay.add(new Syncing(open, done));
    }

    /** Waits until no more than so many packs are on their way to the disk. */
    private void awaitSynced(int most) throws IOException {
        while (onTheirWay.size() > most) {
            DepositWriter.await(onTheirWay.getFirst().done());
            onTheirWay.removeFirst();
        }
    }

    private static void append(OpenPack open, byte[] bytes) throws IOException {
        open.append(bytes, bytes.length);
    }

    /** Lets go what is begun and not finished. */
    @Override
    public void close() throws IOException {
        compressor.close();
        // A pack that is on its way may arrive: later deposits find it.
        syncing.close();
        List<OpenPack> unfinished = new ArrayList<>();
        onTheirWay.forEach(each -> unfinished.add(each.pack()));
        if (pack != null) {
            unfinished.add(pack);
        }
        for (OpenPack open : unfinished) {
            open.out.close();
            storage.delete(Storage.temporary(depositor.directory().pack(open.number)));
        }
    }
}
