package dev.evidencevault.journal;

import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which records of which logs the journal holds. A journal file goes only when an anchor covers its records: what is in a
 * segment and under no anchor must be in here, or something was removed. Not safe for use by several threads at once.
 */
public final class JournalRanges {
    private final Map<LogId, NavigableMap<Long, Long>> ranges = new HashMap<>();

    private JournalRanges() {}

    /** Returns the ranges of a journal that holds nothing. */
    public static JournalRanges none() {
        return new JournalRanges();
    }

    /**
     * Reads the journal of a vault.
     *
     * @param keys gives the keys of logs; the frames of a log without keys are believed
     * @throws dev.evidencevault.format.CorruptFileException if it is damaged
     */
    public static JournalRanges read(Layout layout, JournalReader.Keys keys) throws IOException {
        JournalRanges ranges = new JournalRanges();
        JournalReader.Consumer consumer = new JournalReader.Consumer() {
            @Override
            public void place(LogId logId, long firstSeq, int count) {
                ranges.add(logId, firstSeq, count);
            }
        };
        new JournalRead(layout).run(keys, consumer, (file, summary) -> {});
        return ranges;
    }

    /** Adds records of a log that the journal holds: {@code count} of them from {@code firstSeq} on. */
    public void add(LogId logId, long firstSeq, int count) {
        ranges.computeIfAbsent(logId, id -> new TreeMap<>()).merge(firstSeq, firstSeq + count, Math::max);
    }

    /**
     * Returns, for each log of which the journal holds records that do not follow on those in its segments, the first that
     * is missing. A single place may be free: it is a seal's.
     *
     * @param ends how many leaves the segments of each log have
     */
    public Map<LogId, Long> missing(Map<LogId, Long> ends) {
        Map<LogId, Long> missing = new HashMap<>();
        ranges.forEach((logId, held) -> {
            long at = ends.getOrDefault(logId, 0L);
            for (Map.Entry<Long, Long> range : held.entrySet()) {
                if (range.getKey() > at + 1) {
                    missing.put(logId, at);
                    return;
                }
                at = Math.max(at, range.getValue());
            }
        });
        return missing;
    }

    /** Says whether the journal holds all records of a log from {@code from} to before {@code to}. */
    public boolean cover(LogId logId, long from, long to) {
        NavigableMap<Long, Long> held = ranges.getOrDefault(logId, new TreeMap<>());
        long at = from;
        while (at < to) {
            Map.Entry<Long, Long> range = held.floorEntry(at);
            if (range == null || range.getValue() <= at) {
                return false;
            }
            at = range.getValue();
        }
        return true;
    }
}
