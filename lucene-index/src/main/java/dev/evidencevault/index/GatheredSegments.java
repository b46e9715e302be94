package dev.evidencevault.index;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedLog;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.storage.Layout.SegmentRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of small segments, kept in memory until those that follow upon each other in a log are enough for a fragment. What
 * is not sealed yet is never part of one. What is lost here is read by searches, and indexed out of the records when
 * fragments are merged. Safe for use by several threads.
 */
final class GatheredSegments {
    /** So many blocks of a log, some ten megabytes of lines, are enough: a search that has to read them takes milliseconds. */
    static final int BLOCKS_ENOUGH = 64;

    /** So many segments of a log are enough, however small. */
    static final int SEGMENTS_ENOUGH = FragmentMerger.FACTOR;

    /** Fewer blocks are not worth a file when nothing more is to come. */
    static final int BLOCKS_WORTH_A_FILE = 8;

    private final long bytesMax;

    /** What was gathered, the log that was sealed longest ago first. */
    private final Map<LogId, Gathering> logs = new LinkedHashMap<>(16, 0.75f, true);

    /** How much memory is taken, also by what was taken out and is not yet released. */
    private long bytes;

    /** A log's segments as they come. */
    private static final class Gathering {
        private final long first;
        private final List<List<IndexedBlock>> segments = new ArrayList<>();
        private int blocks;
        private long bytes;

        // As far as it is sealed.
        private @Nullable SealedLog log;
        private @Nullable Digest lastSeal;

        Gathering(long first) {
            this.first = first;
        }

        long next() {
            return first + segments.size();
        }
    }

    /**
     * Sealed segments that follow upon each other.
     *
     * @param log whose
     * @param range which
     * @param segments the blocks of each
     * @param lastSeal the leaf hash of the last one's seal
     * @param bytes how much memory they take
     */
    record Run(SealedLog log, SegmentRange range, List<List<IndexedBlock>> segments, Digest lastSeal, long bytes) {}

    GatheredSegments(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Says whether there is no room for more. */
    synchronized boolean isFull() {
        return bytes >= bytesMax;
    }

    /** Adds a segment that is about to be sealed. */
    synchronized void add(LogId logId, long segment, List<IndexedBlock> blocks) {
        Gathering gathering = logs.get(logId);
        if (gathering == null || gathering.next() != segment) {
            // One in between has a fragment of its own, or was not sealed in the end.
            remove(logId);
            gathering = new Gathering(segment);
            logs.put(logId, gathering);
        }
        gathering.segments.add(List.copyOf(blocks));
        gathering.blocks += blocks.size();
        // No more can be said of what was sealed before: the run goes on, and its end is not sealed.
        gathering.lastSeal = null;
        long added = blocks.stream().mapToLong(IndexedBlock::memoryBytes).sum();
        gathering.bytes += added;
        bytes += added;
    }

    /**
     * Notes that a log was sealed; returns what was gathered of it if that is enough now, which the caller {@linkplain #release
     * releases}.
     */
    synchronized Optional<Run> sealed(SealedLog log, SegmentEnd end) {
        Gathering gathering = logs.get(log.logId());
        if (gathering == null) {
            return Optional.empty();
        }
        if (gathering.next() != end.segments() + 1) {
            remove(log.logId());
            return Optional.empty();
        }
        gathering.log = log;
        gathering.lastSeal = end.sealLeaf();
        boolean enough = gathering.blocks >= BLOCKS_ENOUGH || gathering.segments.size() >= SEGMENTS_ENOUGH;
        return enough ? take(log.logId()) : Optional.empty();
    }

    /** Says whether something of a log waits for more. */
    synchronized boolean holds(LogId logId) {
        return logs.containsKey(logId);
    }

    /** Lets the log go that was sealed longest ago; returns what was gathered of it if that is worth a file. */
    synchronized Optional<Run> takeEldest() {
        return logs.isEmpty()
                ? Optional.empty()
                : takeIfWorthAFile(logs.keySet().iterator().next());
    }

    /** Lets all go; returns what is worth a file. */
    synchronized List<Run> takeAll() {
        List<Run> runs = new ArrayList<>();
        for (LogId logId : List.copyOf(logs.keySet())) {
            takeIfWorthAFile(logId).ifPresent(runs::add);
        }
        return runs;
    }

    /** Notes that what was taken out is not used any more. */
    synchronized void release(Run run) {
        bytes -= run.bytes();
    }

    private Optional<Run> takeIfWorthAFile(LogId logId) {
        Gathering gathering = logs.get(logId);
        if (gathering != null && gathering.blocks >= BLOCKS_WORTH_A_FILE) {
            return take(logId);
        }
        remove(logId);
        return Optional.empty();
    }

    private Optional<Run> take(LogId logId) {
        Gathering gathering = remove(logId);
        if (gathering == null || gathering.log == null || gathering.lastSeal == null) {
            return Optional.empty();
        }
        bytes += gathering.bytes;
        return Optional.of(new Run(
                gathering.log,
                new SegmentRange(gathering.first, gathering.next() - 1),
                gathering.segments,
                gathering.lastSeal,
                gathering.bytes));
    }

    private @Nullable Gathering remove(LogId logId) {
        Gathering gathering = logs.remove(logId);
        if (gathering != null) {
            bytes -= gathering.bytes;
        }
        return gathering;
    }
}
