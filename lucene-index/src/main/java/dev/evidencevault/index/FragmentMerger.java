package dev.evidencevault.index;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.SealedIndex.Piece;
import dev.evidencevault.index.SealedIndex.Whole;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.MergedIndexFile;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes fragments of several segments, so that a query asks few: out of the segments' fragments, or, where one has none that
 * can be used, out of its records. What the seals name is never touched; a file is replaced by one of more segments and then
 * removed. A fragment is under the key that is as old as those of its segments, which are all under one: what destroys the
 * records destroys it. For one thread at a time; two at once, in one process or two, do the same work twice.
 */
final class FragmentMerger {
    /** That many fragments of like size become one. */
    static final int FACTOR = 16;

    /** A fragment is not made larger than about this, in bytes on disk. */
    private static final long BYTES_MAX = 32 << 20;

    private static final long SMALLEST_BYTES = 32 << 10;

    /** A block's share of a fragment that is not made yet, in bytes, at most. */
    private static final long BLOCK_BYTES = 9 << 10;

    private final SealedLog log;
    private final Consumer<String> warnings;
    private final SealedIndex index;
    private final Storage storage = new LocalStorage();
    private final SecureRandom random = new SecureRandom();
    private final BlockIndexer blockIndexer = new BlockIndexer();

    FragmentMerger(SealedLog log, Consumer<String> warnings) {
        this.log = log;
        this.warnings = warnings;
        this.index = new SealedIndex(log, new FragmentCache(1), warnings);
    }

    /**
     * Merges where {@link #FACTOR} neighbours of like size are; returns how many files were written.
     *
     * @param last the last segment that may be merged
     */
    int mergeAlike(long last) throws IOException {
        for (int written = 0; ; written++) {
            List<Piece> pieces = index.pieces().stream()
                    .filter(piece -> piece.range().last() <= last)
                    .toList();
            List<Long> sizes = sizes(pieces);
            List<Piece> alike = alike(pieces, sizes);
            if (alike.isEmpty()) {
                return written;
            }
            merge(alike);
        }
    }

    private List<Piece> alike(List<Piece> pieces, List<Long> sizes) throws IOException {
        for (long limit = SMALLEST_BYTES * FACTOR; limit <= BYTES_MAX; limit *= FACTOR / 2) {
            int from = 0;
            long bytes = 0;
            for (int i = 0; i < pieces.size(); i++) {
                bytes += sizes.get(i);
                while (from <= i && (sizes.get(i) >= limit || bytes > BYTES_MAX)) {
                    bytes -= sizes.get(from++);
                }
                if (i + 1 - from == FACTOR) {
                    if (areUnderOneKey(pieces.get(from), pieces.get(i))) {
                        return pieces.subList(from, i + 1);
                    }
                    bytes -= sizes.get(from++);
                }
            }
        }
        return List.of();
    }

    /** Merges as far as it goes; returns how many files were written. */
    int mergeAll() throws IOException {
        List<Piece> pieces = index.pieces();
        List<Long> sizes = sizes(pieces);
        int written = 0;
        for (int from = 0; from < pieces.size(); ) {
            int to = from + 1;
            long bytes = sizes.get(from);
            while (to < pieces.size()
                    && bytes + sizes.get(to) <= BYTES_MAX
                    && areUnderOneKey(pieces.get(from), pieces.get(to))) {
                bytes += sizes.get(to++);
            }
            if (to - from > 1) {
                merge(pieces.subList(from, to));
                written++;
            }
            from = to;
        }
        return written;
    }

    /** Makes all fragments anew out of the records; returns how many files were written. */
    int rebuild() throws IOException {
        for (SegmentRange range : log.directory().mergedRanges()) {
            storage.delete(log.directory().merged(range));
        }
        List<Piece> pieces = index.pieces();
        long segments = pieces.isEmpty() ? 0 : pieces.getLast().range().last();
        int written = 0;
        for (long from = log.keys().firstSegment(); from <= segments; ) {
            Made made = ofRecords(from, segments);
            write(made.range(), made.bytes());
            written++;
            from = made.range().last() + 1;
        }
        return written;
    }

