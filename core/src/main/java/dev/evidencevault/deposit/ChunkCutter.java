package dev.evidencevault.deposit;

import java.nio.ByteBuffer;

/**
 * Says where chunks end: FastCDC with normalized chunking of level 2 (W. Xia and others, "The Design of Fast Content-Defined
 * Chunking for Data Deduplication Based Storage Systems", 2020), with a gear table of the tenant's own. The same bytes are
 * cut at other places for another tenant. Immutable.
 */
final class ChunkCutter {
    /** No chunk is shorter, in bytes, but the last. */
    static final int CHUNK_BYTES_MIN = 256 << 10;

    /** About how long chunks are, in bytes. */
    static final int CHUNK_BYTES_AVERAGE = 1 << 20;

    /** No chunk is longer, in bytes. */
    static final int CHUNK_BYTES_MAX = 4 << 20;

    private static final int VALUES = 256;

    /** Up to the average length an end has to have 22 zero bits, after it 18. */
    private static final long MASK_BEFORE = -1L << (Long.SIZE - 22);

    private static final long MASK_AFTER = -1L << (Long.SIZE - 18);

    private final long[] gear = new long[VALUES];

    /** Creates the cutter from the 2,048 bytes of a tenant's gear table. */
    ChunkCutter(byte[] table) {
        if (table.length != VALUES * Long.BYTES) {
            throw new IllegalArgumentException("expected 2,048 bytes, found " + table.length);
        }
        ByteBuffer.wrap(table).asLongBuffer().get(gear);
    }

    /**
     * Returns the length of the first chunk of a part of an array. The part holds {@link #CHUNK_BYTES_MAX} bytes or more, or
     * all that is left.
     */
    int cut(byte[] bytes, int from, int to) {
        int most = Math.min(to - from, CHUNK_BYTES_MAX);
        int end = from + most;
        int normal = from + Math.min(most, CHUNK_BYTES_AVERAGE);
        long hash = 0;
        int at = from + Math.min(most, CHUNK_BYTES_MIN);
        for (; at < normal; at++) {
            hash = (hash << 1) + gear[bytes[at] & 0xFF];
            if ((hash & MASK_BEFORE) == 0) {
                return at + 1 - from;
            }
        }
        for (; at < end; at++) {
            hash = (hash << 1) + gear[bytes[at] & 0xFF];
            if ((hash & MASK_AFTER) == 0) {
                return at + 1 - from;
            }
        }
        return most;
    }
}
