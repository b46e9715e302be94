package dev.evidencevault.segment;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.merkle.Rfc6962;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Turns blocks into what a segment file holds of them, in a buffer that is written when it is large: few calls to the
 * storage for a small segment, little memory for a large one. Not safe for use by several threads at once.
 */
final class BlockSealer implements Closeable {
    private static final int WRITE_BYTES = 1 << 20;

    private final LogId logId;
    private final long number;
    private final DataKey key;
    private final Storage.Appender out;
    private final SealingBuffers buffers;
    private final MessageDigest digest = Digest.computation();
    private byte[] buffer;
    private int used;

    BlockSealer(LogId logId, long number, DataKey key, Storage.Appender out, SealingBuffers buffers) {
        this.logId = logId;
        this.number = number;
        this.key = key;
        this.out = out;
        this.buffers = buffers;
        this.buffer = buffers.output;
    }

    /** Puts bytes as they are. */
    void put(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, used, bytes.length);
        used += bytes.length;
    }

    /** Puts a block of records, and its leaves into the tree. Returns the block's digest. */
    Digest records(int ordinal, RecordBlock block, byte[] leaves, CompactRange tree) throws IOException {
        if (block.firstSeq() != tree.to()) {
            throw new IllegalStateException("expected record " + tree.to() + ", found " + block.firstSeq());
        }
        tree.appendAll(leaves, block.count());
        return put(
                ordinal, BlockKind.RECORDS, block.firstSeq(), block.count(), leaves, block.plain(), block.plainBytes());
    }

    /** Puts the index of actors. Returns the block's digest. */
    Digest actors(int ordinal, ActorIndex actors) throws IOException {
        byte[] plain = actors.encode();
        return put(ordinal, BlockKind.ACTORS, 0, actors.entries().size(), new byte[0], plain, plain.length);
    }

    /** Puts the digests of deposits, which everybody may read. Returns the block's digest. */
    Digest deposits(int ordinal, List<Digest> deposits) throws IOException {
        byte[] clear = new byte[Digest.BYTES * deposits.size()];
        for (int i = 0; i < deposits.size(); i++) {
            deposits.get(i).copyTo(clear, Digest.BYTES * i);
        }
        return put(ordinal, BlockKind.DEPOSITS, 0, deposits.size(), clear, new byte[0], 0);
    }

    private Digest put(
            int ordinal, BlockKind kind, long firstSeq, int count, byte[] leaves, byte[] plain, int plainBytes)
            throws IOException {
        Courtesy.endTurn();
        int bytes = buffers.compress(plain, plainBytes);
        Courtesy.endTurn();
        int cipherBytes = bytes + DataKey.OVERHEAD_BYTES;
        int begin = used;
        put(SegmentFormat.blockHeader(kind, firstSeq, count, plainBytes, cipherBytes));
        put(leaves);
        ensure(cipherBytes);
        byte[] associated =
                SegmentFormat.associatedData(key.cipher(), logId, number, ordinal, kind, firstSeq, count, plainBytes);
        used += key.seal(buffers.compressed, bytes, associated, buffer, used);
        digest.update(buffer, begin, used - begin);
        byte[] result = new byte[Digest.BYTES];
        Rfc6962.finish(digest, result, 0);
        if (used >= WRITE_BYTES) {
            flush();
        }
        return Digest.of(result);
    }

    /** Writes what was put. */
    void flush() throws IOException {
        if (used > 0) {
            out.append(ByteBuffer.wrap(buffer, 0, used));
            used = 0;
        }
    }

    private void ensure(int more) {
        if (buffer.length - used < more) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(used, more), 2 * buffer.length));
        }
    }

    /** Gives the buffer back. */
    @Override
    public void close() {
        buffers.output = buffer;
    }
}