    private List<Long> sizes(List<Piece> pieces) throws IOException {
        List<Long> sizes = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            long first = piece.range().from();
            Path file = piece.merged()
                    ? log.directory().merged(piece.range())
                    : log.directory().index(first);
            try {
                sizes.add(Files.size(file));
            } catch (NoSuchFileException e) {
                sizes.add(BLOCK_BYTES * index.places(first).blocks().size());
            }
        }
        return sizes;
    }

    private void merge(List<Piece> pieces) throws IOException {
        List<Whole> wholes = new ArrayList<>();
        for (int at = 0; at < pieces.size(); ) {
            int to = at;
            while (to < pieces.size() && hasNone(pieces.get(to))) {
                to++;
            }
            if (to > at) {
                wholes.addAll(ofRecords(new SegmentRange(
                        pieces.get(at).range().from(),
                        pieces.get(to - 1).range().last())));
                at = to;
            } else {
                wholes.addAll(wholes(pieces.get(at++)));
            }
        }
        SegmentRange range = new SegmentRange(
                pieces.getFirst().range().from(), pieces.getLast().range().last());
        write(range, wholes);
        for (SegmentRange other : log.directory().mergedRanges()) {
            if (!other.equals(range) && other.from() >= range.from() && other.last() <= range.last()) {
                storage.delete(log.directory().merged(other));
            }
        }
    }

    private void write(SegmentRange range, List<Whole> wholes) throws IOException {
        FragmentBytes merged = FragmentBuilder.merge(
                wholes.stream().map(Whole::fragment).toList(),
                wholes.stream().map(Whole::words).toList(),
                seal(range.last()));
        write(range, merged);
    }

    private void write(SegmentRange range, FragmentBytes bytes) throws IOException {
        int age = log.keys().count(TenantKeys.Purpose.CONTENT) == 1 ? 0 : keyAge(range.last());
        MergedIndexFile.write(log, range, age, List.of(bytes.head(), bytes.words()), storage, random);
    }

    /** Says whether two pieces, and so all between them, are under one key. */
    private boolean areUnderOneKey(Piece first, Piece last) throws IOException {
        return areUnderOneKey(first.range().from(), last.range().last());
    }

    private boolean areUnderOneKey(long first, long last) throws IOException {
        return log.keys().count(TenantKeys.Purpose.CONTENT) == 1 || keyAge(first) == keyAge(last);
    }

    /** How many keys are newer than that of a segment; those that came after the log was opened do not count. */
    private int keyAge(long segment) throws IOException {
        return index.places(segment).keyAge(log.keys()).orElse(0);
    }

    /** Writes the fragment of segments that were gathered while they were sealed, one for each key that they are under. */
    void write(GatheredSegments.Run run) throws IOException {
        long last = run.range().last();
        for (long from = run.range().from(); from <= last; ) {
            long to = from;
            while (to < last && areUnderOneKey(from, to + 1)) {
                to++;
            }
            write(run, new SegmentRange(from, to));
            from = to + 1;
        }
    }

    private void write(GatheredSegments.Run run, SegmentRange part) throws IOException {
        FragmentBuilder builder = new FragmentBuilder();
        List<Integer> blocks = new ArrayList<>();
        for (long number = part.from(); number <= part.last(); number++) {
            List<IndexedBlock> segment =
                    run.segments().get((int) (number - run.range().from()));
            for (IndexedBlock block : segment) {
                builder.add(block);
            }
            blocks.add(segment.size());
        }
        Digest lastSeal = part.last() == run.range().last() ? run.lastSeal() : seal(part.last());
        write(part, builder.finish(lastSeal, blocks));
    }

    private Digest seal(long segment) throws IOException {
        return index.places(segment).sealHeader().leafHash();
    }

    /** Says whether a piece is a segment that was given no fragment. */
    private boolean hasNone(Piece piece) throws IOException {
        return !piece.merged() && index.places(piece.range().from()).seal().searchIndex() == null;
    }

    /** The fragment of a piece; if it cannot be used, others that are made of the records. */
    private List<Whole> wholes(Piece piece) throws IOException {
        try {
            return List.of(index.whole(piece));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            warnings.accept("the index of segments " + piece.range().from() + " to "
                    + piece.range().last() + " cannot be used and is made anew: " + e.getMessage());
            return ofRecords(piece.range());
        }
    }

    /** Makes fragments of segments out of their records. */
    private List<Whole> ofRecords(SegmentRange range) throws IOException {
        List<Whole> wholes = new ArrayList<>();
        for (long from = range.from(); from <= range.last(); ) {
            Made made = ofRecords(from, range.last());
            wholes.add(made.whole());
            from = made.range().last() + 1;
        }
        return wholes;
    }

    /** Makes the fragment of a segment out of its records. */
    Whole ofRecords(long number) throws IOException {
        return ofRecords(number, number).whole();
    }

    /**
     * A fragment that was made of records.
     *
     * @param range the segments
     * @param bytes the fragment
     */
    private record Made(SegmentRange range, FragmentBytes bytes) {
        Whole whole() throws IOException {
            return new Whole(
                    Fragment.open(ByteBuffer.wrap(bytes.head())),
                    FragmentBytes.filters(ByteBuffer.wrap(bytes.words())));
        }
    }

    /** Makes a fragment of the first segments of a run, of as many as it may have. */
    private Made ofRecords(long from, long last) throws IOException {
        FragmentBuilder builder = new FragmentBuilder();
        List<Integer> blocks = new ArrayList<>();
        long number = from;
        do {
            int before = builder.blocks();
            addRecords(builder, number++);
            blocks.add(builder.blocks() - before);
        } while (number <= last && builder.wordBytes() < BYTES_MAX && areUnderOneKey(from, number));
        return new Made(new SegmentRange(from, number - 1), builder.finish(seal(number - 1), blocks));
    }

    private void addRecords(FragmentBuilder builder, long number) throws IOException {
        try (SegmentFile file = index.places(number).reopened()) {
            SegmentContent content = new SegmentContent(file, log.keys());
            for (BlockRef block : file.blocks()) {
                if (block.records()) {
                    List<LogRecord> records = content.records(block);
                    byte[] plain = content.lines(block);
                    builder.add(blockIndexer.index(plain, plain.length, BlockSummary.of(records)));
                }
            }
        }
    }
}
