package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** {@code custody/errors.csv}: what the bundle does not have, as far as it knows, and why. */
final class ErrorsPaper implements StreamedPaper {
    private static final List<String> HEADER =
            List.of("kind", "seq", "from", "to", "count", "reason", "reasonJa", "file", "line");

    private final CsvTable table;
    private final Texts english;
    private final Texts japanese;

    ErrorsPaper(OutputStream out, Texts english, Texts japanese) throws IOException {
        this.table = new CsvTable(out, HEADER);
        this.english = english;
        this.japanese = japanese;
    }

    @Override
    public void record(ShownRecord shown) throws IOException {
        if (shown.record().kind() != RecordKind.GAP) {
            return;
        }
        Gap gap = Gap.of(shown.record());
        Map<String, String> values = Map.of(
                "rate", String.valueOf(gap.rate()),
                "bytes", String.valueOf(gap.bytes()),
                "queue", String.valueOf(gap.queue()));
        table.row(List.of(
                "gap",
                String.valueOf(shown.record().seq()),
                Timestamps.format(gap.from()),
                Timestamps.format(gap.to()),
                String.valueOf(gap.events()),
                english.text("error.gap", values),
                japanese.text("error.gap", values),
                BundleLayout.RECORDS,
                String.valueOf(shown.line())));
    }

    /** Adds what lies behind the end of what is covered. */
    void finish(Outlook outlook) throws IOException {
        for (Outlook.Reason reason : outlook.reasons()) {
            table.row(List.of(
                    reason.key(),
                    "",
                    reason.from(),
                    reason.to(),
                    reason.count(),
                    english.text("error." + reason.key(), reason.values()),
                    japanese.text("error." + reason.key(), reason.values()),
                    "",
                    ""));
        }
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
