package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;

/**
 * What a certificate is told apart by: the SHA-256 digest of its DER form. People compare it over another channel, by
 * telephone or on paper, before they rely on a certificate; {@code openssl x509 -noout -fingerprint -sha256} says the same.
 */
public record Fingerprint(Digest digest) {
    private static final int GROUP = 4;

    /** Returns the fingerprint of a certificate. */
    public static Fingerprint of(X509Certificate certificate) {
        try {
            return new Fingerprint(Digest.sha256(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding: " + e.getMessage(), e);
        }
    }

    /** Returns 64 upper-case hexadecimal digits in 16 groups of four, for reading aloud: {@code 0A1B 2C3D …}. */
    @Override
    public String toString() {
        return digest.hex().toUpperCase(Locale.ROOT).replaceAll("(.{" + GROUP + "})(?=.)", "$1 ");
    }
}
