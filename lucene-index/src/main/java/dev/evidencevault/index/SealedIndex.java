package dev.evidencevault.index;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.index.FragmentCache.EntryKey;
import dev.evidencevault.index.FragmentCache.Part;
import dev.evidencevault.segment.IndexFile;
import dev.evidencevault.segment.MergedIndexFile;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.SegmentRange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a log's segments can hold a match. Fragments of several segments are taken before those of one; where a
 * fragment is missing, damaged or of other segments, the next best is taken, in the end all blocks. Safe for use by several
 * threads.
 */
final class SealedIndex {
    /** What a reader of a fragment needs beside its bytes, roughly. */
    private static final long READER_BYTES = 32 << 10;

    private static final long PLACES_BYTES = 4 << 10;

    /** A block of some 20 KiB on disk needs some 250 bytes for its place. */
    private static final long DISK_TO_PLACES = 80;

    private final SealedLog log;
    private final FragmentCache cache;
    private final Consumer<String> warnings;

    SealedIndex(SealedLog log, FragmentCache cache, Consumer<String> warnings) {
        this.log = log;
        this.cache = cache;
        this.warnings = warnings;
    }

    /**
     * Segments that are asked together.
     *
     * @param range which
     * @param merged whether a fragment of them all is there
     */
    record Piece(SegmentRange range, boolean merged) {}

    /**
     * Blocks of one segment that can hold a match.
     *
     * @param segment its number
     * @param ordinals which blocks; null for all
     */
    record Blocks(long segment, @Nullable BitSet ordinals) {}

    /** Counts what a fragment knows, and says which blocks need not be read for it. */
    interface Counter {
        /** Counts blocks of a fragment, out of those that can hold a match; returns which of them it has counted. */
        BitSet count(Fragment fragment, BitSet blocks) throws IOException;
    }

    /**
     * Divides the log's segments, all whose records were not destroyed and in order.
     *
     * @throws CorruptFileException if a segment is missing
     */
    List<Piece> pieces() throws IOException {
        List<SegmentRange> merged = log.directory().mergedRanges();
        List<Long> numbers = Layout.numbers(log.directory().segments(), Layout.SEGMENT_SUFFIX);
        long segments = numbers.isEmpty() ? 0 : numbers.getLast();
        if (numbers.size() < segments) {
            requireAll(segments);
        }
        List<Piece> pieces = new ArrayList<>();
        int next = 0;
        for (long from = log.keys().firstSegment(); from <= segments; ) {
            while (next < merged.size()
                    && (merged.get(next).from() < from
                            || merged.get(next).from() == from
                                    && merged.get(next).last() > segments)) {
                next++;
            }
            boolean found = next < merged.size() && merged.get(next).from() == from;
            SegmentRange range = found ? merged.get(next) : new SegmentRange(from, from);
            pieces.add(new Piece(range, found));
            from = range.last() + 1;
        }
        return pieces;
    }

