package dev.evidencevault.verify;

import dev.evidencevault.actorindex.ActorIndexBuilder;
import dev.evidencevault.actorindex.ActorIndexProof;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
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
    private final Set<Tag> actorsAsked;
    private final Set<Tag> servicesAsked;

    private long segments;
    private @Nullable Digest lastSeal;
    private @Nullable VrfPublicKey tagKey;
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
        this.actorsAsked = scope.actorTags();
        this.servicesAsked = scope.serviceTags();
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
            requireShown(seal, segment);
            List<Digest> subtrees = segment.subtrees();
            if (subtrees != null) {
                tree.append(CompactRange.of(tree.to(), segment.seal().seq(), subtrees));
                pseudonyms.skip();
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(segmentLines.where(), Json.firstLine(e));
        }
        if (segment.subtrees() == null) {
            leaves(seal, segment, leaves, lines, originals, segmentLines.where());
        }
        if (!tree.root().equals(seal.tree())) {
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

    /** What a line has to show depends on the seal's times and on how the bundle shows that nothing is left out. */
    private void requireShown(Seal seal, SegmentLine segment) {
        boolean inTime = order.coversAnyOf(seal.occurredFrom(), seal.occurredTo());
        if (inTime != (segment.subtrees() == null)) {
            throw new IllegalArgumentException("segment " + seal.segment() + " has times from "
                    + Timestamps.format(seal.occurredFrom()) + " to " + Timestamps.format(seal.occurredTo())
                    + ": its leaves are " + (inTime ? "not shown and should be" : "shown and should not be"));
        }
        boolean indexed = inTime && scope.completeness() == Completeness.INDEX;
        if (indexed != (segment.actors() != null)) {
            throw new IllegalArgumentException("the index of actors of segment " + seal.segment() + " is "
                    + (indexed ? "not shown and should be" : "shown and should not be"));
        }
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
        if (tagKey == null) {
            tagKey = seal.tagKey();
        } else if (!tagKey.equals(seal.tagKey())) {
            throw new IllegalArgumentException("segment " + seal.segment() + " has another key of pseudonyms");
        }
    }

    private void leaves(
            Seal seal,
            SegmentLine segment,
            StrictLines leaves,
            StrictLines lines,
            StrictLines originals,
            String segmentWhere)
            throws IOException {
        ActorIndexProof proof = segment.actors();
        IndexedSegment index = proof == null ? null : new IndexedSegment(seal, scope.indexed());
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        ActorIndexBuilder all = new ActorIndexBuilder();
        long notices = 0;
        boolean afterRun = false;
        while (tree.to() < segment.seal().seq()) {
            LeafLine leaf = leaf(leaves, seal);
            HiddenRun run = leaf.run();
            if (run != null) {
                hidden(run, segment.seal().seq(), index != null && !afterRun, leaves.where());
                afterRun = true;
                continue;
            }
            afterRun = false;
            LeafHeader header = leaf.header();
            Digest leafHash = header.leafHash();
            try {
                requireNext(header);
                if (index == null) {
                    pseudonyms.count(header);
                }
            } catch (IllegalArgumentException e) {
                throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
            }
            if (index == null) {
                all.add(header, leafHash);
                notices += header.kind().isNotice() ? 1 : 0;
            } else {
                try {
                    pseudonyms.count(header);
                    index.add(header, leafHash);
                } catch (IllegalArgumentException e) {
                    findings.failed(Claim.COMPLETENESS, leaves.where(), e);
                }
            }
            checkDisclosure(leaf, leaves.where());
            byte[] salt = leaf.salt();
            if (salt != null) {
                record(header, salt, lines, originals);
            }
            recordedAt = header.recordedAt();
            from = Math.min(from, header.occurredAt());
            to = Math.max(to, header.occurredAt());
            tree.append(leafHash);
            shownLeaves++;
        }
        if (index != null && proof != null) {
            try {
                index.requireAll(proof);
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.COMPLETENESS, segmentWhere, e);
            }
        } else if (from != seal.occurredFrom() || to != seal.occurredTo()) {
            throw new MalformedBundleException(
                    leaves.where(), "the seal of segment " + seal.segment() + " has other times than its leaves");
        } else if (notices != seal.notices() || !all.build().head().equals(seal.actors())) {
            findings.failed(
                    Claim.SEGMENTS,
                    segmentWhere,
                    "the index of actors that was sealed with segment " + seal.segment()
                            + " is not that of its leaves");
        }
    }

    private static LeafLine leaf(StrictLines leaves, Seal seal) throws IOException {
        byte[] line = leaves.next();
        if (line == null) {
            throw new MalformedBundleException(leaves.where(), "the leaves of segment " + seal.segment() + " end");
        }
        try {
            return LeafLine.parse(line);
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
        }
    }

    private void hidden(HiddenRun run, long end, boolean allowed, String where) throws MalformedBundleException {
        if (!allowed || run.to() <= tree.to() || run.to() > end) {
            throw new MalformedBundleException(where, "a run of leaves is hidden where that is not allowed");
        }
        try {
            run.appendTo(tree);
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(where, Json.firstLine(e));
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
        // What tells of the log may concern anybody: it belongs to every order that covers its time.
        boolean asked = order.coversTime(header.occurredAt()) && (header.kind().isNotice() || asksForEvent(header));
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
                        || header.actors().stream().anyMatch(actor -> actorsAsked.contains(actor.tag())))
                && (order.services().isEmpty() || servicesAsked.contains(header.serviceTag()));
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
        if (tagKey != null) {
            try {
                pseudonyms.requireProven(tagKey);
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.COMPLETENESS, BundleLayout.SCOPE, e);
            }
        }
        findings.passedIfClean(
                Claim.COMPLETENESS,
                BundleLayout.LEAVES,
                "the log has " + events + " events; all " + records + " that the order asks for are here and no other"
                        + (scope.completeness() == Completeness.INDEX ? ", as the sealed indexes of actors say" : ""));
    }
}
