package dev.evidencevault.index;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.TenantReader.RecordConsumer;
import dev.evidencevault.segment.IndexFile;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;

/**
 * Searches the log of one tenant, sealed and not, in the order of the log. An acknowledged event is found at once. Safe for
 * use by several threads.
 */
public final class TenantSearch {
    private final TenantReader tenant;
    private final Consumer<String> warnings;

    /**
     * Creates the search of a tenant's log.
     *
     * @param warnings takes a sentence for every segment whose index cannot be used; such a segment is read as a whole
     */
    public TenantSearch(TenantReader tenant, Consumer<String> warnings) {
        this.tenant = tenant;
        this.warnings = warnings;
    }

    /** Gives the matching records to a consumer until it has enough. */
    public void search(EventQuery query, RecordConsumer consumer) throws IOException {
        // What is not sealed is read first: a record that is sealed in between is then seen twice, not never.
        List<LogRecord> unsealed = tenant.unsealed();
        long next = 0;
        for (long number : tenant.segmentNumbers()) {
            try (SegmentFile file = tenant.segment(number)) {
                next = file.sealRecord().seq() + 1;
                Long first = file.seal().occurredFrom();
                Long last = file.seal().occurredTo();
                boolean possible = first != null && last != null && query.coversAnyOf(first, last);
                if (possible && !search(file, first, last, query, consumer)) {
                    return;
                }
            }
        }
        deliver(unsealed, next, query, consumer);
    }

    private boolean search(SegmentFile file, long first, long last, EventQuery query, RecordConsumer consumer)
            throws IOException {
        SegmentContent content = new SegmentContent(file, tenant.keys());
        for (BlockRef block : candidates(file, query, first, last)) {
            if (!deliver(content.records(block), 0, query, consumer)) {
                return false;
            }
        }
        return true;
    }

    private static boolean deliver(List<LogRecord> records, long from, EventQuery query, RecordConsumer consumer)
            throws IOException {
        for (LogRecord record : records) {
            if (record.seq() >= from
                    && record.kind() == RecordKind.EVENT
                    && query.matches(record)
                    && !consumer.accept(record)) {
                return false;
            }
        }
        return true;
    }

    private List<BlockRef> candidates(SegmentFile file, EventQuery query, long first, long last) throws IOException {
        List<BlockRef> blocks = file.blocks().stream().filter(BlockRef::records).toList();
        Digest index = file.seal().searchIndex();
        if (index == null) {
            return blocks;
        }
        Path path = tenant.directory().index(file.number());
        try (Directory directory =
                        FragmentBytes.open(IndexFile.open(path, file.logId(), file.number(), tenant.keys()));
                DirectoryReader reader = DirectoryReader.open(directory)) {
            if (reader.maxDoc() != blocks.size()) {
                throw new CorruptFileException(
                        path, 0, "the index is of " + reader.maxDoc() + " blocks, not of " + blocks.size());
            }
            BitSet hits = BlockCandidates.of(query, new FragmentBlocks(reader, first, last), blocks.size());
            List<BlockRef> candidates = new ArrayList<>();
            for (int i = 0; i < blocks.size(); i++) {
                if (hits.get(i)) {
                    candidates.add(blocks.get(i));
                }
            }
            return candidates;
        } catch (IOException | IllegalArgumentException e) {
            warnings.accept(
                    "the index of segment " + file.number() + " cannot be used, all of it is read: " + e.getMessage());
            return blocks;
        }
    }
}
