package dev.evidencevault.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The parts of the page that are the same in every report: its frame, style, scripts and texts. Immutable. */
final class PageParts {
    /** The scripts of the check, which run in the page and in a worker. */
    static final List<String> CHECK_SCRIPTS = List.of(
            "sha256.js",
            "bytes.js",
            "json.js",
            "tree.js",
            "p256.js",
            "record.js",
            "fields.js",
            "redaction.js",
            "order.js",
            "note.js",
            "bundle.js",
            "embedded.js",
            "walk.js",
            "range.js",
            "findings.js",
            "check.js");

    /** The scripts of the page. */
    static final List<String> VIEW_SCRIPTS = List.of(
            "words.js",
            "visible.js",
            "rows.js",
            "filters.js",
            "table.js",
            "detail.js",
            "timeline.js",
            "summary.js",
            "report.js");

    /** The languages of the texts; the first is shown where the reader's is none of them. */
    static final List<String> LANGUAGES = List.of("en", "ja");

    private static final String DATA = "{{data}}";

    private final String head;
    private final String tail;

    PageParts() {
        String style = resource("report.css");
        List<String> scripts = java.util.stream.Stream.concat(CHECK_SCRIPTS.stream(), VIEW_SCRIPTS.stream())
                .map(PageParts::resource)
                .toList();
        StringBuilder elements = new StringBuilder();
        for (int i = 0; i < scripts.size(); i++) {
            elements.append(i < CHECK_SCRIPTS.size() ? "<script data-part=\"check\">" : "<script>")
                    .append(scripts.get(i))
                    .append("</script>\n");
        }
        String page = resource("report.html")
                .replace("{{policy}}", policy(style, scripts))
                .replace("{{style}}", style)
                .replace("{{scripts}}", elements);
        int data = page.indexOf(DATA);
        head = page.substring(0, data);
        tail = page.substring(data + DATA.length());
    }

    /** Returns what stands before the data. */
    String head() {
        return head;
    }

    /** Returns what stands after the data. */
    String tail() {
        return tail;
    }

    /** Returns the texts of a language. */
    static String messages(String language) {
        ObjectNode json = Json.parseObject(
                resource("messages_" + language + ".json").getBytes(StandardCharsets.UTF_8), "the texts");
        return json.toString();
    }

    /**
     * What the page may do: run its own scripts and use its own style, known by their digests, and start a worker that it
     * made itself. It may load nothing, send nothing, and turn no text into markup.
     */
    private static String policy(String style, List<String> scripts) {
        return "default-src 'none'; script-src "
                + scripts.stream().map(PageParts::source).distinct().collect(Collectors.joining(" "))
                + "; style-src " + source(style)
                + "; worker-src blob:; base-uri 'none'; form-action 'none'"
                + "; require-trusted-types-for 'script'; trusted-types evidence-vault-worker";
    }

    private static String source(String content) {
        byte[] digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).bytes();
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    static String resource(String name) {
        try (InputStream in = PageParts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the report's " + name + " is missing from this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
