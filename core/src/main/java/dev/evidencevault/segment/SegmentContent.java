package dev.evidencevault.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.evidencevault.actorindex.ActorEntry;
import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** The records of a segment, read with the tenant's keys. Not safe for use by several threads at once. */
public final class SegmentContent {
    private final SegmentFile file;
    private final DataKey key;

    /**
     * Opens the content of a segment.
     *
     * @throws CorruptFileException if the file was written under another key
     * @throws DestroyedRecordsException if the segment is before the first one that the keys open
     */
    public SegmentContent(SegmentFile file, TenantKeys keys) throws CorruptFileException, DestroyedRecordsException {
        this.file = file;
        if (file.number() < keys.firstSegment()) {
            throw new DestroyedRecordsException(file.path());
        }
        if (file.cipher() != keys.cipher()) {
            throw new CorruptFileException(
                    file.path(),
                    0,
                    "the segment is encrypted with " + file.cipher() + ", those of this vault with " + keys.cipher());
        }
        this.key = keys.segmentKey(file.number(), file.fileSalt(), file.commitment())
                .orElseThrow(
                        () -> new CorruptFileException(file.path(), 0, "the segment is not under this tenant's key"));
    }

    /** Returns the records of a block. */
    public List<LogRecord> records(BlockRef block) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(open(block));
        List<LogRecord> records = new ArrayList<>(block.count());
        try {
            for (int i = 0; i < block.count(); i++) {
                int length = plain.remaining() < 4 ? -1 : plain.getInt();
                if (length < 0 || length > plain.remaining()) {
                    throw new IllegalArgumentException("record " + i + " has no end");
                }
                byte[] line = new byte[length];
                plain.get(line);
                LogRecord record = LogRecord.parse(line);
                if (record.seq() != block.firstSeq() + i) {
                    throw new IllegalArgumentException(
                            "expected record " + (block.firstSeq() + i) + ", found " + record.seq());
                }
                records.add(record);
            }
            if (plain.hasRemaining()) {
                throw new IllegalArgumentException("bytes after the last record");
            }
            return records;
        } catch (IllegalArgumentException e) {
            throw corrupt(block, Json.firstLine(e));
        }
    }

    /**
     * Returns the index of the segment's actors.
     *
     * @throws CorruptFileException if it is not the one that was sealed
     */
    public ActorIndex actors() throws IOException {
        List<BlockRef> blocks = file.blocks();
        if (blocks.isEmpty() || blocks.get(blocks.size() - 1).records()) {
            throw new CorruptFileException(file.path(), 0, "the segment has no index of actors");
        }
        BlockRef block = blocks.get(blocks.size() - 1);
        try {
            ActorIndex actors = ActorIndex.decode(open(block));
            if (!actors.head().equals(file.seal().actors())) {
                throw new IllegalArgumentException("the index of actors is not the one that was sealed");
            }
            return actors;
        } catch (IllegalArgumentException e) {
            throw corrupt(block, Json.firstLine(e));
        }
    }

    /** Sets counters to what they were before this segment's records. */
    public void rewind(ActorCounters counters) throws IOException {
        counters.rewind(actors());
    }

    /**
     * Sets counters that do not stand yet to what they were before this segment's records: where the log cannot be read from its
     * beginning, an actor's count is what its first segment says.
     */
    public void begin(ActorCounters counters) throws IOException {
        counters.begin(actors());
    }

    /** Sets counters to what they were after this segment's records. */
    public void advance(ActorCounters counters) throws IOException {
        counters.advance(actors());
    }

    /** Sets counts to what they were after this segment's records. */
    public void advance(TagCounts counts) throws IOException {
        for (ActorEntry entry : actors().entries()) {
            if (!entry.tag().isReserved()) {
                counts.set(entry.tag(), entry.first() + entry.count());
            }
        }
    }

    /**
     * Returns the lines of a block of records as they are kept: for each its length as 4 bytes, big-endian, and the line.
     */
    public byte[] lines(BlockRef block) throws IOException {
        if (!block.records()) {
            throw new IllegalArgumentException("block " + block.ordinal() + " holds no records");
        }
        return open(block);
    }

    private byte[] open(BlockRef block) throws IOException {
        byte[] associated = SegmentFormat.associatedData(
                file.cipher(),
                file.logId(),
                file.number(),
                block.ordinal(),
                block.kind(),
                block.firstSeq(),
                block.count(),
                block.plainBytes());
        byte[] compressed;
        try {
            compressed = key.open(block.ordinal(), file.ciphertext(block), associated);
        } catch (GeneralSecurityException e) {
            throw corrupt(block, "the block does not decrypt");
        }
        byte[] plain = new byte[block.plainBytes()];
        try {
            long bytes = Zstd.decompress(plain, compressed);
            if (bytes != plain.length) {
                throw corrupt(block, "expected " + plain.length + " bytes in the block, found " + bytes);
            }
            return plain;
        } catch (ZstdException e) {
            throw corrupt(block, "the block does not decompress: " + e.getMessage());
        }
    }

    private CorruptFileException corrupt(BlockRef block, String problem) {
        return new CorruptFileException(file.path(), block.offset(), "block " + block.ordinal() + ": " + problem);
    }
}
