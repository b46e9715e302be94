package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.Order;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles of a log whose keys were rotated, and of one before they were: both verifiers take them. */
class RotatedBundleTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path early;

    @BeforeEach
    void rotateTwice() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        early = directory.resolve("early.zip");
        export("", early);
        for (int n = 10; n < 12; n++) {
            try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
                open.tenant("acme").appendAndWait(event(n));
                open.rotateKeys(List.of("acme"), "a test");
                open.tenant("acme").appendAndWait(event(10 * n));
            }
        }
    }

    private static Event event(int n) {
        return Event.of("document.read")
                .id("event-" + n)
                .actor(Actor.tenant("alice"))
                .build();
    }

    private VerificationReport export(String scope, Path out) throws Exception {
        Order order = EvidenceExportTest.order(scope);
        VerificationReport report = new EvidenceExport(SmallVault.open(vault), Clock.systemUTC())
                .export(order, out, Completeness.strong(order))
                .report();
        SecondVerifier.requireAgreement(out, report);
        return report;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'actors':['alice']", "'clock':'recorded'", "'from':'2026-05-04','to':'2026-05-07'"})
    void theyVerifyWhateverIsOrdered(String scope) throws Exception {
        Path bundle = directory.resolve("bundle.zip");
        VerificationReport report = export(scope, bundle);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(bundle).verdict());
    }

    @Test
    void allRecordsAreInIt() throws Exception {
        Path bundle = directory.resolve("bundle.zip");
        export("", bundle);
        try (BundleFiles files = BundleFiles.open(bundle)) {
            String records = new String(files.read(BundleLayout.RECORDS, 1 << 20), StandardCharsets.UTF_8);
            for (int n : new int[] {1, 9, 10, 100, 11, 110}) {
                assertTrue(records.contains("\"event-" + n + "\""), records);
            }
            assertEquals(2, records.split("\"what\":\"rotation\"", -1).length - 1, records);
        }
    }

    @Test
    void oneFromBeforeStillVerifies() throws Exception {
        VerificationReport report = new BundleVerifier(null).verify(early);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        SecondVerifier.requireAgreement(early, report);
    }
}
