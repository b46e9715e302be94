package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.x509.CertificateChain;
import dev.evidencevault.crypto.x509.KeyKind;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;

/**
 * A certificate that was found fit for sealing files to its holder. Immutable.
 *
 * <p>Fit says nothing of who the holder is: no chain is built, and revocation is not looked at. Compare the
 * {@link #fingerprint} with the holder over another channel before anything is sealed to him.
 */
public final class RecipientCertificate {
    /** The shortest RSA modulus that is sealed to, in bits: what the certificates of authorities still have. */
    public static final int RSA_BITS_MIN = 2048;

    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;

    private final X509Certificate certificate;
    private final KeyKind kind;

    private RecipientCertificate(X509Certificate certificate, KeyKind kind) {
        this.certificate = certificate;
        this.kind = kind;
    }

    /**
     * Checks a certificate.
     *
     * @param now the time at which it has to be valid
     * @throws IllegalArgumentException if it is not valid then; its key is none of RSA with 2,048 to 16,384 bits, P-256 or
     *     P-384; or it has a key usage (RFC 5280 section 4.2.1.3) without keyEncipherment for RSA, or without keyAgreement
     *     for the others. The message says what was expected and what was found
     */
    public static RecipientCertificate check(X509Certificate certificate, Instant now) {
        String subject = CertificateChain.subject(certificate);
        Instant from = certificate.getNotBefore().toInstant();
        Instant notAfter = CertificateChain.notAfter(certificate);
        if (now.isBefore(from) || now.isAfter(notAfter)) {
            throw new IllegalArgumentException("expected a certificate of " + subject + " that is valid at " + now
                    + ", found one valid from " + from + " to " + notAfter + "; ask for a new one");
        }
        KeyKind kind = KeyKind.of(certificate.getPublicKey());
        if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < RSA_BITS_MIN || bits > SignatureAlgorithm.RSA_BITS_MAX) {
                throw new IllegalArgumentException("expected an RSA key of " + RSA_BITS_MIN + " to "
                        + SignatureAlgorithm.RSA_BITS_MAX + " bits in the certificate of " + subject
                        + ", found one of " + bits);
            }
        }
        boolean[] usage = certificate.getKeyUsage();
        int needed = kind == KeyKind.RSA ? KEY_ENCIPHERMENT : KEY_AGREEMENT;
        if (usage != null && !usage[needed]) {
            throw new IllegalArgumentException("expected a certificate of " + subject + " for "
                    + (kind == KeyKind.RSA ? "keyEncipherment" : "keyAgreement")
                    + ", found one for other uses; ask for a certificate for encryption");
        }
        return new RecipientCertificate(certificate, kind);
    }

    /** Returns the certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns what the holder has to confirm over another channel. */
    public Fingerprint fingerprint() {
        return Fingerprint.of(certificate);
    }

    KeyKind kind() {
        return kind;
    }

    /** Returns the subject, as RFC 2253 writes it. */
    @Override
    public String toString() {
        return CertificateChain.subject(certificate);
    }
}
