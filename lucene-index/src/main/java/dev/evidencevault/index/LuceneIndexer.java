package dev.evidencevault.index;

import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Indexes segments while they are sealed: a large one gets a fragment of its own, small ones of a log one together when they
 * are enough, which a thread of lowest priority writes; it also merges fragments. Until then searches read the small ones. Up
 * to 64 MiB wait in memory for that. Safe for use by several threads; what it begins is not.
 */
public final class LuceneIndexer implements SegmentIndexer {
    /** From so many blocks on, some ten megabytes of lines, what is done once a fragment does not matter. */
    private static final int OWN_FRAGMENT_BLOCKS = GatheredSegments.BLOCKS_ENOUGH;

    private static final long GATHERED_BYTES_MAX = 64 << 20;

    /** Reading the index of fewer blocks takes as long as reading them. */
    private static final int INDEXED_BLOCKS_MIN = 2;

    private final int ownFragmentBlocks;
    private final GatheredSegments gathered;
    private final BackgroundMerging merging;
    private final Queue<BlockIndexer> spare = new ConcurrentLinkedQueue<>();

    /** Creates an indexer. */
    public LuceneIndexer() {
        this(OWN_FRAGMENT_BLOCKS, GATHERED_BYTES_MAX);
    }

    /**
     * Creates an indexer.
     *
     * @param ownFragmentBlocks from how many blocks on a segment gets a fragment of its own
     * @param gatheredBytesMax how much memory those of others may take until they are enough
     */
    LuceneIndexer(int ownFragmentBlocks, long gatheredBytesMax) {
        this.ownFragmentBlocks = Math.max(INDEXED_BLOCKS_MIN, ownFragmentBlocks);
        this.gathered = new GatheredSegments(gatheredBytesMax);
        this.merging = new BackgroundMerging(gathered::release);
    }

    @Override
    public Builder begin(LogId log, long segment, int blocks) throws IOException {
        if (blocks >= ownFragmentBlocks) {
            return new OwnFragment();
        }
        if (!gathered.isFull()) {
            return new Part(log, segment);
        }
        gathered.takeEldest().ifPresent(merging::write);
        return blocks < INDEXED_BLOCKS_MIN ? new NoIndex() : new OwnFragment();
    }

    @Override
    public void sealed(SealedLog log, SegmentEnd end) {
        gathered.sealed(log, end).ifPresent(merging::write);
        if (end.segments() % FragmentMerger.FACTOR == 0 && !gathered.holds(log.logId())) {
            merging.merge(log, end.segments());
        }
    }

    /** Waits until all that was begun is merged. */
    void awaitMerged() {
        merging.awaitAll();
    }

    @Override
    public void settle() {
        merging.settle(gathered.takeAll());
    }

    /** The fragment of one segment. */
    private final class OwnFragment implements Builder {
        private final FragmentBuilder fragment = new FragmentBuilder();

        OwnFragment() throws IOException {}

        @Override
        public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) throws IOException {
            fragment.add(index(plain, plainBytes, facts));
        }

        @Override
        public byte[] finish() throws IOException {
            return fragment.finish(BlockTable.NOT_SEALED_YET, List.of(fragment.blocks()))
                    .format();
        }
    }

    /** A segment that becomes a part of a fragment. */
    private final class Part implements Builder {
        private final LogId log;
        private final long segment;
        private final List<IndexedBlock> blocks = new ArrayList<>();

        Part(LogId log, long segment) {
            this.log = log;
            this.segment = segment;
        }

        @Override
        public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) throws IOException {
            blocks.add(index(plain, plainBytes, facts));
        }

        @Override
        public byte @Nullable [] finish() {
            gathered.add(log, segment, blocks);
            return null;
        }
    }

    /** Of a segment that searches read. */
    private static final class NoIndex implements Builder {
        @Override
        public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) {}

        @Override
        public byte @Nullable [] finish() {
            return null;
        }
    }

    private IndexedBlock index(byte[] plain, int plainBytes, BlockSummary summary) throws IOException {
        BlockIndexer free = spare.poll();
        BlockIndexer indexer = free == null ? new BlockIndexer() : free;
        IndexedBlock block = indexer.index(plain, plainBytes, summary);
        spare.add(indexer);
        return block;
    }
}
