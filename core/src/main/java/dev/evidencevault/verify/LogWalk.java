package dev.evidencevault.verify;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the log of a bundle once, from its first leaf to its last: builds the tree out of what is shown and of
 * the subtrees that stand for what is not, and compares each record that is shown with its leaf. Holds no more than a
 * line of each file. For one thread, once.
 */
final class LogWalk {
    private final BundleFiles files;
    private final Scope scope;
    private final Order order;
    private final Checkpoint head;
    private final Findings findings;
    private final CompactRange tree = new CompactRange();
    private final PseudonymCheck pseudonyms;

    private long segments;
    private @Nullable Digest lastSeal;
    private long events;
    private long recordedAt = Long.MIN_VALUE;
    private long shownLeaves;
    private long records;

    LogWalk(BundleFiles files, Scope scope, Order order, Checkpoint head, Findings findings) {
        this.files = files;
        this.scope = scope;
        this.order = order;
        this.head = head;
        this.findings = findings;
        this.pseudonyms = new PseudonymCheck(scope);
    }

    /** Returns how many records the bundle shows. */
    long records() {
        return records;
    }

    void run() throws IOException {
        try (StrictLines segmentLines = new StrictLines(files, BundleLayout.SEGMENTS, SegmentLine.BYTES_MAX);
                StrictLines leaves = new StrictLines(files, BundleLayout.LEAVES, LeafLine.BYTES_MAX);
                StrictLines lines = new StrictLines(files, BundleLayout.RECORDS, LogRecord.LINE_BYTES_MAX);
                StrictLines originals = new StrictLines(files, BundleLayout.ORIGINALS, LogRecord.LINE_BYTES_MAX)) {
            for (byte[] line = segmentLines.next(); line != null; line = segmentLines.next()) {
                segment(line, segmentLines, leaves, lines, originals);
            }
            for (StrictLines rest : List.of(leaves, lines, originals)) {
                if (!rest.atEnd()) {
                    throw new MalformedBundleException(
                            rest.where(), "lines follow that belong to no segment or record of the bundle");
                }
            }
        }
        if (tree.to() != head.size() || !tree.root().equals(head.root())) {
            findings.failed(
                    Claim.SEGMENTS,
                    BundleLayout.SEGMENTS,
                    "the checkpoint is of " + head.size() + " leaves with root " + head.root() + ", these are "
                            + tree.to() + " with root " + tree.root());
        }
    }

