package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.MovedClock;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.bundle.Scope;
import dev.evidencevault.cases.Order;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.ending.ReturnRequest;
import dev.evidencevault.ending.ReturnVerifier;
import dev.evidencevault.ending.TenantReturn;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.segment.DestroyedRecordsException;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is handed over of a log whose first records were destroyed: both verifiers say the same of it. */
class DestroyedBundleTest {
    @TempDir
    private Path directory;

    private Path vault;

    @BeforeEach
    void destroy() throws Exception {
        vault = directory.resolve("vault");
        MovedClock clock = new MovedClock("2026-05-01T12:00:00Z");
        VaultOptions options = SmallVault.options().withClock(clock);
        Vault.create(vault, SmallVault.SECRET, options).close();
        for (int day = 1; day <= 9; day++) {
            try (Vault open = Vault.open(vault, SmallVault.SECRET, options)) {
                open.tenant("acme").appendAndWait(event(day));
                open.setRetention(null, null, RetentionPeriod.ofDays(3), "a test");
                open.applyRetention(List.of("acme"));
            }
            clock.move(Duration.ofDays(1));
        }
        assertTrue(reader().firstSegment() > 1);
    }

    private static Event event(int day) {
        return Event.of("document.read")
                .id("event-" + day)
                .occurredAt(Instant.parse("2026-05-0" + day + "T12:00:00Z"))
                .actor(day % 2 == 0 ? Actor.tenant("alice") : Actor.tenant("bob"))
                .build();
    }

    private TenantReader reader() throws Exception {
        return SmallVault.open(vault).tenant("acme").orElseThrow();
    }

    private VerificationReport export(String scope, Completeness completeness, Path out) throws Exception {
        Order order = EvidenceExportTest.order(scope);
        VerificationReport report = new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(order, out, completeness)
                .report();
        SecondVerifier.requireAgreement(out, report);
        return report;
    }

    private static String records(Path bundle) throws Exception {
        try (BundleFiles files = BundleFiles.open(bundle)) {
            return new String(files.read(BundleLayout.RECORDS, 1 << 20), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'actors':['alice']", "'clock':'recorded'", "'from':'2026-05-02','to':'2026-05-09'"})
    void whatMayBeMissingIsSaid(String scope) throws Exception {
        Order order = EvidenceExportTest.order(scope);
        for (Completeness way : Completeness.values()) {
            if (way.answers(order)) {
                Path bundle = directory.resolve(way + ".zip");
                VerificationReport report = export(scope, way, bundle);
                assertEquals(Verdict.INDETERMINATE, report.verdict(), report.toString());
                String told = "leaves 0 to " + reader().destroyedLeaves();
                assertTrue(
                        report.with(Verdict.INDETERMINATE).stream()
                                .anyMatch(finding -> finding.claim() == Claim.COMPLETENESS
                                        && finding.reason().contains(told)),
                        report.toString());
                assertTrue(records(bundle).contains("\"event-8\""));
                assertFalse(records(bundle).contains("\"event-1\""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'from':'2026-05-08','to':'2026-05-09'",
                "'clock':'recorded','from':'2026-05-09','to':'2026-05-10'"
            })
    void whatCameLaterIsComplete(String scope) throws Exception {
        Order order = EvidenceExportTest.order(scope);
        for (Completeness way : Completeness.values()) {
            if (way.answers(order)) {
                Path bundle = directory.resolve(way + ".zip");
                VerificationReport report = export(scope, way, bundle);
                assertTrue(
                        report.with(Verdict.INDETERMINATE).stream()
                                .noneMatch(finding -> finding.reason().contains("destroyed")),
                        report.toString());
                assertEquals(List.of(), report.with(Verdict.FAILED));
                try (BundleFiles files = BundleFiles.open(bundle)) {
                    assertEquals(
                            0,
                            Scope.parse(files.read(BundleLayout.SCOPE, 1 << 20)).destroyed());
                }
            }
        }
    }

    @Test
    void aReturnHasAllThatIsLeft() throws Exception {
        Path out = directory.resolve("returned");
        TenantReturn.Result result = new TenantReturn(
                        SmallVault.open(vault), Clock.systemUTC(), ExportOptions.defaults(), DepositProgress.NONE)
                .write(new ReturnRequest("acme", "contract 17 ended", "Aoi Sato", "Ren Tanaka"), out);
        assertTrue(result.records() >= 3);
        VerificationReport report = new ReturnVerifier(
                        new BundleVerifier(SmallVault.open(vault).signer().verifier()))
                .verify(out);
        assertEquals(List.of(), report.with(Verdict.FAILED));
    }

    @Test
    void aProofOfOneRecordIsRefusedByName() throws Exception {
        VaultReader opened = SmallVault.open(vault);
        RecordProofs proofs = new RecordProofs(opened);
        assertThrows(DestroyedRecordsException.class, () -> proofs.of(reader(), 0));
        assertTrue(proofs.of(reader(), reader().destroyedLeaves()).isPresent());
    }
}
