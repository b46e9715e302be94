package dev.evidencevault.mutation;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CommitmentScheme;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock;
import dev.evidencevault.segment.SealingBuffers;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.segment.SegmentWriter;
import dev.evidencevault.segment.TagCounts;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the end of a log anew, as whoever holds its keys can: records are renumbered and dated so that none runs
 * backwards, blocks are encrypted, hashed and sealed as a vault does it, seals follow one another. What comes before
 * stays byte for byte. Nothing tells the result from a log that was written so but the anchors.
 */
final class LogForger {
    private final LogId logId;
    private final LogDirectory directory;
    private final SegmentEnd before;
    private final TagCounts counts = new TagCounts();
    private final List<Long> sealedAt = new ArrayList<>();

    /** The records of each segment that is written anew, without the seals; to be changed. */
    final List<List<LogRecord>> segments = new ArrayList<>();

    /** What segments are encrypted and salted with. */
    TenantKeys keys;

    /** What pseudonyms are made with. */
    TenantKeys pseudonymKeys;

    /** The digest that the seals give of the key file. */
    Digest keyFile;

    @Nullable
    SegmentIndexer indexer;

    /** The version that the lines say. */
    int version = 1;

    /** How much later the segments are sealed than they were. */
    long sealDelayNanos;

    /** How much earlier records are dated, whatever came before; 0 to let no time run backwards. */
    long backdatedNanos;

    /** Whose records the indexes of actors pass over, though the leaves have them. */
    @Nullable
    String passedOver;

    /** What the leaf says of a record's time; the line says what it said. */
    ToLongFunction<LogRecord> leafOccurredAt = LogRecord::occurredAt;