    private void segment(
            byte[] line, StrictLines segmentLines, StrictLines leaves, StrictLines lines, StrictLines originals)
            throws IOException {
        SegmentLine segment;
        Seal seal;
        try {
            segment = SegmentLine.parse(line);
            seal = Seal.of(segment.seal());
            requireNext(seal, segment.seal());
            boolean shown = seal.occurredFrom() != null
                    && seal.occurredTo() != null
                    && order.coversAnyOf(seal.occurredFrom(), seal.occurredTo());
            List<Digest> subtrees = segment.subtrees();
            if (shown != (subtrees == null)) {
                throw new IllegalArgumentException("segment " + seal.segment() + " has times from "
                        + text(seal.occurredFrom()) + " to " + text(seal.occurredTo())
                        + ": its leaves are " + (shown ? "not shown and should be" : "shown and should not be"));
            }
            if (subtrees != null) {
                tree.append(CompactRange.of(tree.to(), segment.seal().seq(), subtrees));
                pseudonyms.skip();
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(segmentLines.where(), Json.firstLine(e));
        }
        if (segment.subtrees() == null) {
            shownLeaves(seal, segment.seal().seq(), leaves, lines, originals);
        }
        if (!tree.hashes().equals(seal.tree().hashes())) {
            throw new MalformedBundleException(
                    segmentLines.where(), "the leaves before the seal are not those that it was made over");
        }
        LogRecord record = segment.seal();
        LeafHeader header =
                Seal.header(scope.logId(), record.seq(), record.recordedAt(), segment.salt(), record.line());
        lastSeal = header.leafHash();
        tree.append(lastSeal);
        segments++;
        events = seal.events();
        recordedAt = record.recordedAt();
    }

    private static String text(@Nullable Long nanos) {
        return nanos == null ? "none" : Timestamps.format(nanos);
    }

    private void requireNext(Seal seal, LogRecord record) {
        if (seal.segment() != segments + 1 || seal.firstSeq() != tree.to() || record.seq() <= tree.to()) {
            throw new IllegalArgumentException("expected segment " + (segments + 1) + " from record " + tree.to()
                    + ", found segment " + seal.segment() + " from record " + seal.firstSeq());
        }
        if (lastSeal == null ? seal.previousSeal() != null : !lastSeal.equals(seal.previousSeal())) {
            throw new IllegalArgumentException("segment " + seal.segment() + " does not follow the one before it");
        }
        if (seal.events() - events != record.seq() - tree.to() || record.recordedAt() < recordedAt) {
            throw new IllegalArgumentException("segment " + seal.segment() + " counts or dates what is not there");
        }
    }

    private void shownLeaves(Seal seal, long sealSeq, StrictLines leaves, StrictLines lines, StrictLines originals)
            throws IOException {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        while (tree.to() < sealSeq) {
            byte[] line = leaves.next();
            if (line == null) {
                throw new MalformedBundleException(leaves.where(), "the leaves of segment " + seal.segment() + " end");
            }
            LeafLine leaf;
            try {
                leaf = LeafLine.parse(line);
                requireNext(leaf.header());
                pseudonyms.count(leaf.header());
            } catch (IllegalArgumentException e) {
                throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
            }
            LeafHeader header = leaf.header();
            checkDisclosure(leaf, leaves.where());
            byte[] salt = leaf.salt();
            if (salt != null) {
                record(header, salt, lines, originals);
            }
            recordedAt = header.recordedAt();
            from = Math.min(from, header.occurredAt());
            to = Math.max(to, header.occurredAt());
            tree.append(header.leafHash());
            shownLeaves++;
        }
        if (!Long.valueOf(from).equals(seal.occurredFrom()) || !Long.valueOf(to).equals(seal.occurredTo())) {
            throw new MalformedBundleException(
                    leaves.where(), "the seal of segment " + seal.segment() + " has other times than its leaves");
        }
    }

    private void requireNext(LeafHeader header) {
        if (!header.logId().equals(scope.logId())
                || header.seq() != tree.to()
                || header.kind() == RecordKind.SEAL
                || header.recordedAt() < recordedAt) {
            throw new IllegalArgumentException("expected the leaf of event " + tree.to() + " of log " + scope.logId()
                    + ", found " + header.kind().label() + " " + header.seq() + " of log " + header.logId());
        }
    }

    private void checkDisclosure(LeafLine leaf, String where) {
        LeafHeader header = leaf.header();
        // Events that were refused may have been anybody's: a gap belongs to every order that covers its time.
        boolean asked =
                order.coversTime(header.occurredAt()) && (header.kind() == RecordKind.GAP || asksForEvent(header));
        if (asked && leaf.salt() == null) {
            findings.failed(
                    Claim.COMPLETENESS,
                    where,
                    "record " + header.seq() + " of " + Timestamps.format(header.occurredAt())
                            + " is what the order asks for and was left out");
        } else if (!asked && leaf.salt() != null) {
            findings.failed(
                    Claim.COMPLETENESS, where, "record " + header.seq() + " is shown and not what the order asks for");
        }
    }

    private boolean asksForEvent(LeafHeader header) {
        return (!order.privilegedOnly() || header.privileged())
                && (order.actors().isEmpty()
                        || header.actors().stream()
                                .anyMatch(actor -> scope.actors().containsValue(actor.tag())))
                && (order.services().isEmpty() || scope.services().containsValue(header.serviceTag()));
    }

    private void record(LeafHeader header, byte[] salt, StrictLines lines, StrictLines originals) throws IOException {
        byte[] line = lines.next();
        if (line == null) {
            throw new MalformedBundleException(lines.where(), "record " + header.seq() + " is missing");
        }
        records++;
        if (!LeafHeader.commitment(salt, line).equals(header.commitment())) {
            findings.failed(
                    Claim.RECORDS,
                    lines.where(),
                    "the line is not the record " + header.seq() + " that the log committed to");
        }
        try {
            LogRecord record = LogRecord.parse(line);
            if (record.seq() != header.seq()
                    || record.kind() != header.kind()
                    || record.recordedAt() != header.recordedAt()
                    || record.occurredAt() != header.occurredAt()
                    || record.privileged() != header.privileged()
                    || !record.tenant().equals(order.tenant())) {
                throw new IllegalArgumentException("the line says otherwise than the header of record " + header.seq());
            }
            pseudonyms.compare(record, header);
            String original = record.original();
            if (original != null && !originals.matches(original.getBytes(StandardCharsets.UTF_8))) {
                throw new MalformedBundleException(
                        originals.where(), "this is not the original of record " + header.seq());
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.RECORDS, lines.where(), e);
        }
    }

    /** Says what follows from the walk, once everything else was checked. */
    void conclude() {
        findings.passedIfClean(
                Claim.SEGMENTS,
                BundleLayout.SEGMENTS,
                segments + " segments and " + shownLeaves + " leaves give the root of the log's checkpoint");
        findings.passedIfClean(
                Claim.RECORDS,
                BundleLayout.RECORDS,
                records + " records are, byte for byte, those that the log committed to");
        if (!findings.clean(Claim.SEGMENTS) || !findings.clean(Claim.RECORDS)) {
            if (findings.clean(Claim.COMPLETENESS)) {
                findings.indeterminate(
                        Claim.COMPLETENESS, "bundle", "nothing can be said while the log or its records are in doubt");
            }
            return;
        }
        for (String actor : pseudonyms.unseenActors()) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.SCOPE,
                    "no record of actor " + actor + " is shown; that its pseudonym is the right one is the exporter's"
                            + " word");
        }
        for (String service : pseudonyms.unseenServices()) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.SCOPE,
                    "no record of service " + service + " is shown; that its pseudonym is the right one is the"
                            + " exporter's word");
        }
        findings.passedIfClean(
                Claim.COMPLETENESS,
                BundleLayout.LEAVES,
                "the log has " + events + " events; all " + records + " that the order asks for are here and no other");
    }
}
