package dev.evidencevault.segment;

import dev.evidencevault.format.LogRecord;
import java.util.List;

/**
 * What is known of a block without its words.
 *
 * @param firstSeq the seq of its first record
 * @param count how many records it holds, 1 or more
 * @param notices how many of them tell of the log: gaps and changes
 * @param occurredFrom the earliest occurredAt, in nanoseconds since 1970
 * @param occurredTo the latest
 */
public record BlockSummary(long firstSeq, int count, int notices, long occurredFrom, long occurredTo) {
    /** Checks the numbers. */
    public BlockSummary {
        if (firstSeq < 0 || count < 1 || notices < 0 || notices > count || occurredFrom > occurredTo) {
            throw new IllegalArgumentException(
                    "expected a block of records, found " + count + " of them with " + notices + " notices");
        }
    }

    static BlockSummary of(RecordBlock block) {
        int notices = 0;
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (int i = 0; i < block.count(); i++) {
            from = Math.min(from, block.occurredAt(i));
            to = Math.max(to, block.occurredAt(i));
            notices += block.isNotice(i) ? 1 : 0;
        }
        return new BlockSummary(block.firstSeq(), block.count(), notices, from, to);
    }

    /** Sums up records that follow upon each other, at least one. */
    public static BlockSummary of(List<LogRecord> records) {
        int notices = 0;
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (LogRecord record : records) {
            from = Math.min(from, record.occurredAt());
            to = Math.max(to, record.occurredAt());
            notices += record.kind().isNotice() ? 1 : 0;
        }
        return new BlockSummary(records.getFirst().seq(), records.size(), notices, from, to);
    }

    /** Returns the seq after that of its last record. */
    public long nextSeq() {
        return firstSeq + count;
    }
}
