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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundles of {@code docs/formats/vectors/refused-bundles} and {@code refused-redactions}: each fails, for its reason, with both verifiers. */
class RefusedBundlesTest {
    @ParameterizedTest
    @ValueSource(strings = {"refused-bundles", RedactedBundleVectors.REFUSED})
    void eachFailsForItsReason(String directory) throws Exception {
        for (ObjectNode expected : RefusedBundleVectors.read(directory)) {
            Path bundle =
                    FormatVectors.path(directory).resolve(expected.path("file").textValue());
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

    @Test
    void theBundleFromWhichFieldsAreWithheldPasses() throws Exception {
        VerificationReport report = new BundleVerifier(null).verify(RedactedBundleVectors.bundle());
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        SecondVerifier.requireAgreement(RedactedBundleVectors.bundle(), report);
    }
}
