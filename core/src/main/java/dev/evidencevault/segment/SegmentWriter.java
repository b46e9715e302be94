package dev.evidencevault.segment;

import com.github.luben.zstd.Zstd;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Seal;
import dev.evidencevault.segment.SegmentFormat.BlockKind;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the segments of one log, one after the other. Not safe for use by several threads at once.
 *
 * <p>Fsync order: the index fragment, then the segment under a temporary name, are written and synced; then the segment
 * gets its name (the commit point) and both directories are synced. A segment that is there is whole, and its index is
 * there too.
 */
public final class SegmentWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);
    private static final int COMPRESSION_LEVEL = 1;

    /** With fewer blocks an index costs a search more than it spares: reading it takes as long as reading the block. */
    private static final int INDEXED_BLOCKS_MIN = 2;

    private final LogId logId;
    private final LogDirectory directory;
    private final TenantKeys keys;
    private final Storage storage;
    private final SecureRandom random;
    private SegmentEnd end;

    /** Creates the writer of the segment after {@code end}. */
    public SegmentWriter(
            LogId logId,
            LogDirectory directory,
            TenantKeys keys,
            Storage storage,
            SecureRandom random,
            SegmentEnd end) {
        this.logId = logId;
        this.directory = directory;
        this.keys = keys;
        this.storage = storage;
        this.random = random;
        this.end = end;
    }

    /** Returns where the log stands after what was written so far. */
    public SegmentEnd end() {
        return end;
    }

    /**
     * Writes a segment.
     *
     * @param records the records after those of the last segment, at least one, without gaps
     * @param sealedAt the seal's time, not before the last record's
     * @param keyFile SHA-256 of the log's key file
     * @param indexer builds the search index, or null for none
     */
    public void write(List<PlacedRecord> records, long sealedAt, Digest keyFile, @Nullable SegmentIndexer indexer)
            throws IOException {
        long number = end.segments() + 1;
        long firstSeq = end.tree().to();
        byte[] fileSalt = new byte[SegmentFormat.FILE_SALT_BYTES];
        random.nextBytes(fileSalt);
        DataKey key = keys.segmentKey(number, fileSalt);
        byte[] header = SegmentFormat.header(logId, number, firstSeq, fileSalt, key.commitment());
        List<List<PlacedRecord>> blocks = partition(records);
        Digest index = writeIndex(number, blocks, indexer);

        List<Digest> digests = new ArrayList<>();
        CompactRange tree = end.tree().copy();
        var file = directory.segment(number);
        var temporary = Storage.temporary(file);
        storage.delete(temporary);
        SegmentEnd after;
        try (Storage.Appender out = storage.create(temporary)) {
            out.append(ByteBuffer.wrap(header));
            for (List<PlacedRecord> block : blocks) {
                digests.add(writeRecords(out, key, number, digests.size(), block, tree));
            }
            digests.add(writeActors(out, key, number, digests.size(), ActorTable.of(records)));
            Seal seal = seal(number, records, Digest.sha256(header), digests, tree, keyFile, index);
            after = writeFooter(out, seal, sealedAt, tree);
            out.sync();
        }
        storage.rename(temporary, file);
        storage.syncDirectory(directory.segments());
        end = after;
    }

    private static List<List<PlacedRecord>> partition(List<PlacedRecord> records) {
        List<List<PlacedRecord>> blocks = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < records.size(); i++) {
            bytes += 4 + records.get(i).line().bytes().length;
            if (bytes >= SegmentFormat.BLOCK_PLAIN_BYTES
                    || i + 1 - from == SegmentFormat.BLOCK_RECORDS_MAX
                    || i == records.size() - 1) {
                blocks.add(records.subList(from, i + 1));
                from = i + 1;
                bytes = 0;
            }
        }
        return blocks;
    }

    /** Writes the index and returns its digest; null if there is none or it could not be built, which costs speed only. */
    private @Nullable Digest writeIndex(long number, List<List<PlacedRecord>> blocks, @Nullable SegmentIndexer indexer)
            throws IOException {
        boolean worthIt = blocks.size() >= INDEXED_BLOCKS_MIN;
        byte[] index = indexer == null || !worthIt ? null : buildIndex(number, blocks, indexer);
        if (index == null) {
            storage.delete(directory.index(number));
            return null;
        }
        byte[] file = IndexFile.seal(logId, number, keys, random, index);
        storage.replace(directory.index(number), file);
        return Digest.sha256(file);
    }

    private byte @Nullable [] buildIndex(long number, List<List<PlacedRecord>> blocks, SegmentIndexer indexer) {
        try {
            SegmentIndexer.Builder builder = indexer.begin();
            for (int i = 0; i < blocks.size(); i++) {
                builder.addBlock(
                        i,
                        blocks.get(i).stream()
                                .map(record -> record.line().bytes())
                                .toList());
            }
            byte[] index = builder.finish();
            if (index.length > IndexFile.INDEX_BYTES_MAX) {
                throw new IllegalArgumentException("an index has at most 1 GiB, found " + index.length);
            }
            return index;
        } catch (IOException | RuntimeException e) {
            LOG.warn("segment {} of log {} gets no search index", number, logId, e);
            return null;
        }
    }

    private Digest writeRecords(
            Storage.Appender out, DataKey key, long number, int ordinal, List<PlacedRecord> block, CompactRange tree)
            throws IOException {
        long firstSeq = block.get(0).seq();
        byte[] salts = keys.salts(firstSeq, block.size());
        byte[] leaves = new byte[Digest.BYTES * block.size()];
        int plainBytes = block.stream()
                .mapToInt(record -> 4 + record.line().bytes().length)
                .sum();
        ByteBuffer plain = ByteBuffer.allocate(plainBytes);
        for (int i = 0; i < block.size(); i++) {
            PlacedRecord record = block.get(i);
            if (record.seq() != tree.to()) {
                throw new IllegalStateException("expected record " + tree.to() + ", found " + record.seq());
            }
            byte[] salt = Arrays.copyOfRange(salts, TenantKeys.SALT_BYTES * i, TenantKeys.SALT_BYTES * (i + 1));
            Digest leaf = record.header(logId, salt).leafHash();
            leaf.copyTo(leaves, Digest.BYTES * i);
            tree.append(leaf);
            plain.putInt(record.line().bytes().length).put(record.line().bytes());
        }
        return writeBlock(out, key, number, ordinal, BlockKind.RECORDS, firstSeq, block.size(), leaves, plain.array());
    }

    private Digest writeActors(Storage.Appender out, DataKey key, long number, int ordinal, ActorTable actors)
            throws IOException {
        return writeBlock(
                out, key, number, ordinal, BlockKind.ACTORS, 0, actors.entries().size(), new byte[0], actors.encode());
    }

    private Digest writeBlock(
            Storage.Appender out,
            DataKey key,
            long number,
            int ordinal,
            BlockKind kind,
            long firstSeq,
            int count,
            byte[] leaves,
            byte[] plain)
            throws IOException {
        byte[] associated = SegmentFormat.associatedData(logId, number, ordinal, kind, firstSeq, count, plain.length);
        byte[] ciphertext = key.seal(Zstd.compress(plain, COMPRESSION_LEVEL), associated);
        byte[] header = SegmentFormat.blockHeader(kind, firstSeq, count, plain.length, ciphertext.length);
        out.append(ByteBuffer.wrap(header));
        out.append(ByteBuffer.wrap(leaves));
        out.append(ByteBuffer.wrap(ciphertext));
        return Digest.sha256(header, leaves, ciphertext);
    }

    private Seal seal(
            long number,
            List<PlacedRecord> records,
            Digest header,
            List<Digest> blocks,
            CompactRange tree,
            Digest keyFile,
            @Nullable Digest index) {
        long events = 0;
        Long from = null;
        Long to = null;
        for (PlacedRecord record : records) {
            if (record.kind() == RecordKind.EVENT) {
                events++;
                from = from == null ? record.occurredAt() : Math.min(from, record.occurredAt());
                to = to == null ? record.occurredAt() : Math.max(to, record.occurredAt());
            }
        }
        return new Seal(
                number,
                end.tree().to(),
                end.events() + events,
                from,
                to,
                end.sealLeaf(),
                header,
                blocks,
                tree.copy(),
                keyFile,
                index);
    }

    private SegmentEnd writeFooter(Storage.Appender out, Seal seal, long sealedAt, CompactRange tree)
            throws IOException {
        long seq = tree.to();
        RecordBody body = seal.toBody();
        byte[] line = body.line(seq, sealedAt);
        byte[] salt = keys.salt(seq);
        int footerBytes = SegmentFormat.FOOTER_FIXED_BYTES + line.length;
        out.append(ByteBuffer.allocate(footerBytes)
                .putInt(SegmentFormat.FOOTER_MAGIC)
                .put(salt)
                .putInt(line.length)
                .put(line)
                .putInt(footerBytes)
                .putInt(SegmentFormat.END_MAGIC)
                .flip());
        LeafHeader header = Seal.header(logId, seq, sealedAt, salt, line);
        tree.append(header.leafHash());
        return new SegmentEnd(seal.segment(), tree, header.leafHash(), seal.events(), sealedAt, seal.keys());
    }
}
