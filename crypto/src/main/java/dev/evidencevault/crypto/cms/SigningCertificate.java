package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.x509.CertificateChain;
import java.security.cert.X509Certificate;

/** What a certificate has to say for signatures to be made with its key. */
final class SigningCertificate {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    private SigningCertificate() {}

    /**
     * Checks the key usage (RFC 5280 section 4.2.1.3). Extended key usages are not looked at: none is for documents in all
     * countries.
     *
     * @throws IllegalArgumentException if it is neither digitalSignature nor nonRepudiation
     */
    static void requireUsage(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw new IllegalArgumentException("the certificate of " + CertificateChain.subject(certificate)
                    + " is for neither digitalSignature nor nonRepudiation");
        }
    }
}