    /** Fails if a segment is missing. Beside a writer, one that gets its name while a directory is listed may not be in the list. */
    private void requireAll(long segments) throws CorruptFileException {
        for (long number = 1; number <= segments; number++) {
            Path file = log.directory().segment(number);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new CorruptFileException(file, 0, "the segment is missing, and a later one is there");
            }
        }
    }

    /** Returns the segment as it was read, closed; {@link SegmentFile#reopened} reads its blocks. */
    SegmentFile places(long number) throws IOException {
        Path path = log.directory().segment(number);
        Stamped stamped = Stamped.of(path);
        return cache.get(
                new EntryKey(log.logId(), path, stamped.stamp(), Part.PLACES),
                SegmentFile.class,
                PLACES_BYTES + stamped.bytes() / DISK_TO_PLACES,
                () -> {
                    try (SegmentFile file = new SegmentFile(path)) {
                        if (file.number() != number || !file.logId().equals(log.logId())) {
                            throw new CorruptFileException(
                                    path, 0, "expected segment " + number + " of log " + log.logId());
                        }
                        return file;
                    }
                });
    }

    /** Returns the blocks of these segments that can hold a match whose seq is not below another. */
    List<Blocks> candidates(Piece piece, QueryPlan plan, long fromSeq, @Nullable Counter counter) throws IOException {
        if (!piece.merged()) {
            return ofSegment(piece.range().from(), plan, fromSeq, counter);
        }
        try {
            return ofFragment(piece, null, plan, fromSeq, counter);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (NoSuchFileException e) {
            // It was replaced by one of more segments.
            return ofSegments(piece.range(), plan, fromSeq, counter);
        } catch (IOException | RuntimeException e) {
            warnings.accept("the index of segments " + piece.range().from() + " to "
                    + piece.range().last() + " cannot be used, those of the segments are: " + e.getMessage());
            return ofSegments(piece.range(), plan, fromSeq, counter);
        }
    }

    private List<Blocks> ofSegments(SegmentRange range, QueryPlan plan, long fromSeq, @Nullable Counter counter)
            throws IOException {
        List<Blocks> blocks = new ArrayList<>();
        for (long number = range.from(); number <= range.last(); number++) {
            blocks.addAll(ofSegment(number, plan, fromSeq, counter));
        }
        return blocks;
    }

    private List<Blocks> ofSegment(long number, QueryPlan plan, long fromSeq, @Nullable Counter counter)
            throws IOException {
        SegmentFile segment = places(number);
        if (segment.sealRecord().seq() < fromSeq
                || !plan.coversAnyOf(
                        segment.seal().occurredFrom(), segment.seal().occurredTo())) {
            return List.of();
        }
        Digest index = segment.seal().searchIndex();
        if (index != null) {
            try {
                Piece piece = new Piece(new SegmentRange(number, number), false);
                return ofFragment(piece, segment, plan, fromSeq, counter);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                warnings.accept(
                        "the index of segment " + number + " cannot be used, all of it is read: " + e.getMessage());
            }
        }
        return List.of(new Blocks(number, null));
    }

    private List<Blocks> ofFragment(
            Piece piece, @Nullable SegmentFile segment, QueryPlan plan, long fromSeq, @Nullable Counter counter)
            throws IOException {
        Path file = segment == null
                ? log.directory().merged(piece.range())
                : log.directory().index(segment.number());
        Stamped stamped = Stamped.of(file);
        long size = stamped.bytes() + READER_BYTES;
        Found found = cache.use(
                new EntryKey(log.logId(), file, stamped.stamp(), Part.TERMS),
                Fragment.class,
                size,
                () -> load(piece, segment),
                fragment -> found(fragment, plan, fromSeq, counter));
        if (found.asksFilters() && !found.hits().isEmpty()) {
            List<ByteBuffer> filters = cache.use(
                    new EntryKey(log.logId(), file, stamped.stamp(), Part.WORDS),
                    Filters.class,
                    stamped.bytes(),
                    () -> new Filters(FragmentBytes.filters(words(piece, segment))),
                    Filters::filters);
            BitSet narrowed = cache.use(
                    new EntryKey(log.logId(), file, stamped.stamp(), Part.TERMS),
                    Fragment.class,
                    size,
                    () -> load(piece, segment),
                    fragment -> plan.candidates(new FragmentBlocks(fragment, filters), found.hits()));
            return divided(piece.range().from(), new Found(narrowed, found.table(), false));
        }
        return divided(piece.range().from(), found);
    }

    /** Blocks that were found in a fragment, with what says of which segments they are. */
    private record Found(BitSet hits, BlockTable table, boolean asksFilters) {}

    private static Found found(Fragment fragment, QueryPlan plan, long fromSeq, @Nullable Counter counter)
            throws IOException {
        BlockTable table = fragment.blocks();
        FragmentBlocks blocks = new FragmentBlocks(fragment, null);
        BitSet hits = new BitSet();
        hits.or(plan.candidates(blocks, blocks.all()));
        for (int block = hits.nextSetBit(0); block >= 0; block = hits.nextSetBit(block + 1)) {
            if (table.row(block).summary().nextSeq() <= fromSeq) {
                hits.clear(block);
            }
        }
        if (counter != null) {
            hits.andNot(counter.count(fragment, hits));
        }
        return new Found(hits, table, blocks.asksFilters());
    }

    private static List<Blocks> divided(long firstSegment, Found found) {
        List<Blocks> blocks = new ArrayList<>();
        BlockTable table = found.table();
        for (int i = 0; i < table.segments(); i++) {
            BitSet ordinals = found.hits().get(table.firstBlock(i), table.firstBlock(i + 1));
            if (!ordinals.isEmpty()) {
                blocks.add(new Blocks(firstSegment + i, ordinals));
            }
        }
        return blocks;
    }

    private Fragment load(Piece piece, @Nullable SegmentFile segment) throws IOException {
        if (segment != null) {
            return requireOf(Fragment.open(FragmentBytes.divided(plain(segment)).get(0)), segment);
        }
        SegmentRange range = piece.range();
        Fragment fragment = Fragment.open(ByteBuffer.wrap(MergedIndexFile.open(log, range, 0)));
        Path last = log.directory().segment(range.last());
        try (SegmentFile file = new SegmentFile(last)) {
            if (!fragment.blocks().lastSeal().equals(file.sealHeader().leafHash())
                    || fragment.blocks().segments() != range.last() - range.from() + 1) {
                throw new CorruptFileException(
                        log.directory().merged(range), 0, "the index was made of other segments");
            }
        }
        return fragment;
    }

    private static Fragment requireOf(Fragment fragment, SegmentFile segment) throws IOException {
        long blocks = segment.blocks().stream().filter(BlockRef::records).count();
        if (fragment.blocks().segments() != 1 || fragment.blocks().blocks() != blocks) {
            throw new IOException(
                    "the index is of " + fragment.blocks().blocks() + " blocks, the segment has " + blocks);
        }
        return fragment;
    }

    private ByteBuffer words(Piece piece, @Nullable SegmentFile segment) throws IOException {
        return segment == null
                ? ByteBuffer.wrap(MergedIndexFile.open(log, piece.range(), 1))
                : FragmentBytes.divided(plain(segment)).get(1);
    }

    private byte[] plain(SegmentFile segment) throws IOException {
        Digest index = segment.seal().searchIndex();
        if (index == null) {
            throw new IllegalArgumentException("segment " + segment.number() + " has no index");
        }
        return IndexFile.open(
                log.directory().index(segment.number()), log.logId(), segment.number(), log.keys(), index);
    }

    /** Returns a fragment as a whole, read anew and not kept. */
    Whole whole(Piece piece) throws IOException {
        SegmentFile segment = piece.merged() ? null : places(piece.range().from());
        return new Whole(load(piece, segment), FragmentBytes.filters(words(piece, segment)));
    }

    /**
     * A fragment with the words of its blocks.
     *
     * @param fragment the fragment
     * @param words a filter for each block
     */
    record Whole(Fragment fragment, List<ByteBuffer> words) {}

    /** The filters of a fragment's blocks. */
    private record Filters(List<ByteBuffer> filters) {}

    /**
     * A file as it is now.
     *
     * @param bytes its length
     * @param stamp what tells it from another of the same name
     */
    private record Stamped(long bytes, long stamp) {
        static Stamped of(Path file) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Stamped(
                    attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) * 31 + attributes.size());
        }
    }
}
