package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** {@code custody/Items.csv}: one row a record. */
final class ItemsPaper implements StreamedPaper {
    private static final List<String> HEADER = List.of(
            "seq",
            "recordedAt",
            "occurredAt",
            "type",
            "action",
            "outcome",
            "actorId",
            "onBehalfOf",
            "side",
            "privileged",
            "service",
            "targets",
            "sourceIp",
            "id",
            "sha256",
            "leafHash",
            "file",
            "line",
            "byteOffset",
            "bytes");

    private final CsvTable table;

    ItemsPaper(OutputStream out) throws IOException {
        this.table = new CsvTable(out, HEADER);
    }

    @Override
    public void record(ShownRecord shown) throws IOException {
        LogRecord record = shown.record();
        table.row(List.of(
                String.valueOf(record.seq()),
                Timestamps.format(record.recordedAt()),
                Timestamps.format(record.occurredAt()),
                record.kind().label(),
                record.action(),
                record.outcome(),
                shown.text("actor", "id"),
                shown.text("actor", "onBehalfOf"),
                shown.text("actor", "side"),
                shown.privileged(),
                shown.text("service"),
                shown.targets(),
                shown.text("source", "ip"),
                record.id(),
                shown.digest().hex(),
                shown.leafHash().hex(),
                BundleLayout.RECORDS,
                String.valueOf(shown.line()),
                String.valueOf(shown.offset()),
                String.valueOf(record.line().length)));
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
