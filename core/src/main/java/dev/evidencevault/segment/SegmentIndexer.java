package dev.evidencevault.segment;

import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.util.List;

/**
 * Builds the search index of a segment while it is sealed. The index is a hint: nothing that is proven rests on it.
 * Implementations are used by one thread at a time.
 */
public interface SegmentIndexer {
    /** The index of one segment, in the making. */
    interface Builder {
        /** Adds a block's records. Blocks come in their order, with ordinals from 0 up. */
        void addBlock(int ordinal, List<LogRecord> records) throws IOException;

        /** Returns the whole index; it is encrypted before it reaches a disk. */
        byte[] finish() throws IOException;
    }

    /** Begins the index of a segment. */
    Builder begin() throws IOException;
}
