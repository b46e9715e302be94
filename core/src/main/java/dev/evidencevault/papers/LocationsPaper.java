package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Seal;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

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
        LogRecord record = location.sealRecord();
        Seal seal = location.seal();
        Digest hash = location.sealHash();
        boolean known = record != null && seal != null && hash != null;
        table.row(List.of(
                logId,
                known ? String.valueOf(seal.segment()) : "",
                known ? String.valueOf(seal.firstSeq()) : "",
                known ? String.valueOf(record.seq()) : "",
                known ? Timestamps.format(seal.occurredFrom()) : "",
                known ? Timestamps.format(seal.occurredTo()) : "",
                known ? Timestamps.format(record.recordedAt()) : "",
                known ? hash.hex() : "",
                known ? Digest.sha256(record.line()).hex() : "",
                known ? seal.fileHeader().hex() : "",
                known ? seal.blocks().hex() : "",
                known ? seal.tree().hex() : "",
                String.valueOf(location.records()),
                location.records() == 0 ? "" : String.valueOf(location.first()),
                location.records() == 0 ? "" : String.valueOf(location.last())));
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
