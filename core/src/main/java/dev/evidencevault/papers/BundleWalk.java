package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.SegmentLine;
import dev.evidencevault.bundle.StrictLines;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments, leaves and records of a bundle side by side, once, and hands each record that is shown, and each segment,
 * to the papers. Holds one line of each file in memory. For one thread, once.
 */
final class BundleWalk {
    private final Papers.Source source;
    private final Holdings holdings;
    private final NonExposure check;
    private final List<StreamedPaper> papers;

    private @Nullable Sealed seal;
    private long line;
    private long offset;

    /** What is shown of the segment whose leaves are read. */
    private Shown shown = new Shown();

    /** What is shown of a segment whose seal the bundle does not show. */
    private Shown unnamed = new Shown();

    /** A line of a segment and what its seal says, which takes a while to parse. */
    private record Sealed(SegmentLine line, Seal seal) {
        static Sealed parse(byte[] bytes) {
            SegmentLine line = SegmentLine.parse(bytes);
            return new Sealed(line, Seal.of(line.seal()));
        }

        LogRecord record() {
            return line.seal();
        }
    }

    private static final class Shown {
        private long records;
        private long first = -1;
        private long last = -1;

        void add(long seq) {
            first = records == 0 ? seq : first;
            last = seq;
            records++;
        }
    }

    BundleWalk(Papers.Source source, Holdings holdings, NonExposure check, List<StreamedPaper> papers) {
        this.source = source;
        this.holdings = holdings;
        this.check = check;
        this.papers = List.copyOf(papers);
    }

    void run() throws IOException {
        check.files();
        try (StrictLines segments = lines(BundleLayout.SEGMENTS, SegmentLine.BYTES_MAX);
                StrictLines leaves = lines(BundleLayout.LEAVES, LeafLine.BYTES_MAX);
                StrictLines records = lines(BundleLayout.RECORDS, LogRecord.LINE_BYTES_MAX)) {
            seal = next(segments, Sealed::parse);
            for (LeafLine leaf = next(leaves, LeafLine::parse); leaf != null; leaf = next(leaves, LeafLine::parse)) {
                if (leaf.run() != null) {
                    check.run();
                    continue;
                }
                check.header(leaf.header(), leaves.where());
                leave(segments, leaf.header().seq());
                if (leaf.isShown()) {
                    show(leaf, records);
                }
            }
            leave(segments, Long.MAX_VALUE);
            if (records.next() != null) {
                throw new MalformedBundleException(records.where(), "there is no leaf for this record");
            }
        }
        if (!check.countsAll()) {
            throw new MalformedBundleException(BundleLayout.EXPORT, "expected the number of records that there are");
        }
    }

    private StrictLines lines(String name, int bytesMax) throws IOException {
        return new StrictLines(source.open(name), name, bytesMax);
    }

    private static <T> @Nullable T next(StrictLines lines, Function<byte[], T> parser) throws IOException {
        byte[] bytes = lines.next();
        if (bytes == null) {
            return null;
        }
        try {
            return parser.apply(bytes);
        } catch (IllegalArgumentException e) {
            throw new MalformedBundleException(lines.where(), Json.firstLine(e));
        }
    }

    private void show(LeafLine leaf, StrictLines records) throws IOException {
        LeafHeader header = leaf.header();
        LogRecord record = next(records, LogRecord::parse);
        if (record == null) {
            throw new MalformedBundleException(
                    BundleLayout.RECORDS, "expected the record of leaf " + header.seq() + ", found the end");
        }
        check.record(record, leaf, records.where());
        line++;
        ShownRecord found =
                new ShownRecord(record, header, header.leafHash(), Digest.sha256(record.line()), line, offset);
        offset += record.line().length + 1;
        place(header.seq()).add(header.seq());
        for (StreamedPaper paper : papers) {
            paper.record(found);
        }
    }

    /** A range of a log shows no seal of a segment that ends behind it, unless it is the log's last. */
    private Shown place(long seq) {
        return seal == null || seq < seal.seal().firstSeq() ? unnamed : shown;
    }

    /** Hands on the segments that end before a leaf. */
    private void leave(StrictLines segments, long seq) throws IOException {
        for (Sealed ended = seal; ended != null && ended.record().seq() < seq; ended = seal) {
            hand(unnamed, null);
            unnamed = new Shown();
            check.seal();
            hand(shown, ended);
            shown = new Shown();
            seal = next(segments, Sealed::parse);
        }
        if (seal == null && seq == Long.MAX_VALUE) {
            hand(unnamed, null);
        }
    }

    private void hand(Shown part, @Nullable Sealed ended) throws IOException {
        if (ended == null && part.records == 0) {
            return;
        }
        Location location = new Location(ended == null ? null : end(ended), part.records, part.first, part.last);
        for (StreamedPaper paper : papers) {
            paper.location(location);
        }
    }

    private Location.End end(Sealed ended) {
        LogRecord record = ended.record();
        LeafHeader header = Seal.header(
                holdings.scope().logId(),
                record.seq(),
                record.recordedAt(),
                ended.line().salt(),
                record.line());
        return new Location.End(record, ended.seal(), header.leafHash());
    }
}
