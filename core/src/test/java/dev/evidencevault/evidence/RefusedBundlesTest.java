package dev.evidencevault.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The bundles of {@code docs/formats/vectors/refused-bundles}: each fails, for its reason, with both verifiers. */
class RefusedBundlesTest {
    @Test
    void eachFailsForItsReason() throws Exception {
        for (ObjectNode expected : RefusedBundleVectors.read()) {
            Path bundle = FormatVectors.path("refused-bundles")
                    .resolve(expected.path("file").textValue());
            VerificationReport report = new BundleVerifier(null).verify(bundle);
            String why = expected.path("why").textValue();
            assertEquals(Verdict.FAILED, report.verdict(), why);
            assertTrue(
                    report.with(Verdict.FAILED).stream()
                            .anyMatch(finding -> finding.claim()
                                    .label()
                                    .equals(expected.path("claim").textValue())),
                    () -> why + ": " + report);
            SecondVerifier.requireAgreement(bundle, report);
        }
    }
}
