package dev.evidencevault.segment;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** The changes of one kind in a log, as far as it is sealed. Of segments without changes only the seals are read. */
public final class SealedChanges {
    private SealedChanges() {}

    /**
     * A change in a log.
     *
     * @param value what it says
     * @param recordedAt when the log took it, in nanoseconds since 1970
     * @param seq its place in the log
     */
    public record Recorded<T>(T value, long recordedAt, long seq) {}

    /**
     * Reads a log from its end, back to a time.
     *
     * @param since no change is looked for that was recorded before it, in nanoseconds since 1970
     * @param what which kind is looked for
     * @param parser reads what a change of this kind says
     * @return the changes, in the order of the log; those that were destroyed are not among them
     * @throws CorruptFileException if a segment is damaged, or the parser refuses a change with an IllegalArgumentException
     */
    public static <T> List<Recorded<T>> read(
            LogDirectory directory, TenantKeys keys, long since, Change.What what, Function<Change, T> parser)
            throws IOException {
        List<Recorded<T>> found = new ArrayList<>();
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        for (int i = numbers.size() - 1; i >= 0 && numbers.get(i) >= keys.firstSegment(); i--) {
            try (SegmentFile file = new SegmentFile(directory.segment(numbers.get(i)))) {
                if (file.sealRecord().recordedAt() < since) {
                    break;
                }
                if (file.seal().notices() > 0) {
                    List<Recorded<T>> here = new ArrayList<>();
                    read(file, keys, what, parser, here);
                    Collections.reverse(here);
                    found.addAll(here);
                }
            }
        }
        Collections.reverse(found);
        return found;
    }

    private static <T> void read(
            SegmentFile file, TenantKeys keys, Change.What what, Function<Change, T> parser, List<Recorded<T>> found)
            throws IOException {
        SegmentContent content = new SegmentContent(file, keys);
        for (BlockRef block : file.blocks()) {
            if (!block.records()) {
                continue;
            }
            for (LogRecord record : content.records(block)) {
                if (record.kind() != RecordKind.CHANGE) {
                    continue;
                }
                try {
                    Change change = Change.of(record);
                    if (change.what() == what) {
                        found.add(new Recorded<>(parser.apply(change), record.recordedAt(), record.seq()));
                    }
                } catch (IllegalArgumentException e) {
                    throw new CorruptFileException(
                            file.path(), block.offset(), "record " + record.seq() + ": " + Json.firstLine(e));
                }
            }
        }
    }
}
