package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.HiddenRun;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The files of a bundle that hold its part of the log, while they are written, and the tree that they give. Not safe for
 * use by several threads at once.
 */
final class BundledLog implements Closeable {
    private final Order order;
    private final OutputStream segments;
    private final OutputStream leaves;
    private final OutputStream lines;
    private final OutputStream originals;
    private final CompactRange tree = new CompactRange();
    private long records;

    BundledLog(Order order, WorkDirectory work) throws IOException {
        this.order = order;
        this.segments = work.create(BundleLayout.SEGMENTS);
        this.leaves = work.create(BundleLayout.LEAVES);
        this.lines = work.create(BundleLayout.RECORDS);
        this.originals = work.create(BundleLayout.ORIGINALS);
    }

    /** Returns how many leaves the tree has. */
    long size() {
        return tree.to();
    }

    /** Returns the root of the tree so far. */
    Digest root() {
        return tree.root();
    }

    /** Returns how many records were written. */
    long records() {
        return records;
    }

    /** Writes the line of a segment whose leaves before the seal were added. */
    void segment(SegmentLine line, Digest sealHash) throws IOException {
        write(segments, line.format());
        tree.append(sealHash);
    }

    /** Adds leaves that a line of a segment covers. */
    void cover(CompactRange run) {
        tree.append(run);
    }

    /** Writes a run of leaves that are not shown, if it has any. */
    void hide(CompactRange run) throws IOException {
        if (run.to() > run.from()) {
            write(leaves, LeafLine.hidden(HiddenRun.of(run)).format());
            tree.append(run);
        }
    }

    /** Shows the header of a leaf and, if the order asks for it, the record. */
    void show(ReadLeaf leaf) throws IOException {
        tree.append(leaf.hash());
        LogRecord record = leaf.record();
        if (!order.asksFor(record)) {
            write(leaves, LeafLine.withheld(leaf.header()).format());
            return;
        }
        records++;
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

    @Override
    public void close() throws IOException {
        try (segments;
                leaves;
                lines;
                originals) {
            // Each is closed, whatever the others do.
        }
    }
}
