package dev.evidencevault.verify;

import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
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

/**
 * The leaves of a log as a bundle shows them: checks each header by itself and against the one before it, compares each
 * record that is shown with its leaf, and builds the tree. Holds no more than a line of each file. For one thread, once.
 */
final class LeafWalk {
    private final Scope scope;
    private final Order order;
    private final Findings findings;
    private final StrictLines leaves;
    private final StrictLines lines;
    private final StrictLines originals;
    private final CompactRange tree = new CompactRange();
    private final PseudonymCheck pseudonyms;
    private final Set<Tag> actorsAsked;
    private final Set<Tag> servicesAsked;
    private long recordedAt = Long.MIN_VALUE;
    private long shown;
    private long records;

    /** @param leaves the lines of {@code leaves.jsonl}; then those of the records and of the originals */
    LeafWalk(
            Scope scope, Order order, Findings findings, StrictLines leaves, StrictLines lines, StrictLines originals) {
        this.scope = scope;
        this.order = order;
        this.findings = findings;
        this.leaves = leaves;
        this.lines = lines;
        this.originals = originals;
        this.pseudonyms = new PseudonymCheck(scope);
        this.actorsAsked = scope.actorTags();
        this.servicesAsked = scope.serviceTags();
    }

    /** Returns how many leaves the tree has. */
    long size() {
        return tree.to();
    }

    /** Returns the root of the tree so far. */
    Digest root() {
        return tree.root();
    }

    /** Returns when the last record that was shown was recorded. */
    long recordedAt() {
        return recordedAt;
    }

    /** Returns how many headers were shown. */
    long shown() {
        return shown;
    }

    /** Returns how many records were shown. */
    long records() {
        return records;
    }

    /** Returns where the leaves stand. */
    String where() {
        return leaves.where();
    }

    /**
     * Returns the next line.
     *
     * @throws MalformedBundleException if there is none, or it is none
     */
    LeafLine next(Seal seal) throws IOException {
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

    /**
     * Takes a run of leaves that are not shown.
     *
     * @param end the seq beyond which it must not go
     * @param allowed whether there may be one here
     */
    void hide(HiddenRun run, long end, boolean allowed) throws MalformedBundleException {
        if (!allowed || run.to() <= tree.to() || run.to() > end) {
            throw new MalformedBundleException(leaves.where(), "a run of leaves is hidden where that is not allowed");
        }
        try {
            run.appendTo(tree);
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
        }
    }

    /**
     * Takes all leaves of a segment outside the order's time.
     *
     * @throws IllegalArgumentException if these subtrees cannot cover them
     */
    void skip(long end, List<Digest> subtrees) {
        tree.append(CompactRange.of(tree.to(), end, subtrees));
        pseudonyms.skip();
    }

    /** Notes that counts may be further on from here. */
    void skipped() {
        pseudonyms.skip();
    }

    /** Takes a line that shows a header; returns the hash of its leaf. */
    Digest take(LeafLine leaf) throws IOException {
        LeafHeader header = leaf.header();
        Digest leafHash = header.leafHash();
        try {
            requireNext(header);
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
        }
        try {
            pseudonyms.count(header);
        } catch (IllegalArgumentException e) {
            if (scope.completeness() != Completeness.INDEX) {
                throw new MalformedBundleException(leaves.where(), Json.firstLine(e));
            }
            findings.failed(Claim.COMPLETENESS, leaves.where(), e);
        }
        checkDisclosure(leaf);
        byte[] salt = leaf.salt();
        if (salt != null) {
            record(header, salt);
        }
        if (pseudonyms.isFull()) {
            throw new TooManyNamesException(leaves.where());
        }
        recordedAt = header.recordedAt();
        tree.append(leafHash);
        shown++;
        return leafHash;
    }

    /** Takes the leaf of a seal. */
    void seal(Digest leafHash, LogRecord seal) {
        tree.append(leafHash);
        recordedAt = seal.recordedAt();
    }

    /** @throws MalformedBundleException if lines are left */
    void requireEnd() throws IOException {
        for (StrictLines rest : List.of(leaves, lines, originals)) {
            if (!rest.atEnd()) {
                throw new MalformedBundleException(
                        rest.where(), "lines follow that belong to no segment or record of the bundle");
            }
        }
    }

    /** @throws IllegalArgumentException if the order's names are not proven to have the pseudonyms in the scope */
    void requireProven(VrfPublicKey tagKey) {
        pseudonyms.requireProven(tagKey);
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

    private void checkDisclosure(LeafLine leaf) {
        LeafHeader header = leaf.header();
        String where = leaves.where();
        // What tells of the log may concern anybody: it belongs to every order that covers its time.
        boolean asked = order.covers(header.occurredAt(), header.recordedAt())
                && (header.kind().isNotice() || asksForEvent(header));
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

    private void record(LeafHeader header, byte[] salt) throws IOException {
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
}
