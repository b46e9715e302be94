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
import dev.evidencevault.format.LineFields;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.ShownFields;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.redaction.RedactionCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of a log as a bundle shows them: checks each header by itself and against the one before it, compares each
 * record that is shown with its leaf, and builds the tree. Holds no more than a line of each file. For one thread, once.
 */
final class LeafWalk {
    private static final List<String> ORIGINAL = List.of("original");

    private final Scope scope;
    private final Order order;
    private final Findings findings;
    private final @Nullable RedactionCheck redaction;
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

    /**
     * Begins with the first leaf.
     *
     * @param redaction checks what is withheld; null if nothing may be
     * @param leaves the lines of {@code leaves.jsonl}; then those of the records and of the originals
     */
    LeafWalk(
            Scope scope,
            Order order,
            Findings findings,
            @Nullable RedactionCheck redaction,
            StrictLines leaves,
            StrictLines lines,
            StrictLines originals) {
        this.redaction = redaction;
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
        if (leaf.isShown()) {
            record(leaf);
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
        if (asked && !leaf.isShown()) {
            findings.failed(
                    Claim.COMPLETENESS,
                    where,
                    "record " + header.seq() + " of " + Timestamps.format(header.occurredAt())
                            + " is what the order asks for and was left out");
        } else if (!asked && leaf.isShown()) {
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

    private void record(LeafLine leaf) throws IOException {
        LeafHeader header = leaf.header();
        byte[] line = lines.next();
        if (line == null) {
            throw new MalformedBundleException(lines.where(), "record " + header.seq() + " is missing");
        }
        records++;
        if (!leaf.opens(line)) {
            findings.failed(
                    Claim.RECORDS,
                    lines.where(),
                    "the line is not the record " + header.seq() + " that the log committed to");
        }
        checkRedaction(leaf, line);
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
            Set<List<String>> withheld = withheld(leaf.fields(), line);
            pseudonyms.compare(record, header, withheld);
            String original = record.original();
            if (original != null
                    && !withheld.contains(ORIGINAL)
                    && !originals.matches(original.getBytes(StandardCharsets.UTF_8))) {
                throw new MalformedBundleException(
                        originals.where(), "this is not the original of record " + header.seq());
            }
        } catch (IllegalArgumentException e) {
            findings.failed(Claim.RECORDS, lines.where(), e);
        }
    }

    /** Returns the paths of what is withheld. */
    private static Set<List<String>> withheld(@Nullable ShownFields fields, byte[] line) {
        if (fields == null) {
            return Set.of();
        }
        LineFields shown = LineFields.of(line);
        return IntStream.range(1, Math.min(shown.count(), fields.count()))
                .filter(fields::isWithheld)
                .mapToObj(shown::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void checkRedaction(LeafLine leaf, byte[] line) {
        LeafHeader header = leaf.header();
        if (redaction == null) {
            if (leaf.fields() != null) {
                findings.failed(
                        Claim.REDACTION,
                        leaves.where(),
                        "something of record " + header.seq() + " is withheld, and no rule says so");
            }
        } else if (header.kind() == RecordKind.EVENT) {
            try {
                redaction.event(header, line, leaf.fields());
            } catch (IllegalArgumentException e) {
                findings.failed(Claim.REDACTION, lines.where(), e);
            }
        }
    }
}
