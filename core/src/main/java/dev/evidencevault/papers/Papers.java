package dev.evidencevault.papers;

import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.PaperFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the papers of a bundle from the files that it holds: all of {@link PaperFiles}, or all but the views. Immutable, safe for use by several
 * threads.
 *
 * <p>Records are read one by one, however many there are; the same files and the same {@link Tool} give the same bytes.
 *
 * <pre>{@code
 * new Papers(Tool.running()).write(name -> Files.newInputStream(bag.resolve(name)), this::create);
 * }</pre>
 */
public final class Papers {
    private final Tool tool;
    private final boolean views;

    /** The files of a bundle, by their names relative to the bag: order, export statement, proofs, records and originals. */
    @FunctionalInterface
    public interface Source {
        /** Opens a file from its start; more than one may be open at once, and one may be opened again. */
        InputStream open(String name) throws IOException;
    }

    /** Takes the papers. */
    @FunctionalInterface
    public interface Sink {
        /** Creates a file of this name, relative to the bag; it is closed when it is whole. */
        OutputStream create(String name) throws IOException;
    }

    /** Creates the writer of all papers; they name the tool. */
    public Papers(Tool tool) {
        this(tool, true);
    }

    /** Creates the writer of papers; {@code views} says whether convenience copies of the records are among them. */
    public Papers(Tool tool, boolean views) {
        this.tool = tool;
        this.views = views;
    }

    /**
     * Writes the papers. What was written before an exception is thrown must not be handed over.
     *
     * @throws ForeignRecordException if the files hold a record, header or head that is not of the order's tenant
     * @throws MalformedBundleException if the files are not those of a bundle
     */
    public void write(Source source, Sink sink) throws IOException {
        Texts english = Texts.of("en");
        Texts japanese = Texts.of("ja");
        Holdings holdings = Holdings.read(source);
        NonExposure check = new NonExposure(holdings);
        Totals totals = new Totals();
        Outlook outlook;
        String inventory;
        try (ItemsPaper items = new ItemsPaper(sink.create(PaperFiles.ITEMS));
                LocationsPaper locations = new LocationsPaper(
                        sink.create(PaperFiles.LOCATIONS),
                        holdings.scope().logId().toString());
                ErrorsPaper errors = new ErrorsPaper(sink.create(PaperFiles.ERRORS), english, japanese);
                InventoryPaper rows = new InventoryPaper(sink.create(PaperFiles.INVENTORY_TABLE), japanese);
                RecordsView table = views ? new RecordsView(sink.create(PaperFiles.RECORDS_VIEW)) : null;
                OcsfView ocsf = views ? new OcsfView(sink.create(PaperFiles.OCSF_VIEW), holdings) : null) {
            List<StreamedPaper> papers = new ArrayList<>(List.of(totals, items, locations, errors, rows));
            if (table != null && ocsf != null) {
                papers.addAll(List.of(table, ocsf));
            }
            new BundleWalk(source, holdings, check, papers).run();
            outlook = Outlook.of(holdings, totals.sealedAt());
            errors.finish(outlook);
            inventory = rows.printed();
        }
        SummaryTables tables = new SummaryTables(holdings, totals, outlook, english);
        tables.writeSummary(sink.create(PaperFiles.SUMMARY));
        tables.writeSettings(sink.create(PaperFiles.SETTINGS));
        Map<String, String> values = new Wording(holdings, totals, outlook, tool, english).values();
        fill("certificate-902-13.md", values, sink, PaperFiles.CERTIFICATE_SYSTEM);
        fill("certificate-902-14.md", values, sink, PaperFiles.CERTIFICATE_COPY);
        Map<String, String> valuesJa = new Wording(holdings, totals, outlook, tool, japanese).values();
        fill("certificate.ja.md", valuesJa, sink, PaperFiles.CERTIFICATE_JA);
        valuesJa.put("rows", inventory);
        valuesJa.put("printedMax", String.valueOf(InventoryPaper.PRINTED_MAX));
        fill("inventory.ja.md", valuesJa, sink, PaperFiles.INVENTORY);
        write(sink, PaperFiles.NON_EXPOSURE, new NonExposureFile(holdings, check.counted(), english, japanese).bytes());
        write(sink, PaperFiles.CASE, new CaseFile(holdings).bytes());
        write(sink, PaperFiles.TOOL, new ToolFile(holdings, tool, views).bytes(english, japanese));
        Template.copy("README.ja.txt", sink.create(PaperFiles.README_JA));
        if (views) {
            Template.copy("views-README.txt", sink.create(PaperFiles.VIEWS_README));
        }
        Template.copy("event.schema.json", sink.create(PaperFiles.EVENT_SCHEMA));
    }

    private static void fill(String template, Map<String, String> values, Sink sink, String name) throws IOException {
        write(sink, name, Template.resource(template).fill(values).getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Sink sink, String name, byte[] content) throws IOException {
        try (OutputStream out = sink.create(name)) {
            out.write(content);
        }
    }
}
