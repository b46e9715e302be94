package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Reads a log once, segment by segment, and writes the files of the bundle that hold its records and their proofs. For one
 * thread, once.
 */
final class LogExtract {
    private final TenantReader tenant;
    private final Order order;
    private final Scope scope;
    private final Checkpoint head;
    private final WorkDirectory work;
    private long records;
    private long notYetAnchored;

    LogExtract(TenantReader tenant, Order order, Scope scope, Checkpoint head, WorkDirectory work) {
        this.tenant = tenant;
        this.order = order;
        this.scope = scope;
        this.head = head;
        this.work = work;
    }

    void run(List<LogRecord> unsealed) throws IOException {
        try (OutputStream segments = work.create(BundleLayout.SEGMENTS);
                OutputStream leaves = work.create(BundleLayout.LEAVES);
                OutputStream lines = work.create(BundleLayout.RECORDS);
                OutputStream originals = work.create(BundleLayout.ORIGINALS)) {
            BundledLog out = new BundledLog(order, segments, leaves, lines, originals);
            SegmentExtract extract = scope.completeness() == Completeness.RANGE
                    ? new RangeExtract(tenant, order, out)
                    : new WholeExtract(tenant, order, scope, out);
            long sealed = 0;
            for (long number : tenant.segmentNumbers()) {
                try (SegmentFile file = tenant.segment(number)) {
                    if (file.firstSeq() != sealed) {
                        throw new CorruptFileException(file.path(), 0, "expected the segment from record " + sealed);
                    }
                    sealed = file.sealRecord().seq() + 1;
                    if (sealed <= head.size()) {
                        extract.segment(file, sealed == head.size());
                    } else {
                        countUnanchored(file);
                    }
                }
            }
            for (LogRecord record : unsealed) {
                if (record.seq() >= sealed && order.asksFor(record)) {
                    notYetAnchored++;
                }
            }
            records = out.records();
            if (out.size() != head.size() || !out.root().equals(head.root())) {
                throw new CorruptFileException(
                        tenant.directory().segments(),
                        0,
                        "the anchored head of the log has " + head.size() + " leaves with root " + head.root()
                                + ", the segments have " + out.size() + " with root " + out.root()
                                + "; run evault verify");
            }
        }
    }

    private void countUnanchored(SegmentFile file) throws IOException {
        SegmentContent content = new SegmentContent(file, tenant.keys());
        for (BlockRef block : file.blocks()) {
            if (block.records()) {
                notYetAnchored +=
                        content.records(block).stream().filter(order::asksFor).count();
            }
        }
    }

    /** Returns how many records were written. */
    long records() {
        return records;
    }

    /** Returns how many that the order asks for come after the head. */
    long notYetAnchored() {
        return notYetAnchored;
    }
}
