package dev.evidencevault;

import java.time.Instant;

/**
 * Says that a batch of events is on disk, all of them next to each other.
 *
 * @param firstSeq the index of the first in the tenant's log
 * @param count how many there are, 1 or more
 * @param recordedAt when the vault took them, never before their predecessor
 */
public record BatchReceipt(long firstSeq, int count, Instant recordedAt) {
    /**
     * Returns the receipt of one of them.
     *
     * @param index which one, from 0 to before {@link #count}
     */
    public Receipt receipt(int index) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("expected an index from 0 to " + (count - 1) + ", found " + index);
        }
        return new Receipt(firstSeq + index, recordedAt);
    }
}
