package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code custody/inventory.ja.csv}, and the rows of {@code custody/inventory.ja.md}: the inventory (目録) that a court gets with
 * what is handed over. The table has all records, the one to be printed the first of them.
 */
final class InventoryPaper implements StreamedPaper {
    /** How many records are printed. */
    static final int PRINTED_MAX = 1_000;

    private static final int PRINTED_CHARS_MAX = 200;
    private static final long JAPAN_OFFSET_NANOS = 9 * 3_600_000_000_000L;

    /** Where the time of the day stands in {@link Timestamps#format}, after a {@code T}. */
    private static final int TIME_AT = 11;

    private static final DateTimeFormatter JAPAN = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.ofHours(9));

    private final CsvTable table;
    private final Texts texts;
    private final Template event;
    private final Template onBehalfOf;
    private final StringBuilder printed = new StringBuilder();

    InventoryPaper(OutputStream out, Texts texts) throws IOException {
        this.texts = texts;
        this.event = texts.template("content.event");
        this.onBehalfOf = texts.template("content.onBehalfOf");
        this.table = new CsvTable(
                out,
                List.of(
                        texts.text("inventory.number"),
                        texts.text("inventory.kind"),
                        texts.text("inventory.occurredAtJapan"),
                        texts.text("inventory.occurredAt"),
                        texts.text("inventory.recordedAt"),
                        texts.text("inventory.content"),
                        texts.text("inventory.actor"),
                        texts.text("inventory.outcome"),
                        texts.text("inventory.seq"),
                        texts.text("inventory.file"),
                        texts.text("inventory.line"),
                        texts.text("inventory.hash")));
    }

    @Override
    public void record(ShownRecord shown) throws IOException {
        LogRecord record = shown.record();
        String kind = texts.text("kind." + record.kind().label());
        String occurredAt = japan(record.occurredAt());
        String content = content(shown);
        String actor = actor(shown);
        String hash = shown.digest().hex();
        table.row(List.of(
                String.valueOf(shown.line()),
                kind,
                occurredAt,
                Timestamps.format(record.occurredAt()),
                Timestamps.format(record.recordedAt()),
                content,
                actor,
                outcome(record),
                String.valueOf(record.seq()),
                BundleLayout.RECORDS,
                String.valueOf(shown.line()),
                hash));
        if (shown.line() <= PRINTED_MAX) {
            printed.append("| ")
                    .append(shown.line())
                    .append(" | ")
                    .append(kind)
                    .append(" | ")
                    .append(occurredAt)
                    .append(" | ")
                    .append(Markdown.text(content, PRINTED_CHARS_MAX))
                    .append(" | ")
                    .append(Markdown.text(actor, PRINTED_CHARS_MAX))
                    .append(" | ")
                    .append(outcome(record))
                    .append(" | ")
                    .append(hash)
                    .append(" |\n");
        }
    }

    /** Returns the rows of the table to be printed. */
    String printed() {
        return printed.toString();
    }

    /** Returns a time as Japan's clocks show it. */
    static String japan(long nanos) {
        if (nanos > Long.MAX_VALUE - JAPAN_OFFSET_NANOS) {
            return JAPAN.format(Timestamps.instant(nanos));
        }
        String utc = Timestamps.format(nanos + JAPAN_OFFSET_NANOS);
        return utc.substring(0, TIME_AT - 1) + ' ' + utc.substring(TIME_AT, utc.length() - 1);
    }

    private String content(ShownRecord shown) {
        LogRecord record = shown.record();
        if (record.kind() == RecordKind.GAP) {
            Gap gap = Gap.of(record);
            return texts.text(
                    "content.gap",
                    Map.of(
                            "count", String.valueOf(gap.events()),
                            "from", japan(gap.from()),
                            "to", japan(gap.to())));
        }
        if (record.kind() == RecordKind.CHANGE) {
            return texts.text("change." + Change.of(record).what().label());
        }
        String targets = shown.targets();
        return targets.isEmpty() ? record.action() : event.fill(Map.of("action", record.action(), "targets", targets));
    }

    private String actor(ShownRecord shown) {
        String id = shown.text("actor", "id");
        String other = shown.text("actor", "onBehalfOf");
        return other.isEmpty() ? id : onBehalfOf.fill(Map.of("actor", id, "other", other));
    }

    private String outcome(LogRecord record) {
        return record.kind() == RecordKind.EVENT
                        && List.of("success", "failure", "unknown").contains(record.outcome())
                ? texts.text("outcome." + record.outcome())
                : "";
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
