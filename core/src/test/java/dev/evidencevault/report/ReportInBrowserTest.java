package dev.evidencevault.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.format.Json;
import dev.evidencevault.place.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports as a reader opens them: from the file system, in a browser. Skipped where there is no Chromium. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportInBrowserTest {
    private static final String CHECKED = "document.documentElement?.dataset.verdict !== undefined"
            + " && document.documentElement.dataset.verdict !== 'checking'";
    private static final String VERDICT = "document.documentElement.dataset.verdict";
    private static final String COUNT = "document.getElementById('count').textContent";

    @TempDir
    private static Path directory;

    private Browser browser;
    private Path hostile;
    private int pages;

    @BeforeAll
    void start() throws Exception {
        browser = Browser.start();
        hostile = ReportedBundles.report(
                ReportedBundles.hostile(directory, 300), directory.resolve("hostile.html"), ReportBounds.DEFAULT);
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private BrowserPage open(Path page, String language) throws Exception {
        BrowserPage opened = browser.open(page.toUri() + "#" + language, 1280, 900);
        opened.await(CHECKED);
        opened.await("document.querySelectorAll('#rows button').length > 0 ||"
                + " document.getElementById('data-records').textContent.trim() === ''");
        return opened;
    }

    private Path write(String html) throws Exception {
        return Files.writeString(directory.resolve("page-" + pages++ + ".html"), html);
    }

    private static Set<String> failed(BrowserPage page) throws Exception {
        Set<String> failed = new TreeSet<>();
        page.value("[...document.querySelectorAll('[data-check][data-state=failed]')].map((e) => e.dataset.check)")
                .forEach(check -> failed.add(check.asText()));
        return failed;
    }

    private static void requireQuiet(BrowserPage page) {
        assertEquals(List.of(), page.complaints());
        for (String request : page.requests()) {
            assertTrue(
                    request.startsWith("file:") || request.startsWith("blob:") || request.startsWith("data:image/svg"),
                    request);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small-bundle.zip", "small-bundle-headers.zip", "small-bundle-range.zip"})
    void aGoodBundlePassesWithoutANetwork(String name) throws Exception {
        BrowserPage page = open(write(ReportedBundles.report(FormatVectors.path(name))), "en");
        assertEquals("passed", page.text(VERDICT));
        assertEquals(Set.of(), failed(page));
        assertEquals(
                4,
                page.value("document.querySelectorAll('#rows .state.good').length")
                        .asInt());
        assertEquals(
                List.of("postQuantum"),
                texts(page.value("[...document.querySelectorAll('[data-state=open]')].map((e) => e.dataset.check)")));
        assertTrue(page.value("document.querySelectorAll('[data-state=passed]').length")
                        .asInt()
                >= 9);
        requireQuiet(page);
    }

    @ParameterizedTest
    @CsvSource({"AES_P384, 0", "CHACHA_P384, 2", "AES_ED25519, 1"})
    void everySuiteAndSuccessionIsChecked(CryptoSuite suite, int successions) throws Exception {
        Path bundle = ReportedBundles.succeeded(directory, suite, successions);
        BrowserPage page = open(write(ReportedBundles.report(bundle)), "en");
        assertEquals("passed", page.text(VERDICT), () -> failures(page));
        assertEquals(
                List.of("digests", "postQuantum"),
                texts(page.value("[...document.querySelectorAll('[data-state=open]')].map((e) => e.dataset.check)")));
        requireQuiet(page);
        List<SignedNote> notes = new ArrayList<>();
        try (BundleFiles files = BundleFiles.open(bundle)) {
            notes.add(SignedNote.parse(files.read(BundleLayout.SIGNATURE, 1 << 20)));
            notes.add(SignedNote.parse(files.read(BundleLayout.NODE_CHECKPOINT, 1 << 20)));
            Scope.parse(files.read(BundleLayout.SCOPE, 1 << 20))
                    .keys()
                    .successions()
                    .forEach(succession -> notes.add(succession.note()));
        }
        assertEquals(2 + successions, notes.size());
        for (SignedNote note : notes) {
            for (String line : new String(note.format(), StandardCharsets.UTF_8)
                    .substring(note.text().length() + 1)
                    .lines()
                    .toList()) {
                String signature = line.substring(line.lastIndexOf(' ') + 1);
                if (signature.length() > 1000) {
                    // No browser has ML-DSA-44.
                    continue;
                }
                String other = signature.substring(0, 60)
                        + (signature.charAt(60) == 'A' ? 'B' : 'A')
                        + signature.substring(61);
                String html = ReportedBundles.report(bundle);
                assertTrue(html.contains(signature), line);
                BrowserPage bad = open(write(html.replace(signature, other)), "en");
                assertEquals("failed", bad.text(VERDICT), line);
                assertTrue(
                        failed(bad).contains("nodeSignature") || failed(bad).contains("bundleSignature"),
                        () -> failures(bad));
            }
        }
    }

    @Test
    void whatIsWithheldIsSaidWithItsReason() throws Exception {
        BrowserPage page = open(write(ReportedBundles.report(FormatVectors.path("redacted-bundle.zip"))), "en");
        assertEquals("passed", page.text(VERDICT));
        assertEquals(Set.of(), failed(page));
        String check = page.text("document.querySelector('[data-check=redaction]').textContent");
        assertTrue(check.contains("6 fields of 5 records are withheld"), check);
        assertTrue(check.contains("1. /details/patient (4): health of a third person"), check);
        assertTrue(page.text("document.getElementById('rows').textContent").contains("alice"));
        requireQuiet(page);
    }

    @Test
    void aBundleThatSaysWhereRecordsLayPasses() throws Exception {
        Path vault = directory.resolve("placed");
        SmallVault.write(vault);
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.addPlace(new Place("main", "JP", Place.Kind.VAULT, "/srv/vault"));
        }
        Order order =
                Order.parse(("{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 9\",\"tenant\":\"acme\","
                                + "\"from\":\"2026-05-01T00:00:00Z\",\"to\":\"2026-05-05T00:00:00Z\","
                                + "\"requestedBy\":\"a\",\"approvedBy\":\"b\"}")
                        .getBytes(StandardCharsets.UTF_8));
        Path bundle = directory.resolve("placed.zip");
        new EvidenceExport(SmallVault.open(vault), Clock.systemUTC()).export(order, bundle);
        BrowserPage page = open(write(ReportedBundles.report(bundle)), "en");
        assertEquals("passed", page.text(VERDICT));
        assertEquals(Set.of(), failed(page));
        requireQuiet(page);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Every bundle that is wrong in one thing fails in the page as well, whatever the maker of the page wrote into it. */
    @ParameterizedTest
    @CsvSource({"refused-bundles, 20", "refused-redactions, 8"})
    void refusedBundlesFail(String directory, int least) throws Exception {
        JsonNode bundles = FormatVectors.read(directory + "/expected.json").path("bundles");
        assertTrue(bundles.size() >= least);
        for (JsonNode bundle : bundles) {
            String why = bundle.path("why").asText();
            if (why.contains("stands under this one")
                    || why.equals("the rules are fewer")
                    || why.equals("a file that no bundle has")) {
                // There is no browser that has ML-DSA-44, and no page that knows all names or looks at approvals.
                continue;
            }
            String html = ReportedBundles.report(
                    FormatVectors.path(directory + "/" + bundle.path("file").asText()));
            BrowserPage page = browser.open(write(html).toUri() + "#en", 1280, 900);
            page.await(CHECKED);
            assertEquals("failed", page.text(VERDICT), bundle::toString);
            String claims = page.text("[...document.querySelectorAll('[data-state=failed]')]"
                    + ".map((e) => e.closest('tr').dataset.claim).join()");
            // A pseudonym that is another's shows in the records before it shows in the proofs.
            // The page makes no claim of its own of the files.
            String claim = bundle.path("claim").asText().replace("files", "signature");
            assertTrue(List.of(claims.split(",")).contains(claim), () -> bundle + ": " + claims);
            assertEquals(List.of(), page.complaints());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a character in a record, records, 2, document.read, document.reed, records, 2",
        "a digit of a salt, leaves, 2, \\\"salt\\\":\\\"., \\\"salt\\\":\\\"x, records, 2",
        "a digit of a header, leaves, 2, \\\"header\\\":\\\"01, \\\"header\\\":\\\"02, segments, 0",
        "the time in a header, leaves, 2, TIME, TIME, records, 2",
        "a digit of a seal, segments, 1, \\\\\\\"blocks\\\\\\\":\\\\\\\"., \\\\\\\"blocks\\\\\\\":\\\\\\\"x, segments, 0",
        "a digit of a seal's salt, segments, 1, \\\"salt\\\":\\\"., \\\"salt\\\":\\\"x, segments, 0",
    })
    void aChangedByteFailsWhereItStands(
            String what, String block, int line, String from, String to, String check, int record) throws Exception {
        String html = change(FormatVectors.path("small-bundle.zip"), block, line, text -> changed(text, from, to));
        BrowserPage page = open(write(html), "en");
        assertEquals("failed", page.text(VERDICT), what);
        assertTrue(failed(page).contains(check), () -> what + ": " + failures(page));
        if (record > 0) {
            assertEquals(
                    1,
                    page.value("document.querySelectorAll('#rows tr:nth-child(" + (record + 1)
                                    + ") .state.failed').length")
                            .asInt(),
                    what);
        }
        requireQuiet(page);
    }

    private static String failures(BrowserPage page) {
        try {
            return page.text("document.getElementById('claims').textContent");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Replaces a text; a dot and an x in the end stand for a hexadecimal digit and another one. */
    private static String changed(String text, String from, String to) {
        if (from.equals("TIME")) {
            int at = text.indexOf("header") + "header\\\":\\\"".length() + 72 + 15;
            return otherDigit(text, at);
        }
        if (!from.endsWith(".") || !to.endsWith("x")) {
            assertTrue(text.contains(from), text);
            return text.replace(from, to);
        }
        int at = text.indexOf(from.substring(0, from.length() - 1));
        assertTrue(at >= 0, text);
        return otherDigit(text, at + from.length() - 1);
    }

    private static String otherDigit(String text, int at) {
        char digit = text.charAt(at);
        assertTrue("0123456789abcdef".indexOf(digit) >= 0, text.substring(0, at + 1));
        return text.substring(0, at) + (digit == '0' ? '1' : '0') + text.substring(at + 1);
    }

    /** Changes a line of a block in the report of a bundle; the first is 1. */
    private static String change(Path bundle, String block, int line, UnaryOperator<String> change) throws Exception {
        String html = ReportedBundles.report(bundle);
        String old = ReportedBundles.block(html, block).get(line - 1);
        String changed = change.apply(old);
        assertFalse(changed.equals(old));
        return html.replace("\n" + old + "\n", changed.isEmpty() ? "\n" : "\n" + changed + "\n");
    }

    @Test
    void aRecordThatIsGoneIsNamed() throws Exception {
        String html = change(FormatVectors.path("small-bundle.zip"), "records", 2, line -> "");
        BrowserPage page = open(write(html), "en");
        assertEquals("failed", page.text(VERDICT));
        assertTrue(page.text("document.querySelector('[data-check=records]').textContent")
                .contains("record 5 is missing"));
        assertEquals(
                3,
                page.value("document.querySelectorAll('#rows .state.good').length")
                        .asInt());
    }

    /** A record with another number is the one that fails, not those around it. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "6", "7", "8", "9000"})
    void aChangedNumberFailsWhereItStands(String seq) throws Exception {
        String html = change(
                FormatVectors.path("small-bundle.zip"),
                "records",
                2,
                line -> line.replace("\\\"seq\\\":5", "\\\"seq\\\":" + seq));
        BrowserPage page = open(write(html), "en");
        assertEquals("failed", page.text(VERDICT));
        assertEquals(
                "good failed good good",
                page.text("[...document.querySelectorAll('#rows .state')].map((e) => e.classList[1]).join(' ')"));
    }

    @ParameterizedTest
    @CsvSource({
        "proofs/node-checkpoint.note, nodeSignature",
        "signature.note, bundleSignature",
        "signature-ml-dsa.note, bundleSignature",
        "proofs/checkpoint.txt, anchor",
        "proofs/anchor.json, anchor",
        "proofs/scope.json, order",
        "custody/order.json, digests",
        "custody/export.json, digests",
        "bag-info.txt, digests",
        "tagmanifest-sha256.txt, bundleSignature",
    })
    void aChangedFileFails(String name, String check) throws Exception {
        String html = ReportedBundles.report(FormatVectors.path("small-bundle.zip"));
        List<String> files = ReportedBundles.block(html, "files");
        String old = files.stream()
                .filter(line -> line.contains("\"" + name + "\""))
                .findFirst()
                .orElseThrow();
        JsonNode file = Json.mapper().readTree(old);
        String content = file.path("content").textValue();
        String changed = Json.object()
                .put("name", name)
                .put("content", otherCharacter(name, content))
                .toString();
        BrowserPage page = open(write(html.replace(old, changed)), "en");
        assertEquals("failed", page.text(VERDICT));
        assertTrue(failed(page).contains(check), () -> failures(page));
        assertEquals(List.of(), page.complaints());
    }

    /** A page has all of these files, or none: then it was made before the bundle was signed. */
    @ParameterizedTest
    @CsvSource({
        "manifest-sha256.txt, digests",
        "tagmanifest-sha256.txt, bundleSignature",
        "signature.note, bundleSignature",
        "signature-ml-dsa.note, bundleSignature",
    })
    void oneFileThatIsGoneFails(String name, String check) throws Exception {
        String html = ReportedBundles.report(FormatVectors.path("small-bundle.zip"));
        String file = ReportedBundles.block(html, "files").stream()
                .filter(line -> line.contains("\"" + name + "\""))
                .findFirst()
                .orElseThrow();
        BrowserPage page = open(write(html.replace(file + "\n", "")), "en");
        assertEquals("failed", page.text(VERDICT));
        assertTrue(failed(page).contains(check), () -> failures(page));
        assertEquals(List.of(), page.complaints());
    }

    /** Changes a character; of a note, one of the first signature. */
    private static String otherCharacter(String name, String content) {
        int at = name.endsWith(".note")
                ? content.indexOf(' ', content.indexOf('\u2014') + 2) + 20
                : name.endsWith(".txt") ? content.length() - 10 : content.indexOf("20") + 3;
        if (name.endsWith("anchor.json")) {
            at = content.indexOf("nodePath") + 15;
        } else if (name.endsWith("scope.json")) {
            at = content.indexOf("\"actors\":{\"") + 12;
        } else if (name.startsWith("tagmanifest")) {
            at = 3;
        }
        char c = content.charAt(at);
        return content.substring(0, at) + (c == 'b' ? 'c' : 'b') + content.substring(at + 1);
    }

    @Test
    void hostileRecordsAreShownAndHarmNobody() throws Exception {
        BrowserPage page = open(hostile, "en");
        assertEquals("passed", page.text(VERDICT));
        assertEquals("undefined", page.text("typeof window.harmed"));
        assertEquals(
                0,
                page.value("document.querySelectorAll('main img, main iframe').length")
                        .asInt());
        assertEquals("301 of 301 records", page.text(COUNT));
        assertEquals(
                ReportedBundles.HOSTILE.get(0),
                page.text("document.querySelector('#rows tr:nth-child(2) .action').textContent"));
        openRecord(page, 3);
        String text = page.text("document.getElementById('detail-body').textContent");
        assertTrue(text.contains("U+202E") && text.contains("gpj.exe"), text);
        assertFalse(text.contains("\u202E"));
        openRecord(page, 13);
        assertTrue(
                page.text("document.getElementById('detail-body').textContent").contains("Show all 100,"));
        assertEquals("undefined", page.text("typeof window.harmed"));
        requireQuiet(page);
    }

    private static void openRecord(BrowserPage page, int place) throws Exception {
        page.value("document.getElementById('detail').close()");
        page.value("document.querySelector('#rows button[data-place=\"" + place + "\"]').click()");
        page.await("document.getElementById('detail').open");
    }

    @Test
    void languageAndZoneChangeEveryText() throws Exception {
        BrowserPage page = open(hostile, "en");
        assertEquals("en", page.text("document.documentElement.lang"));
        String english = page.text("document.querySelector('main').innerText");
        page.value("document.querySelector('#languages button[data-value=ja]').click()");
        assertEquals("ja", page.text("document.documentElement.lang"));
        String japanese = page.text("document.querySelector('main').innerText");
        assertTrue(japanese.contains("検証結果") && japanese.contains("網羅性"), japanese);
        assertFalse(japanese.contains("Completeness") || japanese.contains("What was ordered"));
        assertTrue(english.contains("2026-05-01 00:00:00 UTC"), english);
        page.value("document.querySelector('#zones button[data-value=zoneJst]').click()");
        assertTrue(page.text("document.querySelector('main').innerText").contains("2026-05-01 09:00:00 +09:00"));
        assertEquals("true", page.text("document.querySelector('#zones button[data-value=zoneJst]').ariaPressed"));
        requireQuiet(page);
    }

    @Test
    void filtersNarrowTheTable() throws Exception {
        BrowserPage page = open(hostile, "en");
        filter(page, "kind", "privileged", "30 of 301 records");
        filter(page, "actor", "OPERATOR", "30 of 301 records");
        filter(page, "kind", "all", "30 of 301 records");
        filter(page, "actor", "", "301 of 301 records");
        filter(page, "kind", "notice", "1 of 301 records");
        filter(page, "kind", "failed", "0 of 301 records");
        filter(page, "kind", "all", "301 of 301 records");
        filter(page, "action", "document.read", "200 of 301 records");
        filter(page, "from", "2026-05-01T01:00", "160 of 301 records");
        filter(page, "to", "2026-05-01T02:00", "40 of 301 records");
        filter(page, "text", "証跡", "3 of 301 records");
        page.value("document.querySelector('#filters [type=reset]').click()");
        page.await(COUNT + " === '301 of 301 records'");
        requireQuiet(page);
    }

    private static void filter(BrowserPage page, String name, String value, String expected) throws Exception {
        page.value("(() => { const field = document.querySelector('#filters [name=" + name + "]'); field.value = '"
                + value + "'; field.dispatchEvent(new Event('input', {bubbles: true})); })()");
        page.await("document.querySelector('#filters [name=" + name + "]').value === '" + value + "'");
        for (int i = 0; i < 100 && !page.text(COUNT).equals(expected); i++) {
            Thread.sleep(20);
        }
        assertEquals(expected, page.text(COUNT), name);
    }

    @Test
    void theKeyboardGoesFromRecordToRecord() throws Exception {
        BrowserPage page = open(hostile, "en");
        page.value("document.querySelector('#rows button').focus()");
        for (int i = 0; i < 50; i++) {
            page.call(
                    "Input.dispatchKeyEvent",
                    Json.object().put("type", "keyDown").put("key", "ArrowDown").put("code", "ArrowDown"));
        }
        assertEquals("50", page.text("document.activeElement.dataset.place"));
        page.call(
                "Input.dispatchKeyEvent",
                Json.object()
                        .put("type", "keyDown")
                        .put("key", "Enter")
                        .put("code", "Enter")
                        .put("text", "\r"));
        page.await("document.getElementById('detail').open");
        assertEquals("Record No. 50", page.text("document.getElementById('detail-heading').textContent"));
        page.value("document.getElementById('detail-next').click()");
        assertEquals("Record No. 51", page.text("document.getElementById('detail-heading').textContent"));
        page.value("document.getElementById('detail').close()");
        page.await("document.activeElement.dataset.place === '51'");
    }

    @Test
    void aKeyFromElsewhereIsCompared() throws Exception {
        Path bundle = FormatVectors.path("small-bundle.zip");
        String key;
        try (BundleFiles files = BundleFiles.open(bundle)) {
            key = Scope.parse(files.read(BundleLayout.SCOPE, 1 << 20))
                    .verifier()
                    .format();
        }
        BrowserPage page = open(write(ReportedBundles.report(bundle)), "en");
        giveKey(page, " " + key + "\\n");
        assertEquals("passed", page.text(VERDICT));
        assertTrue(
                page.text("document.getElementById('key-result').textContent").contains("the same"));
        giveKey(page, FormatVectors.read("anchor.json").path("verifierKey").asText());
        assertEquals("failed", page.text(VERDICT));
        assertTrue(
                page.text("document.getElementById('key-result').textContent").contains("another key"));
        giveKey(page, "nonsense");
        assertEquals("failed", page.text(VERDICT));
        giveKey(page, "");
        assertEquals("passed", page.text(VERDICT));
    }

    private static void giveKey(BrowserPage page, String key) throws Exception {
        page.value("(() => { const field = document.getElementById('key'); field.value = '" + key
                + "'; field.dispatchEvent(new Event('input')); })()");
    }

    @Test
    void aPageWithTheFirstRecordsOnlySaysSo() throws Exception {
        Path file = ReportedBundles.report(
                FormatVectors.path("small-bundle.zip"),
                directory.resolve("part.html"),
                new ReportBounds(3, 1 << 20, 1 << 20));
        BrowserPage page = open(file, "en");
        assertEquals("indeterminate", page.text(VERDICT));
        assertTrue(page.text("document.getElementById('part').innerText").contains("first 3 of 4 records"));
        assertEquals(
                3,
                page.value("document.querySelectorAll('#rows .state.alone').length")
                        .asInt());
        assertEquals(Set.of(), failed(page));
        String html = Files.readString(file);
        String line = ReportedBundles.block(html, "records").get(0);
        page = open(write(html.replace(line, line.replace("document.delete", "document.create"))), "en");
        assertEquals("failed", page.text(VERDICT));
        assertEquals(Set.of("records"), failed(page));
    }

    /** A report that goes into the bundle is made before there are manifests and a signature. */
    @Test
    void beforeTheBundleIsSignedThePageChecksEverythingElse() throws Exception {
        Path bag = directory.resolve("unsigned");
        try (BundleFiles files = BundleFiles.open(FormatVectors.path("small-bundle.zip"))) {
            Set<String> names = new TreeSet<>(files.sizes().keySet());
            names.removeAll(Set.of(
                    BundleLayout.MANIFEST,
                    BundleLayout.TAG_MANIFEST,
                    BundleLayout.SIGNATURE,
                    BundleLayout.POST_QUANTUM_SIGNATURE));
            for (String name : names) {
                Files.createDirectories(bag.resolve(name).getParent());
                Files.write(bag.resolve(name), files.read(name, 1 << 20));
            }
        }
        BrowserPage page = open(write(ReportedBundles.report(bag)), "en");
        assertEquals("passed", page.text(VERDICT));
        assertEquals(
                List.of("digests", "bundleSignature", "postQuantum"),
                texts(page.value("[...document.querySelectorAll('[data-state=open]')].map((e) => e.dataset.check)")));
        assertTrue(page.text("document.getElementById('page-sentence').textContent")
                .contains("Signature of the bundle"));
    }

    /** The report in a bundle, and the one of a bundle that has a report in it. */
    @Test
    void companionsAreLeftToOthers() throws Exception {
        Path bundle = ReportedBundles.plain(Files.createDirectory(directory.resolve("whole")), 20);
        String inside;
        try (BundleFiles files = BundleFiles.open(bundle)) {
            inside = new String(files.read(BundleLayout.REPORT, 1 << 24), StandardCharsets.UTF_8);
        }
        for (String html : List.of(inside, ReportedBundles.report(bundle))) {
            BrowserPage page = open(write(html), "en");
            assertEquals("passed", page.text(VERDICT));
            assertEquals(Set.of(), failed(page));
            List<String> open = texts(
                    page.value("[...document.querySelectorAll('[data-state=open]')].map((e) => e.dataset.check)"));
            assertEquals(
                    html.equals(inside)
                            ? List.of("digests", "bundleSignature", "postQuantum")
                            : List.of("digests", "postQuantum"),
                    open);
            // Where the page holds no verdict it says who gives it, and no more.
            for (String id : List.of("inside", "inside-box", "verify-box")) {
                assertEquals(
                        html.equals(inside) == id.equals("verify-box"),
                        page.value("document.getElementById('" + id + "').hidden")
                                .asBoolean(),
                        id);
            }
            requireQuiet(page);
        }
        String whole = ReportedBundles.report(bundle);
        String name = "{\"name\":\"" + PaperFiles.ITEMS + "\",\"bytes\":";
        assertTrue(whole.contains(name));
        BrowserPage renamed = open(write(whole.replace(name, name.replace("Items", "Other"))), "en");
        assertEquals("failed", renamed.text(VERDICT));
        assertEquals(Set.of("digests"), failed(renamed));
    }

    @Test
    void recordsThatAreNoneAreShownAndFail() throws Exception {
        String html = ReportedBundles.report(FormatVectors.path("small-bundle.zip"));
        String old = ReportedBundles.block(html, "records").get(1);
        for (String line : List.of(
                "{\"base64\":\"wyg=\"}",
                "\"\"",
                "\"not a record\"",
                "\"[1]\"",
                "\"{\\\"type\\\":\\\"event\\\",\\\"seq\\\":{\\\"toString\\\":1}}\"",
                "\"{\\\"type\\\":\\\"gap\\\",\\\"seq\\\":5,\\\"gap\\\":{\\\"rate\\\":{\\\"valueOf\\\":1}}}\"",
                "\"{\\\"type\\\":\\\"change\\\",\\\"seq\\\":5,\\\"change\\\":null,\\\"targets\\\":[null]}\"")) {
            BrowserPage page = open(write(html.replace(old, line)), "en");
            assertEquals("failed", page.text(VERDICT), line);
            assertTrue(failed(page).contains("records"), line);
            assertEquals(
                    4,
                    page.value("document.querySelectorAll('#rows button').length")
                            .asInt(),
                    line);
            openRecord(page, 1);
            assertEquals(List.of(), page.complaints(), line);
        }
    }

    @Test
    void aBrowserThatOffersLessIsToldFrom() throws Exception {
        String url = write(ReportedBundles.report(FormatVectors.path("small-bundle.zip")))
                        .toUri() + "#en";
        BrowserPage page = browser.open(url, "delete window.Worker; delete window.trustedTypes", 1280, 900);
        page.await(CHECKED);
        assertEquals("passed", page.text(VERDICT));
        page = browser.open(
                url,
                "delete window.Worker; Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})",
                1280,
                900);
        page.await(CHECKED);
        assertEquals("indeterminate", page.text(VERDICT));
        assertEquals(Set.of(), failed(page));
        assertTrue(page.text("document.querySelector('[data-check=nodeSignature]').textContent")
                .contains("does not offer the algorithm of the signature"));
        assertEquals(
                4,
                page.value("document.querySelectorAll('#rows .state.alone').length")
                        .asInt());
        assertEquals(List.of(), page.complaints());
    }

    @Test
    void witnessesAndTimeStampsAreNamedAsNotCheckedHere() throws Exception {
        Path bundle = ReportedBundles.attested(directory);
        BrowserPage page = open(write(ReportedBundles.report(bundle)), "en");
        assertEquals("passed", page.text(VERDICT), () -> failures(page));
        assertEquals(
                List.of("digests", "postQuantum", "witnesses", "timeStamps"),
                texts(page.value("[...document.querySelectorAll('[data-state=open]')].map((e) => e.dataset.check)")));
        assertTrue(page.text("document.querySelector('[data-check=digests]').textContent")
                .contains("15 files of the evidence"));
    }

    /** Whatever character of the data is another one, the check fails or cannot be made. */
    @Test
    void everyChangedCharacterIsFound() throws Exception {
        BrowserPage page = open(write(ReportedBundles.report(FormatVectors.path("small-bundle.zip"))), "en");
        JsonNode unfound = page.value("""
                (async () => {
                  const data = Object.fromEntries(['files', 'records', 'leaves', 'segments'].map((id) => [id, block(id)]));
                  const {summary} = new PageContent();
                  const rest = {whole: true, embeddedRecords: summary.recordsEmbedded, totalRecords: summary.records,
                    totalLeaves: summary.leavesEmbedded, timeStamps: 0, inventory: summary.files};
                  const fails = async (input) => {
                    try {
                      const check = new Check(input);
                      for await (const progress of check.run()) { void progress; }
                      const isOpen = check.report.checks.get('digests').state === 'open';
                      return isOpen || findingsOf(check).checks.some(({state}) => state === 'failed');
                    } catch (problem) {
                      if (!(problem instanceof SyntaxError)) { return String(problem.stack); }
                      return true;
                    }
                  };
                  const unfound = [];
                  let tried = 0;
                  // The signature with ML-DSA-44 over the manifest, behind name and key id: no browser checks it.
                  for (const [id, text] of Object.entries(data)) {
                    const note = id === 'files' ? text.indexOf('"signature-ml-dsa.note"') : -1;
                    const from = note < 0 ? -1 : text.indexOf(' ', text.indexOf('\u2014 ', note) + 2) + 9;
                    const to = note < 0 ? -1 : text.indexOf('\\n', note);
                    for (let i = 1; i < text.length - 1; i += 53) {
                      if (i >= from && i < to) { continue; }
                      const other = text[i] === 'b' ? 'c' : 'b';
                      const changed = text.slice(0, i) + other + text.slice(i + 1);
                      const found = await fails({...data, ...rest, [id]: changed});
                      tried++;
                      if (found !== true) { unfound.push(id + ' ' + i + ': ' + found + ' ' + text.slice(i - 20, i + 20)); }
                    }
                  }
                  return [await fails({...data, ...rest}), tried > 300, ...unfound];
                })()
                """);
        assertEquals(List.of("false", "true"), texts(unfound));
    }

    @Test
    void aPageThatLacksAPartShowsNothing() throws Exception {
        String html = ReportedBundles.report(FormatVectors.path("small-bundle.zip"));
        BrowserPage page = browser.open(
                write(html.replace("id=\"data-summary\"", "id=\"gone\""))
                        .toUri()
                        .toString(),
                1280,
                900);
        page.await(CHECKED);
        assertEquals("failed", page.text(VERDICT));
        assertTrue(page.text("document.body.innerText").contains("This page is damaged"));
        assertFalse(page.text("document.body.innerText").contains("2026"));
    }

    @Test
    void whatIsPrintedHasTheRecords() throws Exception {
        BrowserPage page = open(write(ReportedBundles.report(FormatVectors.path("small-bundle.zip"))), "ja");
        byte[] pdf = page.print();
        assertEquals("%PDF", new String(pdf, 0, 4, StandardCharsets.US_ASCII));
        page.value("dispatchEvent(new Event('beforeprint'))");
        assertEquals(
                4, page.value("document.querySelectorAll('#rows tr').length").asInt());
        requireQuiet(page);
    }

    @Test
    void aHundredThousandRecordsAreCheckedAndScrolled() throws Exception {
        int records = 100_000;
        Path file = ReportedBundles.report(
                ReportedBundles.plain(directory, records), directory.resolve("plain.html"), ReportBounds.DEFAULT);
        BrowserPage page = open(file, "en");
        page.await(COUNT + " === '100,000 of 100,000 records'");
        assertEquals("passed", page.text(VERDICT));
        for (int place : new int[] {50_000, 99_999, 0, 12_345}) {
            page.value("document.getElementById('scroll').scrollTop = " + place + " * 36 - 100");
            page.await("document.querySelector('#rows button[data-place=\"" + place + "\"]')");
            assertTrue(
                    page.value("document.querySelectorAll('#rows tr').length").asInt() < 100);
        }
        filter(page, "action", "document.delete", "20,000 of 100,000 records");
        filter(page, "text", "event-99995", "1 of 100,000 records");
        requireQuiet(page);
    }
}
