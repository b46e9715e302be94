package dev.evidencevault.segment;

import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Where a log stands after a segment.
 *
 * @param segments how many segments there are
 * @param tree the log's tree, the seal included
 * @param sealLeaf the leaf hash of the last seal; absent before the first
 * @param events how many events there are
 * @param recordedAt the time of the last record
 * @param keys SHA-256 of the log's key file at the last seal; absent before the first
 */
public record SegmentEnd(
        long segments,
        CompactRange tree,
        @Nullable Digest sealLeaf,
        long events,
        long recordedAt,
        @Nullable Digest keys) {

    /** Returns where a log without segments stands. */
    public static SegmentEnd none() {
        return new SegmentEnd(0, new CompactRange(), null, 0, Long.MIN_VALUE, null);
    }
}
