package dev.evidencevault.segment;

import dev.evidencevault.format.LogId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
         * @param plain for each record the length of its line as 4 bytes, big-endian, and the line, as
         *     {@link dev.evidencevault.format.LogRecord#parse} reads it; not to be changed
         * @param plainBytes how many bytes of the array that is
         * @param facts what is known of the block
         */
        void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) throws IOException;

        /**
         * Returns the whole index, which is encrypted before it reaches a disk; null if the segment gets none of its own, as one that
         * is so small that reading it costs no more, or that is to be in an index of several.
         */
        byte @Nullable [] finish() throws IOException;
    }

    /**
     * Begins the index of a segment. Segments of one log come one after the other; one that was begun need not ever be sealed.
     *
     * @param log whose segment
     * @param segment its number
     * @param blocks how many blocks of records it has, 1 or more
     */
    Builder begin(LogId log, long segment, int blocks) throws IOException;

    /**
     * Is told that segments of a log got their names, and where the log stands after the last. Returns soon: what is to be done
     * is done by another thread. Does nothing by default.
     */
    default void sealed(SealedLog log, SegmentEnd end) {}

    /**
     * Waits until nothing is being done that {@link #sealed} has begun; what has not begun may be left. A vault that is closed
     * has waited. Does nothing by default.
     */
    default void settle() {}
}
