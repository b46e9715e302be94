package dev.evidencevault.papers;

import dev.evidencevault.cases.Order;
import dev.evidencevault.format.Timestamps;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The values that the templates of papers ask for, in one language, fit for Markdown. */
final class Wording {
    private final Holdings holdings;
    private final Totals totals;
    private final Outlook outlook;
    private final Tool tool;
    private final Texts texts;

    Wording(Holdings holdings, Totals totals, Outlook outlook, Tool tool, Texts texts) {
        this.holdings = holdings;
        this.totals = totals;
        this.outlook = outlook;
        this.tool = tool;
        this.texts = texts;
    }

    Map<String, String> values() {
        Order order = holdings.order();
        Map<String, String> values = new TreeMap<>();
        values.put("order", Markdown.text(order.order()));
        values.put("issuer", Markdown.text(order.issuer()));
        values.put("legalBasis", Markdown.text(order.legalBasis()));
        values.put("tenant", Markdown.text(order.tenant()));
        values.put("requestedBy", Markdown.text(order.requestedBy()));
        values.put("approvedBy", Markdown.text(order.approvedBy()));
        values.put("period", period(order));
        values.put("clock", texts.text("clock." + SummaryTables.label(order.clock())));
        values.put("selection", selection(order));
        values.put(
                "completeness",
                texts.text("completeness." + holdings.scope().completeness().label()));
        values.put("logId", holdings.scope().logId().toString());
        values.put("vaultId", holdings.statement().vaultId().toString());
        values.put("verifierKey", Markdown.text(holdings.scope().verifier().format()));
        values.put("software", Markdown.text(holdings.statement().software()));
        values.put("java", Markdown.text(tool.javaVersion() + ", " + tool.javaVendor()));
        values.put("exportedAt", Timestamps.format(holdings.statement().exportedAt()));
        values.put("exportedAtJapan", InventoryPaper.japan(holdings.statement().exportedAt()));
        values.put("logSize", String.valueOf(holdings.head().size()));
        values.put("logRoot", holdings.head().root().hex());
        values.put("anchorIndex", String.valueOf(holdings.anchor().head().index()));
        values.put("anchorTime", Timestamps.format(holdings.anchor().head().time()));
        values.put(
                "anchorTimeJapan", InventoryPaper.japan(holdings.anchor().head().time()));
        putFile(values, "records", holdings.records());
        putFile(values, "originals", holdings.originals());
        putTotals(values);
        return values;
    }

    private static void putFile(Map<String, String> values, String key, FileFacts file) {
        values.put(key + "File", file.name());
        values.put(key + "Bytes", String.valueOf(file.bytes()));
        values.put(key + "Sha256", file.digest().hex());
    }

    private void putTotals(Map<String, String> values) {
        values.put("records", String.valueOf(totals.records()));
        values.put("events", String.valueOf(totals.events()));
        values.put("gaps", String.valueOf(totals.gaps()));
        values.put("refused", String.valueOf(totals.refused()));
        values.put("changes", String.valueOf(totals.changes()));
        values.put("segments", String.valueOf(totals.locations()));
        values.put("notYetAnchored", String.valueOf(holdings.statement().notYetAnchored()));
        values.put("firstSeq", orNone(totals.firstSeq()));
        values.put("lastSeq", orNone(totals.lastSeq()));
        values.put("recordedFrom", orNone(totals.recordedFrom()));
        values.put("recordedTo", orNone(totals.recordedTo()));
        values.put("verdict", texts.text("verdict." + outlook.verdict()));
        values.put(
                "doubts",
                outlook.reasons().isEmpty()
                        ? texts.text("doubts.none")
                        : outlook.reasons().stream()
                                .map(reason -> "- " + texts.text("error." + reason.key(), reason.values()))
                                .collect(Collectors.joining("\n")));
    }

    private String orNone(String text) {
        return text.isEmpty() ? texts.text("none") : text;
    }

    private String period(Order order) {
        String key = "period" + (order.from() == null ? "" : ".from") + (order.to() == null ? "" : ".to");
        return texts.text(key, Map.of("from", SummaryTables.time(order.from()), "to", SummaryTables.time(order.to())));
    }

    private String selection(Order order) {
        StringBuilder selection = new StringBuilder(order.privilegedOnly() ? texts.text("selection.privileged") : "");
        append(selection, "selection.actors", order.actors());
        append(selection, "selection.services", order.services());
        return selection.isEmpty() ? texts.text("selection.all") : selection.toString();
    }

    private void append(StringBuilder selection, String key, List<String> names) {
        if (!names.isEmpty()) {
            selection
                    .append(selection.isEmpty() ? "" : texts.text("separator"))
                    .append(texts.text(key, Map.of("names", Markdown.text(String.join(", ", names)))));
        }
    }
}
