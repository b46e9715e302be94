package dev.evidencevault.evidence;

import dev.evidencevault.actorindex.ActorIndex;
import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.ActorCounters;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * Reads a log once, segment by segment, and writes the files of the bundle that hold its records and their proofs. Every
 * record that is read is compared with its leaf. Holds one block in memory. For one thread, once.
 */
final class LogExtract {
    private final TenantReader tenant;
    private final Order order;
    private final Scope scope;
    private final Checkpoint head;
    private final WorkDirectory work;
    private final ActorCounters counters;
    private final CompactRange tree = new CompactRange();
    private long records;
    private long notYetAnchored;

    LogExtract(TenantReader tenant, Order order, Scope scope, Checkpoint head, WorkDirectory work) {
        this.tenant = tenant;
        this.order = order;
        this.scope = scope;
        this.head = head;
        this.work = work;
        this.counters = new ActorCounters(new Pseudonyms(tenant.keys()));
    }

    private record Outputs(OutputStream segments, OutputStream leaves, OutputStream records, OutputStream originals) {}

    void run(List<LogRecord> unsealed) throws IOException {
        try (OutputStream segments = work.create(BundleLayout.SEGMENTS);
                OutputStream leaves = work.create(BundleLayout.LEAVES);
                OutputStream lines = work.create(BundleLayout.RECORDS);
                OutputStream originals = work.create(BundleLayout.ORIGINALS)) {
            Outputs out = new Outputs(segments, leaves, lines, originals);
            long sealed = 0;
            for (long number : tenant.segmentNumbers()) {
                try (SegmentFile file = tenant.segment(number)) {
                    if (tree.to() < head.size()) {
                        segment(file, out);
                    } else {
                        countUnanchored(file);
                    }
                    sealed = file.sealRecord().seq() + 1;
                }
            }
            for (LogRecord record : unsealed) {
                if (record.seq() >= sealed && order.asksFor(record)) {
                    notYetAnchored++;
                }
            }
        }
        if (tree.to() != head.size() || !tree.root().equals(head.root())) {
            throw new CorruptFileException(
                    tenant.directory().segments(),
                    0,
                    "the anchored head of the log has " + head.size() + " leaves with root " + head.root()
                            + ", the segments have " + tree.to() + " with root " + tree.root()
                            + "; run evault verify");
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

    private void segment(SegmentFile file, Outputs out) throws IOException {
        if (file.firstSeq() != tree.to()) {
            throw new CorruptFileException(file.path(), 0, "expected the segment from record " + tree.to());
        }
        if (order.coversAnyOf(file.seal().occurredFrom(), file.seal().occurredTo())) {
            SegmentContent content = new SegmentContent(file, tenant.keys());
            if (scope.completeness() == Completeness.HEADERS) {
                show(file, content, Set.of(), out);
                writeLine(
                        out.segments(),
                        SegmentLine.shown(file.sealSalt(), file.sealRecord()).format());
            } else {
                indexed(file, content, out);
            }
        } else {
            CompactRange leaves = leaves(file);
            tree.append(leaves);
            writeLine(
                    out.segments(),
                    SegmentLine.outside(file.sealSalt(), leaves.hashes(), file.sealRecord())
                            .format());
        }
        tree.append(file.sealHeader().leafHash());
    }

    private CompactRange leaves(SegmentFile file) throws IOException {
        CompactRange leaves = new CompactRange(tree.to());
        for (BlockRef block : file.blocks()) {
            if (block.records()) {
                file.leafHashes(block).forEach(leaves::append);
            }
        }
        return leaves;
    }

    /** Shows the leaf headers that the index of actors has under the order's tags, and what the index says of these. */
    private void indexed(SegmentFile file, SegmentContent content, Outputs out) throws IOException {
        ActorIndex actors = content.actors();
        SortedSet<Tag> asked = scope.indexed();
        ActorIndexProof proof = actors.prove(asked);
        if (actors.entries().stream().noneMatch(entry -> asked.contains(entry.tag()))) {
            CompactRange leaves = leaves(file);
            writeLine(out.leaves(), LeafLine.hidden(HiddenRun.of(leaves)).format());
            tree.append(leaves);
        } else {
            show(file, content, asked, out);
        }
        writeLine(
                out.segments(),
                SegmentLine.indexed(file.sealSalt(), proof, file.sealRecord()).format());
    }

    /**
     * Shows leaf headers.
     *
     * @param asked the tags under which an index has those that are shown; none to show all
     */
    private void show(SegmentFile file, SegmentContent content, Set<Tag> asked, Outputs out) throws IOException {
        content.rewind(counters);
        CompactRange hidden = new CompactRange(tree.to());
        for (BlockRef block : file.blocks()) {
            if (!block.records()) {
                continue;
            }
            List<LogRecord> blockRecords = content.records(block);
            List<Digest> hashes = file.leafHashes(block);
            byte[] salts = tenant.keys().salts(block.firstSeq(), block.count());
            for (int i = 0; i < blockRecords.size(); i++) {
                byte[] salt = Arrays.copyOfRange(salts, TenantKeys.SALT_BYTES * i, TenantKeys.SALT_BYTES * (i + 1));
                LogRecord record = blockRecords.get(i);
                LeafHeader header = counters.place(record).header(tenant.logId(), salt);
                if (!header.leafHash().equals(hashes.get(i))) {
                    throw new CorruptFileException(
                            file.path(),
                            block.offset(),
                            "record " + record.seq() + " is not the one that the tree commits to");
                }
                if (!asked.isEmpty() && Collections.disjoint(ActorIndexBuilder.tags(header), asked)) {
                    hidden.append(hashes.get(i));
                    continue;
                }
                hide(hidden, out);
                tree.append(hashes.get(i));
                hidden = new CompactRange(tree.to());
                show(record, header, salt, out);
            }
        }
        hide(hidden, out);
    }

    private void hide(CompactRange hidden, Outputs out) throws IOException {
        if (hidden.to() > hidden.from()) {
            writeLine(out.leaves(), LeafLine.hidden(HiddenRun.of(hidden)).format());
            tree.append(hidden);
        }
    }

    private void show(LogRecord record, LeafHeader header, byte[] salt, Outputs out) throws IOException {
        if (!order.asksFor(record)) {
            writeLine(out.leaves(), LeafLine.withheld(header).format());
            return;
        }
        records++;
        writeLine(out.leaves(), LeafLine.shown(header, salt).format());
        writeLine(out.records(), record.line());
        String original = record.original();
        if (original != null) {
            writeLine(out.originals(), original.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void writeLine(OutputStream out, byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
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
