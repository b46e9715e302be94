package dev.evidencevault.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.bundle.Completeness;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer that lies when it seals: its last index of actors passes over one actor, whose records the log has. This is what the
 * word of the sealed indexes is worth, and who does not need it.
 */
class LyingIndexTest {
    private static final String ORDER =
            "{\"order\":\"1\",\"issuer\":\"court\",\"legalBasis\":\"law\",\"tenant\":\"acme\","
                    + "\"actors\":[\"bob\"],\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\"}";

    @TempDir
    private Path directory;

    private MutatedVault vault;

    @BeforeEach
    void seal() throws Exception {
        MutatedVault.write(directory.resolve("honest"));
        vault = MutatedVault.copy(SmallVault.contents(directory.resolve("honest")), directory.resolve("lying"));
        LogForger forger = vault.forge(MutatedVault.ACME, MutatedVault.SEGMENTS);
        forger.passedOver = "bob";
        forger.write();
        vault.anchorAnew(0);
    }

    private EvidenceExport.Result export(Completeness completeness, Path out) throws Exception {
        Order order = Order.parse(ORDER.getBytes(StandardCharsets.UTF_8));
        return new EvidenceExport(SmallVault.open(directory.resolve("lying")), Clock.systemUTC())
                .export(order, out, completeness);
    }

    @Test
    void whoTakesTheIndexesWordIsDeceived() throws Exception {
        Path bundle = directory.resolve("index.zip");
        assertEquals(6, export(Completeness.INDEX, bundle).records(), "three of each segment but the last");
        assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(bundle).verdict());
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null).verify(directory.resolve("lying")).verdict());
    }

    @Test
    void whoSeesAllHeadersIsNot() {
        IOException refused =
                assertThrows(IOException.class, () -> export(Completeness.HEADERS, directory.resolve("headers.zip")));
        assertTrue(String.valueOf(refused.getMessage()).contains("index of actors"), refused.getMessage());
    }

    @Test
    void whoHasTheKeysIsNot() throws Exception {
        VerificationReport report = new VaultVerifier(null, null).verify(vault.unlocked());
        assertTrue(
                report.with(Verdict.FAILED).stream()
                        .anyMatch(finding -> finding.claim() == Claim.RECORDS
                                && finding.reason().contains("index of actors")),
                report::toString);
    }
}
