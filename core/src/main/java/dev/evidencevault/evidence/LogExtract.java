package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.redaction.Redaction;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a log once, segment by segment, and writes the files of the bundle that hold its records and their proofs. For one
 * thread, once.
 */
final class LogExtract {
    private static final List<String> FILES =
            List.of(BundleLayout.SEGMENTS, BundleLayout.LEAVES, BundleLayout.RECORDS, BundleLayout.ORIGINALS);

    private final TenantReader tenant;
    private final Order order;
    private final Optional<Redaction> redaction;
    private final Scope scope;
    private final Checkpoint head;
    private final WorkDirectory work;
    private final ExportOptions options;
    private final List<SyncedOutput> files = new ArrayList<>();
    private long records;
    private long notYetAnchored;
    private long saved;

    LogExtract(
            TenantReader tenant,
            Order order,
            Optional<Redaction> redaction,
            Scope scope,
            Checkpoint head,
            WorkDirectory work,
            ExportOptions options) {
        this.tenant = tenant;
        this.order = order;
        this.redaction = redaction;
        this.scope = scope;
        this.head = head;
        this.work = work;
        this.options = options;
    }

    void run(List<LogRecord> unsealed) throws IOException {
        ExtractState start = start();
        try {
            for (String name : FILES) {
                files.add(work.append(name));
            }
            BundledLog out = new BundledLog(
                    order,
                    redaction,
                    files.get(0),
                    files.get(1),
                    files.get(2),
                    files.get(3),
                    start.tree(),
                    start.records());
            SegmentExtract extract = scope.completeness() == Completeness.RANGE
                    ? new RangeExtract(tenant, order, out)
                    : new WholeExtract(tenant, order, scope, out);
            saved = length();
            long sealed = start.tree().to();
            for (long number : tenant.segmentNumbers()) {
                if (number <= start.segment()) {
                    continue;
                }
                try (SegmentFile file = tenant.segment(number)) {
                    if (file.firstSeq() != sealed) {
                        throw new CorruptFileException(file.path(), 0, "expected the segment from record " + sealed);
                    }
                    sealed = file.sealRecord().seq() + 1;
                    if (sealed <= head.size()) {
                        extract.segment(file, sealed == head.size());
                        save(number, out);
                        options.progress().at(ExportProgress.Phase.READING, sealed, head.size());
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
        } finally {
            for (SyncedOutput file : files) {
                file.close();
            }
        }
    }

    /** Returns where to begin: at the start of the log, or where an export of the same was interrupted. */
    private ExtractState start() throws IOException {
        ExtractState nothing = new ExtractState(task(), 0, new CompactRange(), 0, List.of(0L, 0L, 0L, 0L));
        if (!work.isResumable()) {
            return nothing;
        }
        Optional<ExtractState> left = work.saved();
        if (left.isEmpty()) {
            work.clear();
            return nothing;
        }
        if (!left.get().task().equals(nothing.task())) {
            throw new FileAlreadyExistsException(
                    work.bag().toString(),
                    null,
                    "an export of another order, or from another vault, was interrupted here; remove it, or export to"
                            + " another file");
        }
        Map<String, Long> lengths = new TreeMap<>();
        for (int i = 0; i < FILES.size(); i++) {
            lengths.put(FILES.get(i), left.get().lengths().get(i));
        }
        work.cut(lengths);
        return left.get();
    }

    /** Returns what tells this extract from any other. */
    private Digest task() {
        return Digest.sha256(
                scope.format(),
                order.text().bytes(),
                redaction.map(Redaction::format).orElseGet(() -> new byte[0]));
    }

    private long length() {
        return files.stream().mapToLong(SyncedOutput::length).sum();
    }

    /** Saves how far this is, if there is enough that it is worth it. A range is not saved: its runs go over segments. */
    private void save(long number, BundledLog out) throws IOException {
        if (!work.isResumable()
                || scope.completeness() == Completeness.RANGE
                || length() - saved < options.saveEvery()) {
            return;
        }
        for (SyncedOutput file : files) {
            file.sync();
        }
        saved = length();
        work.save(new ExtractState(
                task(),
                number,
                out.tree(),
                out.records(),
                files.stream().map(SyncedOutput::length).toList()));
    }

    /**
     * Returns how many leaves at the beginning of a log cannot be shown though an order may ask for some of them; 0 if it does not,
     * or all can be.
     */
    static long destroyed(TenantReader tenant, Order order, Completeness completeness) throws IOException {
        if (tenant.firstSegment() == 1) {
            return 0;
        }
        for (long number : tenant.segmentNumbers()) {
            try (SegmentFile file = tenant.segment(number)) {
                boolean destroyed = number < tenant.firstSegment();
                boolean asked = completeness == Completeness.RANGE
                        ? !destroyed && mayAskBefore(tenant, file, order)
                        : destroyed
                                && order.coversAnyOf(
                                        file.seal().occurredFrom(), file.seal().occurredTo());
                if (asked) {
                    return tenant.destroyedLeaves();
                }
                if (!destroyed) {
                    break;
                }
            }
        }
        return 0;
    }

    /** Says whether no header of the first segment that is left shows that the order's time begins after those before it. */
    private static boolean mayAskBefore(TenantReader tenant, SegmentFile first, Order order) throws IOException {
        Long from = order.from();
        return from == null
                || new SegmentContent(first, tenant.keys())
                                .records(first.blocks().get(0))
                                .get(0)
                                .recordedAt()
                        >= from;
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
