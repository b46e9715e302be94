package dev.evidencevault.segment;

import java.io.IOException;
import java.util.List;

/**
 * Builds the search index of a segment while it is sealed. The index is a hint: nothing that is proven rests on it.
 * Implementations are safe for use by several threads; a builder is used by one at a time.
 */
public interface SegmentIndexer {
    /** The index of one segment, in the making. */
    interface Builder {
        /**
         * Adds a block's records. Blocks come in their order, with ordinals from 0 up.
         *
         * @param lines the records' lines, as {@link dev.evidencevault.format.LogRecord#parse} reads them; not to be changed
         */
        void addBlock(int ordinal, List<byte[]> lines) throws IOException;

        /** Returns the whole index; it is encrypted before it reaches a disk. */
        byte[] finish() throws IOException;
    }

    /** Begins the index of a segment. */
    Builder begin() throws IOException;
}
