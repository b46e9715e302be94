package dev.evidencevault.papers;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** {@code data/views/records.csv}: all that the records say, as a table, for convenience. */
final class RecordsView implements StreamedPaper {
    private static final List<String> HEADER = List.of(
            "CONVENIENCE COPY, evidence is data/records",
            "seq",
            "recordedAt",
            "type",
            "id",
            "tenant",
            "service",
            "occurredAt",
            "action",
            "outcome",
            "reason",
            "actor.side",
            "actor.type",
            "actor.id",
            "actor.privileged",
            "actor.onBehalfOf",
            "actor.session",
            "privilege.role",
            "privilege.ticket",
            "privilege.approval",
            "privilege.justification",
            "targets",
            "source.ip",
            "sharedEventId",
            "assumed",
            "details",
            "original",
            "gap",
            "change");

    private final CsvTable table;

    RecordsView(OutputStream out) throws IOException {
        this.table = new CsvTable(out, HEADER);
    }

    @Override
    public void record(ShownRecord shown) throws IOException {
        LogRecord record = shown.record();
        table.row(List.of(
                shown.place(),
                String.valueOf(record.seq()),
                Timestamps.format(record.recordedAt()),
                record.kind().label(),
                record.id(),
                record.tenant(),
                shown.text("service"),
                Timestamps.format(record.occurredAt()),
                record.action(),
                record.outcome(),
                shown.text("reason"),
                shown.text("actor", "side"),
                shown.text("actor", "type"),
                shown.text("actor", "id"),
                shown.privileged(),
                shown.text("actor", "onBehalfOf"),
                shown.text("actor", "session"),
                shown.text("privilege", "role"),
                shown.text("privilege", "ticket"),
                shown.text("privilege", "approval"),
                shown.text("privilege", "justification"),
                shown.json("targets"),
                shown.text("source", "ip"),
                shown.text("sharedEventId"),
                shown.json("assumed"),
                shown.details(),
                shown.text("original"),
                shown.json("gap"),
                shown.json("change")));
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
