package dev.evidencevault;

import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns runs of records into segments, anchors them, and lets the journal go, in this order: whatever a crash leaves, a
 * record is in the journal, or in a segment, or in both. Used by one thread at a time.
 */
final class Sealer {
    private final AnchorWriter anchors;
    private final Storage storage;
    private final @Nullable SegmentIndexer indexer;

    Sealer(AnchorWriter anchors, Storage storage, @Nullable SegmentIndexer indexer) {
        this.anchors = anchors;
        this.storage = storage;
        this.indexer = indexer;
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
        for (Map.Entry<LogState, List<LogState.Run>> entry : runs.entrySet()) {
            LogState log = entry.getKey();
            for (LogState.Run run : entry.getValue()) {
                log.segments().write(run.records(), run.sealedAt(), log.keyFile(), indexer);
            }
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

    /** Says whether the latest anchor covers all segments of a log. */
    boolean isAnchored(LogState log) {
        return anchors.anchoredSize(log.logId()) == log.segments().end().tree().to();
    }
}
