package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;

/** {@code custody/tool.json}: the software, and how to repeat what it did. */
final class ToolFile {
    private static final String FORMAT = "evidence-vault-tool/1";

    private final Holdings holdings;
    private final Tool tool;
    private final boolean views;

    /** {@code views} says whether convenience copies of the records are made. */
    ToolFile(Holdings holdings, Tool tool, boolean views) {
        this.holdings = holdings;
        this.tool = tool;
        this.views = views;
    }

    byte[] bytes(Texts english, Texts japanese) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT).put("software", holdings.statement().software());
        json.putObject("java").put("version", tool.javaVersion()).put("vendor", tool.javaVendor());
        json.put("exportedAt", Timestamps.format(holdings.statement().exportedAt()));
        json.put("vaultId", holdings.statement().vaultId().toString());
        json.put("logId", holdings.scope().logId().toString());
        json.put("logSize", holdings.head().size());
        json.put("logRoot", holdings.head().root().hex());
        json.put("anchorIndex", holdings.anchor().head().index());
        json.put("completeness", holdings.scope().completeness().label());
        ArrayNode commands = json.putArray("reproduce");
        boolean strong = holdings.scope().completeness() == Completeness.HEADERS;
        commands.add("evault export --vault VAULT --order " + BundleLayout.ORDER + " --out AGAIN.zip"
                + (strong ? " --strong" : "") + (views ? "" : " --no-views"));
        commands.add("evault verify BUNDLE.zip");
        commands.add("evault verify AGAIN.zip");
        json.putObject("expect").put("en", english.text("tool.expect")).put("ja", japanese.text("tool.expect"));
        return JsonText.bytes(json);
    }
}