    /** Reads a log from a segment on. */
    LogForger(UnlockedVault vault, LogDirectory directory, long from, SegmentIndexer indexer) throws Exception {
        this.directory = directory;
        this.logId = LogKeys.read(directory).logId();
        this.keys = vault.keys(directory);
        this.pseudonymKeys = keys;
        this.keyFile = Digest.sha256(Files.readAllBytes(directory.keys()));
        this.indexer = indexer;
        SegmentEnd end = SegmentEnd.none();
        for (long number : Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(directory.segment(number))) {
                SegmentContent content = new SegmentContent(file, keys);
                if (number < from) {
                    content.advance(counts);
                    end = file.end();
                } else {
                    segments.add(records(file, content));
                    sealedAt.add(file.sealRecord().recordedAt());
                }
            }
        }
        this.before = end;
    }

    private static List<LogRecord> records(SegmentFile file, SegmentContent content) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        for (SegmentFile.BlockRef block : file.blocks()) {
            if (block.records()) {
                records.addAll(content.records(block));
            }
        }
        return records;
    }

    /** Replaces the log's files from the first segment that was read on. */
    void write() throws IOException {
        for (long number : Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX)) {
            if (number > before.segments()) {
                Files.delete(directory.segment(number));
                Files.deleteIfExists(directory.index(number));
            }
        }
        SegmentWriter writer = new SegmentWriter(
                logId, directory, new UnsyncedStorage(), new SecureRandom(), CommitmentScheme.LINE, before);
        long recordedAt = before.recordedAt();
        try (SealingBuffers buffers = new SealingBuffers()) {
            for (int i = 0; i < segments.size(); i++) {
                List<RecordBlock> blocks = new ArrayList<>();
                long notBefore = backdatedNanos == 0 ? recordedAt : Long.MIN_VALUE;
                recordedAt = fill(blocks, segments.get(i), writer.end().tree().to(), notBefore);
                recordedAt = sealDelayNanos + Math.max(recordedAt, i < sealedAt.size() ? sealedAt.get(i) : recordedAt);
                List<RecordBlock> given = passedOver == null ? blocks : new TwoFaced(blocks, lying(i, blocks));
                writer.write(keys, given, recordedAt, keyFile, indexer, () -> {}, buffers, null);
            }
        }
        writer.name();
        writer.syncNames();
    }

    /** Blocks that are walked through in one way and looked up in another, as indexing actors does. */
    private static final class TwoFaced extends AbstractList<RecordBlock> {
        private final List<RecordBlock> honest;
        private final List<RecordBlock> lying;

        TwoFaced(List<RecordBlock> blocks, List<RecordBlock> lying) {
            this.honest = blocks;
            this.lying = lying;
        }

        @Override
        public Iterator<RecordBlock> iterator() {
            return honest.iterator();
        }

        @Override
        public RecordBlock get(int i) {
            return lying.get(i);
        }

        @Override
        public int size() {
            return honest.size();
        }
    }

    /** The same blocks, in which the records of the one who is passed over are nobody's. */
    private List<RecordBlock> lying(int segment, List<RecordBlock> blocks) {
        Pseudonyms pseudonyms = new Pseudonyms(pseudonymKeys);
        List<RecordBlock> lying = new ArrayList<>();
        TagCounts fromHere = new TagCounts();
        for (LogRecord record : segments.get(segment)) {
            record.actorIds().forEach(id -> fromHere.next(pseudonyms.actor(id)));
        }
        TagCounts lyingCounts = new TagCounts();
        for (LogRecord record : segments.get(segment)) {
            for (String id : record.actorIds()) {
                Tag tag = pseudonyms.actor(id);
                lyingCounts.set(tag, counts.get(tag) - fromHere.get(tag));
            }
        }
        int at = 0;
        for (RecordBlock block : blocks) {
            RecordBlock other = new RecordBlock(block.firstSeq(), 1 << 10, 4);
            for (int i = 0; i < block.count(); i++) {
                LogRecord record = segments.get(segment).get(at++);
                List<String> ids = record.actorIds().stream()
                        .filter(id -> !id.equals(passedOver))
                        .toList();
                other.add(
                        record.line(),
                        record.recordedAt(),
                        record.occurredAt(),
                        record.kind(),
                        record.privileged(),
                        new RecordBlock.Tags(
                                pseudonyms.service(record.service()),
                                ids.isEmpty() ? null : pseudonyms.actor(ids.get(0)),
                                ids.size() < 2 ? null : pseudonyms.actor(ids.get(1))),
                        lyingCounts);
            }
            lying.add(other);
        }
        return lying;
    }

    /** Fills blocks with records; returns the time of the last. */
    private long fill(List<RecordBlock> blocks, List<LogRecord> records, long firstSeq, long notBefore) {
        Pseudonyms pseudonyms = new Pseudonyms(pseudonymKeys);
        long seq = firstSeq;
        long recordedAt = notBefore;
        for (LogRecord record : records) {
            if (blocks.isEmpty() || blocks.get(blocks.size() - 1).isFull()) {
                blocks.add(new RecordBlock(seq, 1 << 10, 4));
            }
            recordedAt = Math.max(recordedAt, record.recordedAt() - backdatedNanos);
            List<String> ids = record.actorIds();
            @Nullable Tag first = ids.isEmpty() ? null : pseudonyms.actor(ids.get(0));
            @Nullable Tag second = ids.size() < 2 ? null : pseudonyms.actor(ids.get(1));
            blocks.get(blocks.size() - 1)
                    .add(
                            line(record, seq, recordedAt),
                            recordedAt,
                            leafOccurredAt.applyAsLong(record),
                            record.kind(),
                            record.privileged(),
                            new RecordBlock.Tags(pseudonyms.service(record.service()), first, second),
                            counts);
            seq++;
        }
        return recordedAt;
    }

    private byte[] line(LogRecord record, long seq, long recordedAt) {
        String text = new String(record.line(), StandardCharsets.UTF_8);
        String place =
                "{\"v\":" + version + ",\"seq\":" + seq + ",\"recordedAt\":\"" + Timestamps.format(recordedAt) + "\",";
        return (place + text.substring(text.indexOf("\"type\":"))).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a record with another text in place of one that it has. */
    static LogRecord edited(LogRecord record, String from, String to) {
        String text = new String(record.line(), StandardCharsets.UTF_8);
        if (!text.contains(from)) {
            throw new IllegalArgumentException("there is no " + from + " in " + text);
        }
        return LogRecord.parse(text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }
}
