package dev.evidencevault;

import dev.evidencevault.segment.RecordBlock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Full-grown blocks that were sealed, to be filled again: under load the collector has none of them to move. Bounded, and
 * emptied when nobody writes. Safe for use by several threads.
 */
final class BlockPool {
    /** Smaller blocks are not worth keeping. */
    private static final int KEPT_BYTES_MIN = 128 << 10;

    private static final int KEPT_BYTES_MAX = 256 << 10;

    private final long bytesMax;
    private final Queue<RecordBlock> blocks = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    BlockPool(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Returns an empty block whose first record has this seq; null if there is none. */
    @Nullable
    RecordBlock take(long firstSeq) {
        RecordBlock block = blocks.poll();
        if (block == null) {
            return null;
        }
        bytes.addAndGet(-block.capacity());
        return block.clear(firstSeq);
    }

    /** Takes a block back that nobody reads any more. */
    void give(RecordBlock block) {
        int capacity = block.capacity();
        if (capacity >= KEPT_BYTES_MIN && capacity <= KEPT_BYTES_MAX && bytes.get() + capacity <= bytesMax) {
            bytes.addAndGet(capacity);
            blocks.add(block);
        }
    }

    /** Lets all blocks go. */
    void clear() {
        for (RecordBlock block = blocks.poll(); block != null; block = blocks.poll()) {
            bytes.addAndGet(-block.capacity());
        }
    }
}
