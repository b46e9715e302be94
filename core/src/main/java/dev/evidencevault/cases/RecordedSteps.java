package dev.evidencevault.cases;

import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.Change;
import dev.evidencevault.segment.SealedChanges;
import dev.evidencevault.storage.Layout.LogDirectory;
import java.io.IOException;
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
     * @throws dev.evidencevault.format.CorruptFileException if a segment is damaged
     */
    public static List<Recorded> read(LogDirectory directory, TenantKeys keys, long since) throws IOException {
        return SealedChanges.read(directory, keys, since, Change.What.CASE, CaseRecord::of).stream()
                .map(each -> new Recorded(each.value(), each.recordedAt(), each.seq()))
                .toList();
    }
}
