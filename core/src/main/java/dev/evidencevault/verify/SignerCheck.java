package dev.evidencevault.verify;

import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.crypto.asic.AsicFinding;
import dev.evidencevault.crypto.cms.CadesVerdict;
import dev.evidencevault.crypto.cms.SignatureTrust;
import java.io.IOException;
import java.util.List;

/**
 * Judges the signatures of people over a bundle (CAdES in an ASiC-E container) under the roots that the verifier was given.
 * Without roots it does not say whose they are; one that does not fit the bundle fails in any case. For one thread.
 */
final class SignerCheck {
    private final SignatureTrust trust;
    private final Findings findings;

    SignerCheck(SignatureTrust trust, Findings findings) {
        this.trust = trust;
        this.findings = findings;
    }

    void check(BundleFiles files) throws IOException {
        List<AsicFinding> signers = files.signers(trust);
        boolean judged = !trust.signers().isEmpty();
        if (signers.isEmpty() && judged) {
            findings.indeterminate(
                    Claim.SIGNERS, "bundle", "nobody signed the bundle as a person; it is in no container");
        }
        for (AsicFinding signer : signers) {
            String where = String.format("META-INF/signature%03d.p7s", signer.number());
            switch (signer.verdict()) {
                case CadesVerdict.Passed passed -> findings.passed(Claim.SIGNERS, where, told(passed));
                case CadesVerdict.Failed failed -> findings.failed(Claim.SIGNERS, where, failed.reason());
                case CadesVerdict.Indeterminate open -> {
                    String who = "signed by " + open.signer().subject() + ", by the signature's own word";
                    if (judged) {
                        findings.indeterminate(Claim.SIGNERS, where, who + ": " + open.reason());
                    } else {
                        findings.passed(Claim.FILES, where, who + "; it was not judged: no root (--signer-root)");
                    }
                }
            }
        }
    }

    private static String told(CadesVerdict.Passed passed) {
        return "signed by " + passed.signer().subject() + " (certificate "
                + passed.signer().fingerprint() + ")"
                + passed.stamp()
                        .map(stamp -> "; the signature existed by " + stamp.time() + ", says " + stamp.authority())
                        .orElse("; when, no authority that was named says");
    }
}
