package dev.evidencevault;

import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns runs of records into segments, anchors them, and lets the journal go, in this order: whatever a crash leaves, a
 * record is in the journal, or in a segment, or in both. Most of the time goes into syncs, which a disk does at once as
 * fast as one: segments of different logs are written side by side. Used by one thread at a time.
 */
final class Sealer {
    private static final long IDLE_SECONDS = 5;

    private final AnchorWriter anchors;
    private final Storage storage;
    private final @Nullable SegmentIndexer indexer;
    private final ThreadPoolExecutor writers;

    Sealer(AnchorWriter anchors, Storage storage, @Nullable SegmentIndexer indexer, int threads) {
        this.anchors = anchors;
        this.storage = storage;
        this.indexer = indexer;
        this.writers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "evault-write");
                    thread.setDaemon(true);
                    return thread;
                });
        writers.allowCoreThreadTimeOut(true);
    }

    /**
     * Seals runs.
     *
     * @param runs the runs of each log, in their order
     * @param alsoAnchor logs without runs whose segments are not anchored yet
     * @param journals the journal files that hold nothing else
     * @param time the anchor's time
     */
    void seal(Map<LogState, List<LogState.Run>> runs, List<LogState> alsoAnchor, List<Path> journals, long time)
            throws IOException {
        Map<LogId, CompactRange> heads = new HashMap<>();
        for (LogState log : alsoAnchor) {
            heads.put(log.logId(), log.segments().end().tree());
        }
        writeAll(runs);
        for (LogState log : runs.keySet()) {
            heads.put(log.logId(), log.segments().end().tree());
        }
        if (!heads.isEmpty()) {
            anchors.write(heads, time);
        }
        for (Path journal : journals) {
            storage.delete(journal);
        }
        if (!journals.isEmpty()) {
            storage.syncDirectory(Storage.directoryOf(journals.get(0)));
        }
    }

    /** Writes the segments of all logs: one after the other for a log, several logs at once. */
    private void writeAll(Map<LogState, List<LogState.Run>> runs) throws IOException {
        List<Future<?>> writes = new ArrayList<>();
        for (Map.Entry<LogState, List<LogState.Run>> entry : runs.entrySet()) {
            writes.add(writers.submit(() -> {
                for (LogState.Run run : entry.getValue()) {
                    LogState log = entry.getKey();
                    log.segments().write(run.records(), run.sealedAt(), log.keyFile(), indexer);
                }
                return entry.getKey();
            }));
        }
        IOException failure = null;
        for (Future<?> write : writes) {
            try {
                Uninterrupted.get(write);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Says whether the latest anchor covers all segments of a log. */
    boolean isAnchored(LogState log) {
        return anchors.anchoredSize(log.logId()) == log.segments().end().tree().to();
    }
}
