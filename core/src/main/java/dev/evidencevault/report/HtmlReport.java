package dev.evidencevault.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.verify.VerificationReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The report of an evidence bundle: a page for people, in English and Japanese, that opens in a browser without a network,
 * shows what the bundle holds and what is proven, and checks what it shows. Immutable and safe for use by several threads.
 *
 * <p>The page decides nothing: whoever can alter it can alter its script. {@code evault verify} and stock tools decide, on
 * the bundle. The same bundle and findings give the same bytes. Memory does not depend on the bundle's size.
 */
public final class HtmlReport {

    private static final String FORMAT = "evidence-vault-report/1";

    private final PageParts parts = new PageParts();
    private final ReportBounds bounds;

    /** Creates the writer of reports within the usual bounds. */
    public HtmlReport() {
        this(ReportBounds.DEFAULT);
    }

    /** Creates the writer of reports within bounds. */
    public HtmlReport(ReportBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * Writes the report of a bundle. It is about the bundle without a report: other files than a bundle's are listed and
     * nothing else. Where manifests and signature are not there yet, as when the report itself goes into the bundle, the
     * page says that it does not check them.
     *
     * @param bundle the bundle
     * @param report what was found in it
     * @param container the digest of the bundle's ZIP file, or null if it is none or there is none yet
     * @param out where to; stays open
     */
    public void write(BundleFiles bundle, VerificationReport report, @Nullable Digest container, OutputStream out)
            throws IOException {
        EmbeddedBundle embedded = new EmbeddedBundle(bundle, bounds);
        Writer page = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        page.write(parts.head());
        for (String language : PageParts.LANGUAGES) {
            try (DataBlock block = new DataBlock(page, "data-messages-" + language)) {
                block.json(PageParts.messages(language));
            }
        }
        try (DataBlock block = new DataBlock(page, "data-verification")) {
            block.json(report.toJson().toString());
        }
        embedded.writeFiles(page);
        embedded.writeSegments(page);
        embedded.writeLeaves(page);
        embedded.writeRecords(page);
        try (DataBlock block = new DataBlock(page, "data-summary")) {
            block.json(summary(bundle, embedded, container).toString());
        }
        page.write(parts.tail());
        page.flush();
    }

    private static ObjectNode summary(BundleFiles bundle, EmbeddedBundle embedded, @Nullable Digest container)
            throws IOException {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("records", embedded.records())
                .put("recordsEmbedded", embedded.recordsEmbedded())
                .put("leavesEmbedded", embedded.leavesEmbedded())
                .put("whole", embedded.isWhole())
                .put("timeStamps", embedded.timeStamps());
        if (container != null) {
            json.put("sha256", container.hex());
        }
        ArrayNode files = json.putArray("files");
        for (String name : embedded.names()) {
            try (InputStream in = bundle.open(name)) {
                files.addObject()
                        .put("name", name)
                        .put("bytes", bundle.sizes().getOrDefault(name, 0L))
                        .put("sha256", Digest.sha256(in).hex());
            }
        }
        ArrayNode unreadable = json.putArray("unreadable");
        embedded.unreadable()
                .forEach((name, reason) ->
                        unreadable.addObject().put("name", name).put("reason", reason));
        return json;
    }
}
