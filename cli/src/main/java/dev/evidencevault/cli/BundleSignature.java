package dev.evidencevault.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.attest.TimeStamper;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.Fingerprint;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;

/**
 * The signature of a person or an organisation over a bundle, to be made.
 *
 * @param certificate whose it is
 * @param signer makes it
 */
record BundleSignature(X509Certificate certificate, CadesSigner signer) {
    /** Returns the signature with a key, stamped by an authority if there is one. */
    static BundleSignature by(CertifiedKey key, Optional<TimeStamper> authority) {
        CadesSigner signer = CadesSigner.of(key, Clock.systemUTC());
        return new BundleSignature(
                key.certificate(),
                authority
                        .map(stamper -> signer.withTimeStamps(
                                digest -> stamper.stamp(digest).bytes()))
                        .orElse(signer));
    }

    private String subject() {
        return certificate.getSubjectX500Principal().getName();
    }

    /** Says whose signature was made. */
    void print(Command command) {
        command.print(Text.wrap(Shell.printable("signed by " + subject()), "", 80));
        command.print(Text.wrap("certificate " + Fingerprint.of(certificate), "", 80));
    }

    /** Says it to a program. */
    void put(ObjectNode json) {
        json.put("signer", subject())
                .put("certificate", Fingerprint.of(certificate).toString());
    }
}
