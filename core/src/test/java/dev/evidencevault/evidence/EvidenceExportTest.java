package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.LeafLine;
import dev.evidencevault.cases.Order;
import dev.evidencevault.cases.OrderRefusedException;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceExportTest {
    @TempDir
    private static Path directory;

    private static Path vault;

    @BeforeAll
    static void writeVault() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
    }

    static Order order(String scope) throws OrderRefusedException {
        return order(scope, "acme");
    }

    static Order order(String scope, String tenant) throws OrderRefusedException {
        String json = "{\"order\":\"2026 (So) 123\",\"issuer\":\"District Court\",\"legalBasis\":\"Art. 99\","
                + "\"tenant\":\"" + tenant + "\",\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\""
                + (scope.isEmpty() ? "" : "," + scope.replace('\'', '"')) + "}";
        return Order.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private EvidenceExport.Result export(String scope, Path out) throws Exception {
        EvidenceExport.Result result =
                new EvidenceExport(SmallVault.open(vault), Clock.systemUTC()).export(order(scope), out);
        SecondVerifier.requireAgreement(out, result.report());
        return result;
    }

    private EvidenceExport.Result export(String scope, Path out, Completeness completeness) throws Exception {
        EvidenceExport.Result result =
                new EvidenceExport(SmallVault.open(vault), Clock.systemUTC()).export(order(scope), out, completeness);
        SecondVerifier.requireAgreement(out, result.report());
        return result;
    }

    private static List<Long> days(Path bundle) throws Exception {
        try (BundleFiles files = BundleFiles.open(bundle)) {
            String records = new String(files.read(BundleLayout.RECORDS, 1 << 20), StandardCharsets.UTF_8);
            return records.lines()
                    .map(line -> LogRecord.parse(line.getBytes(StandardCharsets.UTF_8)))
                    .map(record -> Long.parseLong(record.id().substring("event-".length())))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|1 2 3 4 5 6 7 8 9",
                "'actors':['alice']|2 4 5 6 8",
                "'actors':['bob','alice']|1 2 3 4 5 6 7 8 9",
                "'actors':['operator']|5",
                "'privilegedOnly':true|5",
                "'services':['billing']|3 6 9",
                "'from':'2026-05-03','to':'2026-05-05T12:00:00Z'|3 4",
                "'from':'2026-05-05T21:00:00+09:00'|5 6 7 8 9",
                "'from':'2026-05-04','to':'2026-05-07','actors':['alice'],'services':['files']|4 5",
                "'from':'2027-01-01'|''",
                "'clock':'recorded'|1 2 3 4 5 6 7 8 9",
                "'clock':'recorded','actors':['operator']|5",
                "'clock':'recorded','from':'2026-06-01'|1 2 3 4 5 6 7 8 9",
                "'clock':'recorded','to':'2026-06-01'|''",
            })
    void theBundleHoldsWhatTheOrderAsksForAndVerifies(String scope, String expected, @TempDir Path out)
            throws Exception {
        Path bundle = out.resolve("bundle.zip");
        EvidenceExport.Result result = export(scope, bundle);
        List<Long> days = expected.isEmpty()
                ? List.of()
                : java.util.Arrays.stream(expected.split(" "))
                        .map(Long::valueOf)
                        .toList();
        assertEquals(days, days(bundle));
        assertEquals(days.size(), result.records());
        Path strong = Files.createDirectory(out.resolve("strong")).resolve("bundle.zip");
        export(scope, strong, Completeness.strong(order(scope)));
        assertEquals(days, days(strong));
        Files.delete(strong);
        Files.delete(strong.getParent());
        VerificationReport report = new BundleVerifier(null).verify(bundle);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        assertEquals(
                List.of(bundle.getFileName()),
                Files.list(out).map(Path::getFileName).toList(),
                "nothing else is left behind");
    }

    @Test
    void originalsComeOutByteForByte(@TempDir Path out) throws Exception {
        Path bundle = out.resolve("bundle.zip");
        export("", bundle);
        StringBuilder expected = new StringBuilder();
        for (int day = 1; day <= 9; day++) {
            if (day != 2) {
                expected.append("{\"n\":" + day + ",\"text\":\"café \\u0000\"}\n");
            }
        }
        try (BundleFiles files = BundleFiles.open(bundle)) {
            assertEquals(
                    expected.toString(),
                    new String(files.read(BundleLayout.ORIGINALS, 1 << 20), StandardCharsets.UTF_8));
        }
    }

    @Test
    void ofAnActorWithoutRecordsTheAbsenceIsProven(@TempDir Path out) throws Exception {
        for (Completeness completeness : List.of(Completeness.INDEX, Completeness.HEADERS)) {
            Path bundle = out.resolve(completeness + ".zip");
            assertEquals(0, export("'actors':['nobody']", bundle, completeness).records());
            VerificationReport report = new BundleVerifier(null).verify(bundle);
            assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        }
    }

    @Test
    void withIndexesNoHeaderOfAnybodyElseIsShown(@TempDir Path out) throws Exception {
        Path bundle = out.resolve("bundle.zip");
        export("'actors':['operator']", bundle);
        assertEquals(List.of(5L), shownSeqs(bundle), "the header of event 5, whose seq is 5");
        Path all = out.resolve("all.zip");
        export("'actors':['operator']", all, Completeness.HEADERS);
        assertEquals(9, shownSeqs(all).size());
    }

    private static List<Long> shownSeqs(Path bundle) throws Exception {
        try (BundleFiles files = BundleFiles.open(bundle)) {
            return new String(files.read(BundleLayout.LEAVES, 1 << 20), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> LeafLine.parse(line.getBytes(StandardCharsets.UTF_8)))
                    .filter(line -> line.run() == null)
                    .map(line -> line.header().seq())
                    .toList();
        }
    }

    @Test
    void theOtherTenantIsNowhereInIt(@TempDir Path out) throws Exception {
        Path bundle = out.resolve("bundle.zip");
        export("", bundle);
        String bytes = new String(Files.readAllBytes(bundle), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("alice"), "the bundle is not compressed, so that this search means something");
        String otherLog = SmallVault.open(vault)
                .tenant(SmallVault.OTHER_TENANT)
                .orElseThrow()
                .logId()
                .toString();
        for (String canary : List.of(SmallVault.OTHER_TENANT, "wesker", "virus", "other-", "sample.ship", otherLog)) {
            assertFalse(bytes.contains(canary), canary);
        }
    }

    @Test
    void aKeyThatDidNotSignIsFound(@TempDir Path out) throws Exception {
        Path bundle = out.resolve("bundle.zip");
        export("", bundle);
        Path other = out.resolve("other");
        SmallVault.write(other);
        VerificationReport report =
                new BundleVerifier(SmallVault.open(other).signer().verifier()).verify(bundle);
        assertEquals(Verdict.FAILED, report.verdict());
        assertEquals(Claim.SIGNATURE, report.findings().get(0).claim());
    }

    @Test
    void evidenceIsNeverOverwrittenAndRefusedOrdersLeaveNothing(@TempDir Path out) throws Exception {
        Path bundle = out.resolve("bundle.zip");
        Files.writeString(bundle, "mine");
        assertThrows(FileAlreadyExistsException.class, () -> export("", bundle));
        assertEquals("mine", Files.readString(bundle));
        Path other = out.resolve("other.zip");
        assertThrows(OrderRefusedException.class, () -> export("'expires':'2026-01-01'", other));
        assertFalse(Files.exists(other));
        assertFalse(Files.exists(out.resolve("other.zip.tmp")));
    }

    @Test
    void whatComesAfterTheAnchorIsNotTakenForCovered() throws Exception {
        Path bundle = directory.resolve("bundle.zip");
        VerificationReport report = export("'to':'2200-01-01'", bundle).report();
        assertEquals(Verdict.INDETERMINATE, report.verdict());
        assertTrue(
                report.with(Verdict.INDETERMINATE).stream()
                        .anyMatch(finding -> finding.reason().contains("the anchor is of")),
                report::toString);
    }
}
