package dev.evidencevault.evidence;

import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.redaction.RedactedRecord;
import dev.evidencevault.redaction.Redaction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files of a bundle that hold its part of the log, while they are written, and the tree that they give. Not safe for
 * use by several threads at once.
 */
final class BundledLog {
    private final Order order;
    private final Optional<Redaction> redaction;
    private final OutputStream segments;
    private final OutputStream leaves;
    private final OutputStream lines;
    private final OutputStream originals;
    private final CompactRange tree;

    /** The leaves since the last line that are not shown. */
    private CompactRange hidden;

    private long records;

    /** @param segments where the lines of segments go; then the leaves, the records and the originals */
    BundledLog(Order order, OutputStream segments, OutputStream leaves, OutputStream lines, OutputStream originals) {
        this(order, Optional.empty(), segments, leaves, lines, originals, new CompactRange(), 0);
    }

    /**
     * Goes on where another ended with a segment.
     *
     * @param redaction what is withheld from the records
     * @param tree the leaves so far
     * @param records how many records were written
     */
    BundledLog(
            Order order,
            Optional<Redaction> redaction,
            OutputStream segments,
            OutputStream leaves,
            OutputStream lines,
            OutputStream originals,
            CompactRange tree,
            long records) {
        this.tree = tree;
        this.hidden = new CompactRange(tree.to());
        this.records = records;
        this.order = order;
        this.redaction = redaction;
        this.segments = segments;
        this.leaves = leaves;
        this.lines = lines;
        this.originals = originals;
    }

    /** Returns how many leaves the tree has, up to the last line. */
    long size() {
        return tree.to();
    }

    /** Returns the root of the tree so far. */
    Digest root() {
        return tree.root();
    }

    /** Returns the leaves so far, up to the last line. */
    CompactRange tree() {
        return tree;
    }

    /** Returns how many records were written. */
    long records() {
        return records;
    }

    /** Writes the line of a segment whose leaves before the seal were added. */
    void segment(SegmentLine line, Digest sealHash) throws IOException {
        endRun();
        write(segments, line.format());
        append(sealHash);
    }

    private void append(Digest leafHash) {
        tree.append(leafHash);
        hidden = new CompactRange(tree.to());
    }

    /** Adds leaves that a line of a segment covers. */
    void cover(CompactRange run) {
        tree.append(run);
    }

    /** Adds a leaf, of an event or a seal, that is not shown. It stands in one run with those beside it. */
    void hide(Digest leafHash) {
        hidden.append(leafHash);
    }

    private void endRun() throws IOException {
        if (hidden.to() > hidden.from()) {
            write(leaves, LeafLine.hidden(HiddenRun.of(hidden)).format());
            tree.append(hidden);
        }
    }

    /** Shows the header of a leaf and, if the order asks for it, the record. */
    void show(ReadLeaf leaf) throws IOException {
        endRun();
        append(leaf.hash());
        LogRecord record = leaf.record();
        if (!order.asksFor(record)) {
            write(leaves, LeafLine.withheld(leaf.header()).format());
            return;
        }
        records++;
        Optional<RedactedRecord> redacted =
                redaction.flatMap(rules -> RedactedRecord.of(rules, record, leaf.header(), leaf.salt()));
        if (redacted.isPresent()) {
            write(
                    leaves,
                    LeafLine.redacted(leaf.header(), redacted.get().fields()).format());
            write(lines, redacted.get().record().line());
            return;
        }
        write(leaves, LeafLine.shown(leaf.header(), leaf.salt()).format());
        write(lines, record.line());
        String original = record.original();
        if (original != null) {
            write(originals, original.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void write(OutputStream out, byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
    }
}
