package dev.evidencevault.verify;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.vrf.VrfPublicKey;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.redaction.RedactionCheck;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the log of a bundle once, from its first leaf to its last, seal by seal, and compares the tree with the
 * checkpoint. For one thread, once.
 */
final class LogWalk {
    private final BundleFiles files;
    private final Scope scope;
    private final Order order;
    private final Checkpoint head;
    private final Findings findings;
    private final @Nullable RedactionCheck redaction;
    private final SealChain chain = new SealChain();
    private long shown;
    private long records;

    LogWalk(
            BundleFiles files,
            Scope scope,
            Order order,
            Checkpoint head,
            @Nullable RedactionCheck redaction,
            Findings findings) {
        this.redaction = redaction;
        this.files = files;
        this.scope = scope;
        this.order = order;
        this.head = head;
        this.findings = findings;
    }

    /** Returns how many records the bundle shows. */
    long records() {
        return records;
    }

    /** Returns when the last seal was recorded, in nanoseconds since 1970. */
    long sealedAt() {
        return chain.sealedAt();
    }

    void run() throws IOException {
        try (StrictLines segments = new StrictLines(files, BundleLayout.SEGMENTS, SegmentLine.BYTES_MAX);
                StrictLines leafLines = new StrictLines(files, BundleLayout.LEAVES, LeafLine.BYTES_MAX);
                StrictLines lines = new StrictLines(files, BundleLayout.RECORDS, LogRecord.LINE_BYTES_MAX);
                StrictLines originals = new StrictLines(files, BundleLayout.ORIGINALS, LogRecord.LINE_BYTES_MAX)) {
            LeafWalk leaves = new LeafWalk(scope, order, findings, redaction, leafLines, lines, originals);
            try {
                run(segments, leaves);
            } finally {
                shown = leaves.shown();
                records = leaves.records();
            }
        }
    }

    private void run(StrictLines segments, LeafWalk leaves) throws IOException {
        SegmentWalk walk = scope.completeness() == Completeness.RANGE
                ? new RangeOfLog(scope, order, chain, leaves, findings)
                : new WholeLog(scope, order, chain, leaves, findings);
        for (byte[] line = segments.next(); line != null; line = segments.next()) {
            try {
                segment(SegmentLine.parse(line), walk, leaves, segments.where());
            } catch (IllegalArgumentException e) {
                throw new MalformedBundleException(segments.where(), Json.firstLine(e));
            }
        }
        leaves.requireEnd();
        if (leaves.size() != head.size() || !leaves.root().equals(head.root())) {
            findings.failed(
                    Claim.SEGMENTS,
                    BundleLayout.SEGMENTS,
                    "the checkpoint is of " + head.size() + " leaves with root " + head.root() + ", these are "
                            + leaves.size() + " with root " + leaves.root());
        } else {
            requireProven(leaves);
        }
    }

    private void segment(SegmentLine line, SegmentWalk walk, LeafWalk leaves, String where) throws IOException {
        Seal seal = Seal.of(line.seal());
        walk.take(line, seal, where);
        LogRecord record = line.seal();
        if (record.recordedAt() < leaves.recordedAt()) {
            throw new IllegalArgumentException(
                    "segment " + seal.segment() + " was sealed before what it seals was recorded");
        }
        if (!leaves.root().equals(seal.tree())) {
            throw new IllegalArgumentException("the leaves before the seal are not those that it was made over");
        }
        Digest leafHash = Seal.header(scope.logId(), record.seq(), record.recordedAt(), line.salt(), record.line())
                .leafHash();
        chain.add(seal, record, leafHash);
        leaves.seal(leafHash, record);
    }

    private void requireProven(LeafWalk leaves) {
        VrfPublicKey tagKey = chain.tagKey();
        if (tagKey != null && findings.clean(Claim.SEGMENTS) && findings.clean(Claim.RECORDS)) {
            try {
                leaves.requireProven(tagKey);
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.COMPLETENESS, BundleLayout.SCOPE, e);
            }
        }
    }

    /** Says what follows from the walk, once everything else was checked. */
    void conclude() {
        findings.passedIfClean(
                Claim.SEGMENTS,
                BundleLayout.SEGMENTS,
                (scope.completeness() == Completeness.RANGE ? "" : chain.segments() + " segments and ") + shown
                        + " leaves give the root of the log's checkpoint");
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
        if (scope.destroyed() > 0) {
            findings.indeterminate(
                    Claim.COMPLETENESS,
                    BundleLayout.SCOPE,
                    "leaves 0 to " + scope.destroyed()
                            + " are of records that are said to have been destroyed when their time"
                            + " was over, and some may be what the order asks for; of all others, nothing is left out");
        }
        findings.passedIfClean(
                Claim.COMPLETENESS,
                BundleLayout.LEAVES,
                "the log has " + chain.events() + " events; all " + records
                        + " that the order asks for are here and no other" + basis());
    }

    private String basis() {
        return switch (scope.completeness()) {
            case INDEX -> ", as the sealed indexes of actors say";
            case HEADERS -> "";
            case RANGE -> ", since times of recording never go back";
        };
    }
}
