package dev.evidencevault.evidence;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.ActorCounters;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the records of segments and compares each with its leaf. Holds one block in memory. Not safe for use by several
 * threads at once.
 */
final class LeafReader {
    private final TenantReader tenant;
    private final ActorCounters counters;

    LeafReader(TenantReader tenant) {
        this.tenant = tenant;
        this.counters = new ActorCounters(new Pseudonyms(tenant.keys()));
    }

    /** Takes the leaves of a segment, in their order. */
    interface Visitor {
        void leaf(ReadLeaf leaf) throws IOException;
    }

    /**
     * Reads the leaves of a segment before its seal.
     *
     * @throws CorruptFileException if a record is not the one that its leaf commits to
     */
    void read(SegmentFile file, SegmentContent content, Visitor visitor) throws IOException {
        content.rewind(counters);
        for (BlockRef block : file.blocks()) {
            if (!block.records()) {
                continue;
            }
            List<LogRecord> records = content.records(block);
            List<Digest> hashes = file.leafHashes(block);
            byte[] salts = tenant.keys().salts(block.firstSeq(), block.count());
            for (int i = 0; i < records.size(); i++) {
                byte[] salt = Arrays.copyOfRange(salts, TenantKeys.SALT_BYTES * i, TenantKeys.SALT_BYTES * (i + 1));
                LogRecord record = records.get(i);
                LeafHeader header =
                        counters.place(record).header(tenant.logId(), salt, tenant.commitments(), file, block);
                if (!header.leafHash().equals(hashes.get(i))) {
                    throw new CorruptFileException(
                            file.path(),
                            block.offset(),
                            "record " + record.seq() + " is not the one that the tree commits to");
                }
                visitor.leaf(new ReadLeaf(record, header, salt, hashes.get(i)));
            }
        }
    }

    /** Gives the leaf hashes of a segment before its seal, and opens nothing. */
    static void hashes(SegmentFile file, Consumer<Digest> taker) throws IOException {
        for (BlockRef block : file.blocks()) {
            if (block.records()) {
                file.leafHashes(block).forEach(taker);
            }
        }
    }
}
