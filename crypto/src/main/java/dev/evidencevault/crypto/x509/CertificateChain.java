package dev.evidencevault.crypto.x509;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** The certificates from a signer's to a trust anchor's, both included, all valid at one time (RFC 5280 section 6). */
public record CertificateChain(List<X509Certificate> certificates) {
    private static final int BETWEEN_MAX = 5;
    private static final String ANY_PURPOSE = KeyPurposeId.anyExtendedKeyUsage.getId();

    /** Names that RFC 2253 has no keyword for, which authorities use. */
    private static final Map<String, String> KEYWORDS = Map.of(
            "1.2.840.113549.1.9.1",
            "EMAILADDRESS",
            "2.5.4.5",
            "SERIALNUMBER",
            "2.5.4.13",
            "DESCRIPTION",
            "2.5.4.97",
            "ORGANIZATIONIDENTIFIER");

    /**
     * Builds the chain of a signer's certificate, without looking at revocation and without network.
     *
     * @param others certificates that may stand between
     * @param purpose what no certificate between may be without, if it is limited to purposes at all; empty if that
     *     does not matter
     * @throws GeneralSecurityException if there is no such chain
     */
    public static CertificateChain build(
            X509Certificate signer,
            Collection<X509Certificate> others,
            Collection<X509Certificate> trustAnchors,
            Instant time,
            Optional<KeyPurposeId> purpose)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new LinkedHashSet<>();
        for (X509Certificate anchor : trustAnchors) {
            // The platform takes an anchor for good whatever its dates say.
            if (!time.isBefore(anchor.getNotBefore().toInstant()) && !time.isAfter(notAfter(anchor))) {
                anchors.add(new TrustAnchor(anchor, null));
            }
        }
        if (anchors.isEmpty()) {
            throw new CertificateException("no trust anchor was valid at " + time);
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(signer);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setRevocationEnabled(false);
        parameters.setMaxPathLength(BETWEEN_MAX);
        parameters.setDate(Date.from(time));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
        PKIXCertPathBuilderResult result;
        try {
            result = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CertificateException(
                    "expected certificates valid at " + time + " from " + subject(signer) + " to a trust anchor: "
                            + cause.getMessage(),
                    e);
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : result.getCertPath().getCertificates()) {
            chain.add((X509Certificate) certificate);
        }
        for (X509Certificate between : chain.subList(Math.min(1, chain.size()), chain.size())) {
            if (purpose.isPresent()) {
                requirePurpose(between, purpose.get());
            }
        }
        chain.add(result.getTrustAnchor().getTrustedCert());
        return new CertificateChain(List.copyOf(chain));
    }

    /**
     * A root may have issued for many purposes. An issuer below it that was limited to others, of servers or code, cannot
     * make an authority of time stamps; the platform does not look.
     */
    private static void requirePurpose(X509Certificate issuer, KeyPurposeId purpose) throws CertificateException {
        List<String> purposes = issuer.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(purpose.getId()) && !purposes.contains(ANY_PURPOSE)) {
            throw new CertificateException("the issuer " + subject(issuer) + " is for other purposes than "
                    + purpose.getId() + ": " + purposes);
        }
    }

    /** Returns the last second at which all certificates are valid. */
    public Instant notAfter() {
        return certificates.stream()
                .map(CertificateChain::notAfter)
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Returns the last second at which a certificate is valid. */
    public static Instant notAfter(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    /** Returns a certificate's subject as RFC 2253 writes it. */
    public static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, KEYWORDS);
    }
}
