package dev.evidencevault.papers;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bundle's files in memory, to be changed, and the papers that are made from them. */
final class PaperDesk {
    static final Tool TOOL = new Tool("21.0.1+12", "A vendor");

    private final Map<String, byte[]> files;
    private final VerificationReport report;

    private PaperDesk(Map<String, byte[]> files, VerificationReport report) {
        this.files = files;
        this.report = report;
    }

    static Order order(String tenant, String scope) throws Exception {
        String json = "{\"order\":\"2026 (So) 123\",\"issuer\":\"District Court\",\"legalBasis\":\"Art. 99\","
                + "\"tenant\":\"" + tenant + "\",\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\""
                + (scope.isEmpty() ? "" : "," + scope.replace('\'', '"')) + "}";
        return Order.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Exports an order for "acme" in the way that shows least. */
    static PaperDesk export(Path vault, String scope, Path out) throws Exception {
        Order order = order("acme", scope);
        return export(vault, order, Completeness.least(order), out);
    }

    static PaperDesk export(Path vault, Order order, Completeness completeness, Path out) throws Exception {
        VerificationReport report = new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(order, out, completeness)
                .report();
        Map<String, byte[]> files = new TreeMap<>();
        try (BundleFiles open = BundleFiles.open(out)) {
            for (String name : open.sizes().keySet()) {
                files.put(name, open.read(name, 1 << 26));
            }
        }
        return new PaperDesk(files, report);
    }

    Map<String, byte[]> files() {
        return files;
    }

    VerificationReport report() {
        return report;
    }

    InputStream open(String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new ByteArrayInputStream(content);
    }

    Map<String, byte[]> papers() throws IOException {
        return papers(this::open);
    }

    static Map<String, byte[]> papers(Papers.Source source) throws IOException {
        Map<String, ByteArrayOutputStream> open = new TreeMap<>();
        new Papers(TOOL).write(source, name -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (open.put(name, out) != null) {
                throw new IOException(name + " is written twice");
            }
            return out;
        });
        Map<String, byte[]> papers = new TreeMap<>();
        open.forEach((name, out) -> papers.put(name, out.toByteArray()));
        return papers;
    }

    static String text(Map<String, byte[]> files, String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    /** Returns the rows of a table below its header, by the names in the header. */
    static List<Map<String, String>> rows(Map<String, byte[]> files, String name) {
        List<List<String>> table = table(text(files, name));
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> cells : table.subList(1, table.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                row.put(table.get(0).get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Reads a table as RFC 4180 says, and refuses what a writer here does not write. */
    static List<List<String>> table(String text) {
        if (text.isEmpty() || text.charAt(0) != '\ufeff') {
            throw new IllegalArgumentException("expected a byte order mark");
        }
        List<List<String>> rows = new ArrayList<>();
        for (int at = 1; at < text.length(); ) {
            List<String> row = new ArrayList<>();
            char after = ',';
            while (after == ',') {
                if (text.charAt(at) != '"') {
                    throw new IllegalArgumentException("expected a quoted cell at " + at);
                }
                StringBuilder cell = new StringBuilder();
                at++;
                while (text.charAt(at) != '"' || text.charAt(at + 1) == '"') {
                    at += text.charAt(at) == '"' ? 1 : 0;
                    cell.append(text.charAt(at++));
                }
                row.add(cell.toString());
                after = text.charAt(at + 1);
                at += 2;
            }
            if (after != '\r' || text.charAt(at) != '\n') {
                throw new IllegalArgumentException("expected CR LF at " + at);
            }
            at++;
            if (!rows.isEmpty() && rows.get(0).size() != row.size()) {
                throw new IllegalArgumentException("expected " + rows.get(0).size() + " cells, found " + row.size());
            }
            rows.add(row);
        }
        return rows;
    }

    /** Returns the value that a cell shows; the inverse of what a table does to it. */
    static String value(String cell) {
        String shown = cell.startsWith("'") ? cell.substring(1) : cell;
        StringBuilder value = new StringBuilder();
        for (int at = 0; at < shown.length(); ) {
            if (shown.charAt(at) == VisibleText.OPEN) {
                int end = shown.indexOf(VisibleText.CLOSE, at);
                value.appendCodePoint(Integer.parseInt(shown.substring(at + 3, end), 16));
                at = end + 1;
            } else {
                value.append(shown.charAt(at++));
            }
        }
        return value.toString();
    }
}
