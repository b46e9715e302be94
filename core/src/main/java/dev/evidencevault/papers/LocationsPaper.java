package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code custody/Locations.csv}: the segments of the log that the bundle names, and how many records of each it shows. */
final class LocationsPaper implements StreamedPaper {
    private static final List<String> HEADER = List.of(
            "logId",
            "segment",
            "firstSeq",
            "lastSeq",
            "occurredFrom",
            "occurredTo",
            "sealedAt",
            "sealLeafHash",
            "sealLineSha256",
            "fileHeaderSha256",
            "blocksRoot",
            "treeRoot",
            "recordsShown",
            "firstSeqShown",
            "lastSeqShown");

    private final CsvTable table;
    private final String logId;

    LocationsPaper(OutputStream out, String logId) throws IOException {
        this.table = new CsvTable(out, HEADER);
        this.logId = logId;
    }

    @Override
    public void location(Location location) throws IOException {
        List<String> row = new ArrayList<>(HEADER.size());
        row.add(logId);
        row.addAll(end(location.end()));
        row.add(String.valueOf(location.records()));
        row.add(location.records() == 0 ? "" : String.valueOf(location.first()));
        row.add(location.records() == 0 ? "" : String.valueOf(location.last()));
        table.row(row);
    }

    private static List<String> end(Location.@Nullable End end) {
        if (end == null) {
            return Collections.nCopies(11, "");
        }
        return List.of(
                String.valueOf(end.seal().segment()),
                String.valueOf(end.seal().firstSeq()),
                String.valueOf(end.record().seq()),
                Timestamps.format(end.seal().occurredFrom()),
                Timestamps.format(end.seal().occurredTo()),
                Timestamps.format(end.record().recordedAt()),
                end.hash().hex(),
                Digest.sha256(end.record().line()).hex(),
                end.seal().fileHeader().hex(),
                end.seal().blocks().hex(),
                end.seal().tree().hex());
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
