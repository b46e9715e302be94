package dev.evidencevault.index;

import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;

/**
 * Builds the index fragment of a segment, in memory, and merges fragments in a thread of its own. Safe for use by several
 * threads; what it begins is not.
 */
public final class LuceneIndexer implements SegmentIndexer {
    private final BackgroundMerging merging = new BackgroundMerging();

    /** Creates an indexer. */
    public LuceneIndexer() {}

    @Override
    public Builder begin() throws IOException {
        return new FragmentBuilder();
    }

    @Override
    public void sealed(SealedLog log, long lastSegment) {
        if (lastSegment % FragmentMerger.FACTOR == 0) {
            merging.submit(log);
        }
    }

    /** Waits until all that was begun is merged. */
    void awaitMerged() {
        merging.awaitAll();
    }

    @Override
    public void settle() {
        merging.settle();
    }
}
