package dev.evidencevault.cases;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a log says of steps, as far as it is sealed. Of segments without changes only the seals are read. */
public final class RecordedSteps {
    private RecordedSteps() {}

    /**
     * A step in a log.
     *
     * @param record what the log says of it
     * @param recordedAt when the log took it, in nanoseconds since 1970
     * @param seq its place in the log
     */
    public record Recorded(CaseRecord record, long recordedAt, long seq) {}

    /**
     * Reads a log from its end, back to a time.
     *
     * @param since no step is looked for that was recorded before it, in nanoseconds since 1970
     * @return the steps, in the order of the log
     * @throws CorruptFileException if a segment is damaged
     */
    public static List<Recorded> read(LogDirectory directory, TenantKeys keys, long since) throws IOException {
        List<Recorded> found = new ArrayList<>();
        List<Long> numbers = Layout.numbers(directory.segments(), Layout.SEGMENT_SUFFIX);
        for (int i = numbers.size() - 1; i >= 0; i--) {
            try (SegmentFile file = new SegmentFile(directory.segment(numbers.get(i)))) {
                if (file.sealRecord().recordedAt() < since) {
                    break;
                }
                if (file.seal().notices() > 0) {
                    List<Recorded> here = new ArrayList<>();
                    read(file, keys, here);
                    Collections.reverse(here);
                    found.addAll(here);
                }
            }
        }
        Collections.reverse(found);
        return found;
    }

    private static void read(SegmentFile file, TenantKeys keys, List<Recorded> found) throws IOException {
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
                    if (change.what() == Change.What.CASE) {
                        found.add(new Recorded(CaseRecord.of(change), record.recordedAt(), record.seq()));
                    }
                } catch (IllegalArgumentException e) {
                    throw new CorruptFileException(
                            file.path(), block.offset(), "record " + record.seq() + ": " + Json.firstLine(e));
                }
            }
        }
    }
}
