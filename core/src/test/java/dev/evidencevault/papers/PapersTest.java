package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The papers of real exports of a small vault. */
class PapersTest {
    @TempDir
    private static Path directory;

    private static Path vault;

    @TempDir
    private Path out;

    @BeforeAll
    static void writeVault() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
    }

    private PaperDesk export(String scope) throws Exception {
        return PaperDesk.export(vault, scope, out.resolve("bundle.zip"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'actors':['alice']",
                "'actors':['operator'],'services':['files','billing']",
                "'privilegedOnly':true",
                "'from':'2026-05-03','to':'2026-05-05T12:00:00Z'",
                "'from':'2027-01-01'",
                "'from':'2026-05-04','to':'2300-01-01'",
                "'clock':'recorded'",
                "'clock':'recorded','from':'2026-06-01'",
                "'clock':'recorded','to':'2026-06-01'",
                "'clock':'recorded','to':'2261-06-01','actors':['bob'],'expires':'2262-01-01'",
            })
    void papersFollowFromTheBundleAndSayWhatItHolds(String scope) throws Exception {
        if (scope.contains("2300")) {
            scope = scope.replace("2300", "2261");
        }
        PaperDesk desk = export(scope);
        Map<String, byte[]> papers = desk.papers();
        Set<String> expected = new TreeSet<>(PaperFiles.payload());
        expected.addAll(PaperFiles.tags());
        assertEquals(expected, papers.keySet());
        desk.papers().forEach((name, content) -> assertArrayEquals(papers.get(name), content, name));

        requireItems(desk, papers);
        requireSummary(desk, papers);
        for (Map.Entry<String, byte[]> paper : papers.entrySet()) {
            String text = new String(paper.getValue(), StandardCharsets.UTF_8);
            assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), paper.getValue(), paper.getKey());
            if (paper.getKey().endsWith(".md")) {
                assertFalse(text.matches("(?s).*\\{[A-Za-z]+\\}.*"), paper.getKey());
            }
            if (paper.getKey().endsWith(".json") || paper.getKey().endsWith(".jsonld")) {
                Json.parseObject(paper.getValue(), paper.getKey());
            }
            assertFalse(text.contains(SmallVault.OTHER_TENANT), paper.getKey());
            assertFalse(text.contains(SmallVault.OTHER_ACTOR), paper.getKey());
        }
    }

    private static void requireItems(PaperDesk desk, Map<String, byte[]> papers) throws Exception {
        byte[] file = desk.files().get(BundleLayout.RECORDS);
        List<String> lines =
                PaperDesk.text(desk.files(), BundleLayout.RECORDS).lines().toList();
        List<Map<String, String>> items = PaperDesk.rows(papers, PaperFiles.ITEMS);
        assertEquals(lines.size(), items.size());
        assertEquals(
                lines.size(), PaperDesk.rows(papers, PaperFiles.RECORDS_VIEW).size());
        assertEquals(
                lines.size(), PaperDesk.rows(papers, PaperFiles.INVENTORY_TABLE).size());
        assertEquals(
                lines.size(),
                PaperDesk.text(papers, PaperFiles.OCSF_VIEW).lines().count());
        for (int i = 0; i < lines.size(); i++) {
            Map<String, String> item = items.get(i);
            LogRecord record = LogRecord.parse(lines.get(i).getBytes(StandardCharsets.UTF_8));
            assertEquals(String.valueOf(record.seq()), item.get("seq"));
            assertEquals(record.id(), item.get("id"));
            assertEquals(String.valueOf(i + 1), item.get("line"));
            int offset = Integer.parseInt(item.get("byteOffset"));
            byte[] line = Arrays.copyOfRange(file, offset, offset + Integer.parseInt(item.get("bytes")));
            assertArrayEquals(record.line(), line);
            assertEquals(Digest.sha256(line).hex(), item.get("sha256"));
            assertTrue(
                    PaperDesk.text(papers, PaperFiles.INVENTORY).contains(item.get("sha256")),
                    "the inventory has its hash");
        }
    }

    private static void requireSummary(PaperDesk desk, Map<String, byte[]> papers) throws Exception {
        List<Map<String, String>> rows = PaperDesk.rows(papers, PaperFiles.SUMMARY);
        assertEquals(1, rows.size());
        Map<String, String> summary = rows.get(0);
        Order order = Order.parse(desk.files().get(BundleLayout.ORDER));
        assertEquals(order.order(), summary.get("order"));
        assertEquals(order.tenant(), summary.get("tenant"));
        assertEquals(String.valueOf(desk.files().get(BundleLayout.RECORDS).length), summary.get("bytes"));
        assertEquals(desk.report().verdict().label(), summary.get("expectedVerdict"), desk.report()::toString);
        long shown = 0;
        for (Map<String, String> location : PaperDesk.rows(papers, PaperFiles.LOCATIONS)) {
            shown += Long.parseLong(location.get("recordsShown"));
        }
        assertEquals(summary.get("records"), String.valueOf(shown));
        boolean doubt = !PaperDesk.rows(papers, PaperFiles.ERRORS).isEmpty();
        assertEquals(summary.get("expectedVerdict").equals("indeterminate"), doubt);
    }

    @Test
    void countsAreThoseOfTheVault() throws Exception {
        Map<String, byte[]> papers = export("").papers();
        Map<String, String> summary = PaperDesk.rows(papers, PaperFiles.SUMMARY).get(0);
        assertEquals("9", summary.get("records"));
        assertEquals("3", summary.get("actors"));
        assertEquals("1", summary.get("privileged"));
        assertEquals("3", summary.get("segments"));
        assertEquals("0", summary.get("gaps"));
        assertEquals("passed", summary.get("expectedVerdict"));
        assertEquals(
                List.of("3", "3", "3"),
                PaperDesk.rows(papers, PaperFiles.LOCATIONS).stream()
                        .map(row -> row.get("recordsShown"))
                        .toList());
    }

    /** The leaf hash of a seal in the table is the one that the next seal names. */
    @Test
    void locationsHaveTheDigestsThatSealsChainBy() throws Exception {
        PaperDesk desk = export("");
        List<Map<String, String>> locations = PaperDesk.rows(desk.papers(), PaperFiles.LOCATIONS);
        List<String> seals =
                PaperDesk.text(desk.files(), BundleLayout.SEGMENTS).lines().toList();
        for (int i = 1; i < locations.size(); i++) {
            String hash = locations.get(i - 1).get("sealLeafHash");
            assertTrue(seals.get(i).contains("\\\"previousSeal\\\":\\\"" + hash + "\\\""), hash);
        }
    }

    @Test
    void strongBundlesGiveTheSameItems() throws Exception {
        Order order = PaperDesk.order("acme", "'actors':['alice']");
        PaperDesk least = PaperDesk.export(vault, order, Completeness.INDEX, out.resolve("least.zip"));
        PaperDesk strong = PaperDesk.export(vault, order, Completeness.HEADERS, out.resolve("strong.zip"));
        assertArrayEquals(least.papers().get(PaperFiles.ITEMS), strong.papers().get(PaperFiles.ITEMS));
    }

    @Test
    void certificatesNameWhatTheyAreAboutAndAreNotSigned() throws Exception {
        PaperDesk desk = export("");
        Map<String, byte[]> papers = desk.papers();
        String hash = Digest.sha256(desk.files().get(BundleLayout.RECORDS)).hex();
        for (String name : List.of(PaperFiles.CERTIFICATE_SYSTEM, PaperFiles.CERTIFICATE_COPY)) {
            String text = PaperDesk.text(papers, name);
            assertTrue(text.contains(hash), name);
            assertTrue(text.contains("under penalty of perjury"), name);
            assertTrue(text.contains("Template, not signed"), name);
            assertTrue(text.contains("2026 (So) 123"), name);
        }
        assertTrue(PaperDesk.text(papers, PaperFiles.CERTIFICATE_JA).contains(hash));
        assertTrue(PaperDesk.text(papers, PaperFiles.CERTIFICATE_JA).contains("未署名のひな形"));
        String japanTime = "2026-05-01 21:00:00.000000000";
        assertTrue(PaperDesk.text(papers, PaperFiles.INVENTORY).contains(japanTime));
    }

    /** Whoever verifies by hand types the same commands, whichever language they read. */
    @Test
    void bothReadmesHaveTheSameCommandsInTheSameSteps() throws Exception {
        String japanese = PaperDesk.text(export("").papers(), PaperFiles.README_JA);
        String english;
        try (InputStream in = BundleLayout.class.getResourceAsStream("/dev/evidencevault/evidence/README.txt")) {
            english = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertEquals(commands(english), commands(japanese));
        assertEquals(found("(?m)^\\d\\.", english), found("(?m)^\\d\\.", japanese));
        assertEquals(found("RFC \\d+", english), found("RFC \\d+", japanese));
    }

    private static List<String> commands(String text) {
        return text.lines()
                .filter(line -> line.startsWith("     ") && line.charAt(5) < 0x80 || line.startsWith("  evault"))
                .filter(line -> !line.startsWith("      ") || line.startsWith("       -"))
                .toList();
    }

    private static List<String> found(String pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    @Test
    void theCaseFileHasReferencesToWhatItHasOnly() throws Exception {
        PaperDesk desk = export("'expires':'2262-01-01'");
        String text = PaperDesk.text(desk.papers(), PaperFiles.CASE);
        Set<String> referred = new TreeSet<>(found("\"@id\":\"kb:[^\"]+\"", text));
        long nodes = found("\"@id\":\"kb:[^\"]+\",\"@type\"", text).size();
        assertEquals(nodes, referred.size());
        for (String type : List.of("Authorization", "InvestigativeAction", "ProvenanceRecord")) {
            assertTrue(text.contains("\"@type\":\"case-investigation:" + type + "\""), type);
        }
        assertTrue(text.contains("\"@value\":\"2262-01-01T00:00:00.000000000Z\""));
        assertTrue(text.contains(
                Digest.sha256(desk.files().get(BundleLayout.RECORDS)).hex()));
    }

    @Test
    void eventsOfTheSchemaFrameworkCarryTheLeafHash() throws Exception {
        Map<String, byte[]> papers = export("").papers();
        List<Map<String, String>> items = PaperDesk.rows(papers, PaperFiles.ITEMS);
        List<String> events =
                PaperDesk.text(papers, PaperFiles.OCSF_VIEW).lines().toList();
        for (int i = 0; i < events.size(); i++) {
            var event = Json.parseObject(events.get(i).getBytes(StandardCharsets.UTF_8), "an event");
            assertTrue(
                    events.get(i)
                            .startsWith("{\"message\":\"Convenience copy; the evidence is data/records/000001.jsonl:"
                                    + (i + 1) + "\""),
                    events.get(i));
            assertEquals(6003, event.path("class_uid").asInt());
            assertEquals(
                    600300 + event.path("activity_id").asInt(),
                    event.path("type_uid").asInt());
            var attestation = event.path("attestation");
            assertEquals(
                    items.get(i).get("leafHash"),
                    attestation.path("fingerprint").path("value").asText());
            assertEquals(3, attestation.path("fingerprint").path("algorithm_id").asInt());
            assertEquals(
                    items.get(i).get("sha256"),
                    event.path("raw_data_hash").path("value").asText());
            assertEquals("acme", event.path("metadata").path("tenant_uid").asText());
        }
        assertTrue(events.get(3).contains("\"activity_id\":4"), events.get(3));
        assertTrue(events.get(4).contains("\"onBehalfOf\":\"alice\""), events.get(4));
    }

    @Test
    void aSinkThatFailsFailsThePapers() throws Exception {
        PaperDesk desk = export("");
        for (String name : PaperFiles.tags()) {
            IOException failure = org.junit.jupiter.api.Assertions.assertThrows(
                    IOException.class,
                    () -> new Papers(PaperDesk.TOOL).write(desk::open, created -> {
                        if (created.equals(name)) {
                            throw new IOException("no room for " + name);
                        }
                        return java.io.OutputStream.nullOutputStream();
                    }));
            assertEquals("no room for " + name, failure.getMessage());
        }
    }
}
