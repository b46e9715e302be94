package dev.evidencevault.papers;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.ProvenTag;
import dev.evidencevault.cases.Order;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code custody/Summary.csv} and {@code custody/Settings.csv}: what was asked for, how, and what there is. */
final class SummaryTables {
    private final Holdings holdings;
    private final Totals totals;
    private final Outlook outlook;
    private final Texts texts;

    SummaryTables(Holdings holdings, Totals totals, Outlook outlook, Texts texts) {
        this.holdings = holdings;
        this.totals = totals;
        this.outlook = outlook;
        this.texts = texts;
    }

    void writeSummary(OutputStream out) throws IOException {
        Order order = holdings.order();
        Map<String, String> row = new LinkedHashMap<>();
        row.put("order", order.order());
        row.put("issuer", order.issuer());
        row.put("legalBasis", order.legalBasis());
        row.put("tenant", order.tenant());
        row.put("clock", label(order.clock()));
        row.put("from", time(order.from()));
        row.put("to", time(order.to()));
        row.put("exportedAt", Timestamps.format(holdings.statement().exportedAt()));
        row.put("records", String.valueOf(totals.records()));
        row.put("bytes", String.valueOf(holdings.records().bytes()));
        row.put("firstSeq", totals.firstSeq());
        row.put("lastSeq", totals.lastSeq());
        row.put("firstRecordedAt", totals.recordedFrom());
        row.put("lastRecordedAt", totals.recordedTo());
        row.put("earliestOccurredAt", totals.occurredFrom());
        row.put("latestOccurredAt", totals.occurredTo());
        row.put("actors", totals.actors());
        row.put("events", String.valueOf(totals.events()));
        row.put("privileged", String.valueOf(totals.privileged()));
        row.put("segments", String.valueOf(totals.locations()));
        row.put("segmentsNamed", String.valueOf(totals.segments()));
        row.put("gaps", String.valueOf(totals.gaps()));
        row.put("eventsRefused", String.valueOf(totals.refused()));
        row.put("changes", String.valueOf(totals.changes()));
        row.put("notYetAnchored", String.valueOf(holdings.statement().notYetAnchored()));
        row.put("completeness", holdings.scope().completeness().label());
        row.put("expectedVerdict", outlook.verdict());
        try (CsvTable table = new CsvTable(out, List.copyOf(row.keySet()))) {
            table.row(List.copyOf(row.values()));
        }
    }

    void writeSettings(OutputStream out) throws IOException {
        try (CsvTable table = new CsvTable(out, List.of("setting", "value", "meaning"))) {
            for (Setting setting : settings()) {
                table.row(List.of(setting.name(), setting.value(), texts.text("setting." + setting.text())));
            }
        }
    }

    private record Setting(String name, String value, String text) {}

    private List<Setting> settings() {
        Order order = holdings.order();
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("order", order.order(), "order"));
        settings.add(new Setting("tenant", order.tenant(), "tenant"));
        settings.add(new Setting("clock", label(order.clock()), "clock"));
        settings.add(new Setting("from", time(order.from()), "from"));
        settings.add(new Setting("to", time(order.to()), "to"));
        settings.add(new Setting("expires", time(order.expires()), "expires"));
        settings.add(new Setting("privilegedOnly", String.valueOf(order.privilegedOnly()), "privilegedOnly"));
        addNames(settings, "actor", order.actors(), holdings.scope().actors());
        addNames(settings, "service", order.services(), holdings.scope().services());
        settings.add(new Setting("requestedBy", order.requestedBy(), "requestedBy"));
        settings.add(new Setting("approvedBy", order.approvedBy(), "approvedBy"));
        settings.add(new Setting("completeness", holdings.scope().completeness().label(), "completeness"));
        settings.add(new Setting("vaultId", holdings.statement().vaultId().toString(), "vaultId"));
        settings.add(new Setting("logId", holdings.scope().logId().toString(), "logId"));
        settings.add(new Setting("verifierKey", holdings.scope().verifier().format(), "verifierKey"));
        settings.add(new Setting("logSize", String.valueOf(holdings.head().size()), "logSize"));
        settings.add(new Setting("logRoot", holdings.head().root().hex(), "logRoot"));
        settings.add(new Setting(
                "anchorIndex", String.valueOf(holdings.anchor().head().index()), "anchorIndex"));
        settings.add(new Setting(
                "anchorTime", Timestamps.format(holdings.anchor().head().time()), "anchorTime"));
        settings.add(new Setting("software", holdings.statement().software(), "software"));
        settings.add(new Setting("recordsFile", BundleLayout.RECORDS, "recordsFile"));
        settings.add(new Setting("recordsSha256", holdings.records().digest().hex(), "recordsSha256"));
        settings.add(new Setting("tableEncoding", "UTF-8, byte order mark, CR LF, RFC 4180", "tableEncoding"));
        settings.add(new Setting("tableApostrophe", "one apostrophe in front", "tableApostrophe"));
        settings.add(new Setting("tableCharacters", "U+ and the number in brackets U+27E6 U+27E7", "tableCharacters"));
        settings.add(new Setting("tableCellMax", String.valueOf(CsvTable.CELL_CHARS_MAX), "tableCellMax"));
        return settings;
    }

    private static void addNames(List<Setting> settings, String kind, List<String> names, Map<String, ProvenTag> tags) {
        if (names.isEmpty()) {
            settings.add(new Setting(kind, "", kind + "All"));
        }
        for (String name : names) {
            settings.add(new Setting(kind, name, kind));
        }
        new TreeMap<>(tags)
                .forEach((name, tag) -> settings.add(new Setting(kind + "Tag", tag.tag() + " " + name, kind + "Tag")));
    }

    static String label(Order.Clock clock) {
        return switch (clock) {
            case OCCURRED -> "occurred";
            case RECORDED -> "recorded";
        };
    }

    /** Returns a time, or the empty text where there is no bound. */
    static String time(@Nullable Long nanos) {
        return nanos == null ? "" : Timestamps.format(nanos);
    }
}
