package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.bundle.MalformedBundleException;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader;
import dev.evidencevault.format.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants whose users, addresses and resources have the same names: nothing of one is in the bundle of the other. */
class NonExposureTest {
    private static final String CANARY = "canary-7f3a";
    private static final String OTHER = "b-corp-canary-7f3a";

    @TempDir
    private Path directory;

    private PaperDesk ours;
    private PaperDesk theirs;

    @BeforeEach
    void exportBothTenants() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            for (int i = 0; i < 6; i++) {
                for (String tenant : List.of("acme", OTHER)) {
                    String mark = tenant.equals("acme") ? "ours" : CANARY;
                    vault.tenant(tenant)
                            .appendAndWait(Event.of("document.read")
                                    .id(mark + "-" + i)
                                    .service("files")
                                    .actor(Actor.tenant("alice").session("s-" + mark))
                                    .sourceIp("192.0.2.7")
                                    .target("document", "q3-report")
                                    .reason("because " + mark)
                                    .details("{\"note\":\"" + mark + "\"}")
                                    .original("raw " + mark)
                                    .build());
                }
                if (i % 2 == 1) {
                    vault.seal();
                }
            }
        }
        ours = PaperDesk.export(path, "'actors':['alice']", directory.resolve("a.zip"));
        theirs = PaperDesk.export(
                path, PaperDesk.order(OTHER, "'actors':['alice']"), Completeness.INDEX, directory.resolve("b.zip"));
    }

    /** What is the other tenant's alone: its name, its log, its pseudonyms, its salts and the ids of its records. */
    private Set<String> canaries() {
        Set<String> canaries = new TreeSet<>(List.of(CANARY, OTHER));
        Set<String> shared = new TreeSet<>();
        hex(theirs, canaries);
        hex(ours, shared);
        canaries.removeAll(shared);
        assertTrue(canaries.size() > 40, canaries::toString);
        for (String record : lines(theirs, BundleLayout.RECORDS)) {
            canaries.add(
                    LogRecord.parse(record.getBytes(StandardCharsets.UTF_8)).id());
        }
        return canaries;
    }

    /** All that stands in hexadecimal digits in the proofs, but for the way from a log to the vault's checkpoint. */
    private static void hex(PaperDesk desk, Set<String> found) {
        for (String name :
                List.of(BundleLayout.SCOPE, BundleLayout.LEAVES, BundleLayout.SEGMENTS, BundleLayout.CHECKPOINT)) {
            String text = PaperDesk.text(desk.files(), name);
            Pattern.compile("[0-9a-f]{32,}").matcher(text).results().forEach(match -> found.add(match.group()));
        }
        for (String line :
                PaperDesk.text(desk.files(), BundleLayout.LEAVES).lines().toList()) {
            LeafHeader header =
                    LeafLine.parse(line.getBytes(StandardCharsets.UTF_8)).header();
            found.add(header.logId().toString());
            found.add(header.serviceTag().toString());
            header.actors().forEach(actor -> found.add(actor.tag().toString()));
            found.add(header.leafHash().hex());
        }
        found.remove("0".repeat(32));
    }

    @Test
    void noByteOfTheOtherTenantIsInTheBundle() throws Exception {
        Set<String> expected = new TreeSet<>(BundleLayout.companions());
        expected.removeAll(ours.files().keySet());
        assertEquals(Set.of(), expected);
        for (String canary : canaries()) {
            for (Map.Entry<String, byte[]> file : ours.files().entrySet()) {
                requireAbsent(canary, file.getValue(), file.getKey());
            }
        }
        String report = PaperDesk.text(ours.files(), BundleLayout.REPORT);
        String decoded = decodedData(report);
        assertTrue(decoded.contains("because ours") && decoded.contains("\"tenant\":\"acme\""), "it is decoded");
        StringBuilder cells = new StringBuilder();
        for (String name : ours.files().keySet()) {
            if (name.endsWith(".csv")) {
                PaperDesk.table(PaperDesk.text(ours.files(), name))
                        .forEach(row -> row.forEach(
                                cell -> cells.append(PaperDesk.value(cell)).append('\n')));
            }
        }
        for (String canary : canaries()) {
            assertFalse(decoded.contains(canary), "the report's data: " + canary);
            assertFalse(cells.indexOf(canary) >= 0, "a table: " + canary);
        }
    }

    /** Looks for a text as it is, in capitals and, if it is hexadecimal digits, as the bytes that they are. */
    private static void requireAbsent(String canary, byte[] content, String name) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(canary), name + ": " + canary);
        if (canary.matches("([0-9a-f]{2}){16,}")) {
            byte[] bytes = HexFormat.of().parseHex(canary);
            assertFalse(text.contains(canary.toUpperCase(Locale.ROOT)), name + ": " + canary);
            assertFalse(text.contains(new String(bytes, StandardCharsets.ISO_8859_1)), name + ": bytes of " + canary);
            String base64 = Base64.getEncoder().encodeToString(bytes);
            assertFalse(text.contains(base64.substring(0, 20)), name + ": base64 of " + canary);
        }
    }

    /** All texts of the data in a page, as its script has them. */
    private static String decodedData(String page) throws IOException {
        StringBuilder texts = new StringBuilder();
        Matcher blocks = Pattern.compile(
                        "<script type=\"application/json\" id=\"data-[a-z-]+\">\n(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        while (blocks.find()) {
            for (String line : blocks.group(1).lines().toList()) {
                append(Json.mapper().readTree(line), texts);
            }
        }
        return texts.toString();
    }

    private static void append(JsonNode node, StringBuilder texts) {
        if (node.isTextual()) {
            texts.append(node.textValue()).append('\n');
        }
        if (node.has("base64")) {
            byte[] bytes = Base64.getDecoder().decode(node.path("base64").asText());
            texts.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
        }
        node.forEach(part -> append(part, texts));
    }

    /** Papers that are made again say no more than those in the bundle. */
    @Test
    void noByteOfTheOtherTenantIsInAPaper() throws Exception {
        Map<String, byte[]> papers = ours.papers();
        for (String canary : canaries()) {
            papers.forEach((name, content) -> requireAbsent(canary, content, name));
        }
        assertTrue(PaperDesk.text(theirs.papers(), PaperFiles.ITEMS).contains(CANARY), "the canary is one");
    }

    @Test
    void theStatementCountsWhatWasLookedAt() throws Exception {
        var json = Json.parseObject(Objects.requireNonNull(ours.papers().get(PaperFiles.NON_EXPOSURE)), "statement");
        assertEquals("noneFound", json.path("result").asText());
        assertEquals("acme", json.path("tenant").asText());
        assertEquals(6, json.path("checks").get(0).path("counted").asInt());
        assertEquals(6, json.path("checks").get(2).path("counted").asInt());
        assertEquals(3, json.path("checks").get(3).path("counted").asInt());
        assertEquals(9, json.path("keys").path("saltsShown").asInt());
        assertEquals(1, json.path("keys").path("logsOpened").size());
        assertEquals(20, json.path("otherTenants").path("blindedHashes").asInt());
    }

    private List<String> lines(PaperDesk desk, String name) {
        return new ArrayList<>(PaperDesk.text(desk.files(), name).lines().toList());
    }

    private void put(String name, List<String> lines) {
        ours.files().put(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private <T extends IOException> T refused(Class<T> type) {
        T refusal = assertThrows(type, ours::papers);
        assertFalse(String.valueOf(refusal.getMessage()).contains(CANARY), refusal.getMessage());
        return refusal;
    }

    @Test
    void aRecordOfTheOtherTenantIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2));
        put(BundleLayout.RECORDS, records);
        assertTrue(String.valueOf(refused(ForeignRecordException.class).getMessage())
                .contains(BundleLayout.RECORDS + " line 3: expected a record that names the order's tenant"));
    }

    @Test
    void aRecordOfTheOtherTenantThatNamesOursIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2).replace(OTHER, "acme"));
        put(BundleLayout.RECORDS, records);
        refused(ForeignRecordException.class);
    }

    @Test
    void aRecordWithItsOwnLeafOfTheOtherLogIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        records.set(2, lines(theirs, BundleLayout.RECORDS).get(2).replace(OTHER, "acme"));
        put(BundleLayout.RECORDS, records);
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        leaves.set(2, lines(theirs, BundleLayout.LEAVES).get(2));
        put(BundleLayout.LEAVES, leaves);
        assertTrue(String.valueOf(refused(ForeignRecordException.class).getMessage())
                .contains("expected a leaf header of the scope's log"));
    }

    @Test
    void aWithheldHeaderOfTheOtherLogIsRefused() {
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        LeafLine foreign =
                LeafLine.parse(lines(theirs, BundleLayout.LEAVES).get(5).getBytes(StandardCharsets.UTF_8));
        leaves.add(new String(LeafLine.withheld(foreign.header()).format(), StandardCharsets.UTF_8));
        put(BundleLayout.LEAVES, leaves);
        refused(ForeignRecordException.class);
    }

    @Test
    void theOtherTenantsStatementOrCheckpointIsRefused() {
        for (String name : List.of(BundleLayout.EXPORT, BundleLayout.CHECKPOINT, BundleLayout.SCOPE)) {
            byte[] own = Objects.requireNonNull(
                    ours.files().put(name, Objects.requireNonNull(theirs.files().get(name))));
            refused(ForeignRecordException.class);
            ours.files().put(name, own);
        }
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        List<String> records = lines(ours, BundleLayout.RECORDS);
        List<String> more = new ArrayList<>(records);
        more.add(records.get(0));
        put(BundleLayout.RECORDS, more);
        refused(MalformedBundleException.class);
        put(BundleLayout.RECORDS, records.subList(0, 5));
        refused(MalformedBundleException.class);
        put(BundleLayout.RECORDS, records);
        List<String> leaves = lines(ours, BundleLayout.LEAVES);
        put(BundleLayout.LEAVES, leaves.subList(0, 5));
        refused(MalformedBundleException.class);
        List<String> changed = new ArrayList<>(records);
        changed.set(0, records.get(0).replace("because", "BECAUSE"));
        put(BundleLayout.LEAVES, leaves);
        put(BundleLayout.RECORDS, changed);
        refused(ForeignRecordException.class);
        assertTrue(
                LogRecord.parse(changed.get(0).getBytes(StandardCharsets.UTF_8)).seq() == 0);
    }
}
