package dev.evidencevault;

import dev.evidencevault.anchor.Anchor;
import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalRanges;
import dev.evidencevault.segment.SegmentEnd;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks, before a vault is written, that its logs go on where its latest anchor saw them end. A writer that did not look
 * would put its signature under whatever it finds, and so make good what was cut off or removed.
 */
final class AnchorCheck {
    private static final String NOTHING_CHANGED = "; nothing was changed, run evault verify";

    private final Layout layout;
    private final AnchorWriter anchors;
    private final JournalRanges journal;

    AnchorCheck(Layout layout, AnchorWriter anchors, JournalRanges journal) {
        this.layout = layout;
        this.anchors = anchors;
        this.journal = journal;
    }

    /**
     * Runs the check.
     *
     * @return the logs that have segments under no anchor
     * @throws CorruptFileException if a log is missing, shorter or another than anchored, or longer than the journal tells
     */
    Set<LogId> run(Map<LogId, LogDirectory> directories) throws IOException {
        for (Map.Entry<LogId, Anchor.Entry> anchored : anchors.latest().entrySet()) {
            LogDirectory directory = directories.get(anchored.getKey());
            if (directory == null) {
                throw new CorruptFileException(
                        layout.tenant(anchored.getKey()).path(),
                        0,
                        "the latest anchor knows this log, and it is missing" + NOTHING_CHANGED);
            }
        }
        Set<LogId> unanchored = new LinkedHashSet<>();
        for (Map.Entry<LogId, LogDirectory> log : directories.entrySet()) {
            if (check(log.getKey(), log.getValue())) {
                unanchored.add(log.getKey());
            }
        }
        return unanchored;
    }

    /** Checks a log; says whether it has segments under no anchor. */
    private boolean check(LogId logId, LogDirectory directory) throws IOException {
        Anchor.Entry entry = anchors.latest().get(logId);
        long anchoredSize = entry == null ? 0 : entry.size();
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        int at = numbers.size();
        SegmentEnd end = end(directory, numbers, at);
        while (end.tree().to() > anchoredSize) {
            SegmentEnd before = end(directory, numbers, at - 1);
            // The last leaf of a segment is its seal, which is in no journal.
            if (!journal.cover(logId, before.tree().to(), end.tree().to() - 1)) {
                throw new CorruptFileException(
                        directory.segment(numbers.get(at - 1)),
                        0,
                        "the segment is under no anchor, and the journal does not hold its records: anchors were"
                                + " removed, or it was added" + NOTHING_CHANGED);
            }
            end = before;
            at--;
        }
        Digest root = entry == null ? end.tree().root() : entry.root();
        if (end.tree().to() != anchoredSize || !end.tree().root().equals(root)) {
            throw new CorruptFileException(
                    directory.segments(),
                    0,
                    "the latest anchor saw " + anchoredSize + " leaves with root " + root + ", the segments end after "
                            + end.tree().to() + " with root " + end.tree().root() + NOTHING_CHANGED);
        }
        return at < numbers.size();
    }

    /** Where a log stands after its first {@code count} segments. */
    private static SegmentEnd end(LogDirectory directory, List<Long> numbers, int count) throws IOException {
        if (count == 0) {
            return SegmentEnd.none();
        }
        try (SegmentFile file = new SegmentFile(directory.segment(numbers.get(count - 1)))) {
            return file.end();
        }
    }
}
