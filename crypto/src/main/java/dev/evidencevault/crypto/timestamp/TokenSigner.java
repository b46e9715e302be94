package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.x509.CertificateChain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * The certificate whose key signed a token. Nothing says yet that anybody trusts it.
 *
 * @param others the certificates that came with it, and those that the caller gave
 */
record TokenSigner(X509Certificate certificate, List<X509Certificate> others) {
    private static final int CERTIFICATES_MAX = 16;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    /** Not registered with the platform: it checks the signature of the token, and no more. */
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private static final Set<ASN1ObjectIdentifier> DIGESTS = Set.of(
            NISTObjectIdentifiers.id_sha256,
            NISTObjectIdentifiers.id_sha384,
            NISTObjectIdentifiers.id_sha512,
            NISTObjectIdentifiers.id_sha3_256,
            NISTObjectIdentifiers.id_sha3_384,
            NISTObjectIdentifiers.id_sha3_512);

    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
            PKCSObjectIdentifiers.rsaEncryption,
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption,
            PKCSObjectIdentifiers.id_RSASSA_PSS,
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512,
            EdECObjectIdentifiers.id_Ed25519);

    /**
     * Finds the certificate that signed a token and checks the signature and the certificate's purpose.
     *
     * @throws GeneralSecurityException if there is none, or something about it is not good: the message says what
     */
    static TokenSigner verify(TimeStampToken token, TokenInfo info, List<X509Certificate> given)
            throws GeneralSecurityException {
        try {
            requireAlgorithms(token);
            List<X509Certificate> certificates = certificates(token);
            certificates.addAll(given);
            GeneralSecurityException failure = new CertificateException("expected the certificate of "
                    + token.getSID().getIssuer() + " with serial number "
                    + token.getSID().getSerialNumber() + ", found none in the token and none given");
            for (X509Certificate certificate : certificates) {
                X509CertificateHolder holder = new X509CertificateHolder(certificate.getEncoded());
                if (token.getSID().match(holder)) {
                    try {
                        requireSigned(token, certificate);
                        requireName(info, holder);
                        return new TokenSigner(certificate, List.copyOf(certificates));
                    } catch (GeneralSecurityException e) {
                        failure = e;
                    }
                }
            }
            throw failure;
        } catch (IOException | RuntimeException e) {
            // The library parses lazily, and throws whatever comes to it.
            throw new SignatureException("the token is not well formed: " + e, e);
        }
    }

    /** Certificates are read by the platform, which also checks their chain. */
    private static List<X509Certificate> certificates(TimeStampToken token) throws CertificateException, IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
            if (certificates.size() == CERTIFICATES_MAX) {
                throw new CertificateException("a token carries at most " + CERTIFICATES_MAX + " certificates");
            }
            certificates.add(
                    (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
        }
        return certificates;
    }

    /** RFC 5652: section 5.1 for the version and the set of digest algorithms. */
    private static void requireAlgorithms(TimeStampToken token) throws SignatureException {
        SignedData data =
                SignedData.getInstance(token.toCMSSignedData().toASN1Structure().getContent());
        SignerInformation signer =
                token.toCMSSignedData().getSignerInfos().getSigners().iterator().next();
        if (!data.getVersion().hasValue(3)) {
            throw new SignatureException("expected version 3 of SignedData, found " + data.getVersion());
        }
        int version = signer.getSID().getSubjectKeyIdentifier() == null ? 1 : 3;
        if (signer.getVersion() != version) {
            throw new SignatureException("expected version " + version + " of SignerInfo for a signer named like this,"
                    + " found " + signer.getVersion());
        }
        ASN1ObjectIdentifier digest = signer.getDigestAlgorithmID().getAlgorithm();
        if (!DIGESTS.contains(digest)) {
            throw new SignatureException("expected SHA-2 or SHA-3 with 256 bits or more, found " + digest);
        }
        if (data.getDigestAlgorithms().size() != 1
                || !AlgorithmIdentifier.getInstance(data.getDigestAlgorithms().getObjectAt(0))
                        .getAlgorithm()
                        .equals(digest)) {
            throw new SignatureException("the digest algorithm of the signer is not the one that the token announces");
        }
        AlgorithmIdentifier signature = signer.toASN1Structure().getDigestEncryptionAlgorithm();
        if (!SIGNATURES.contains(signature.getAlgorithm())) {
            throw new SignatureException("expected RSA, ECDSA or Ed25519, found " + signature.getAlgorithm());
        }
        if (signature.getAlgorithm().equals(PKCSObjectIdentifiers.id_RSASSA_PSS)
                && !RSASSAPSSparams.getInstance(signature.getParameters())
                        .getHashAlgorithm()
                        .getAlgorithm()
                        .equals(digest)) {
            throw new SignatureException("RSASSA-PSS is not over the digest algorithm of the signer, " + digest);
        }
    }

    private static void requireSigned(TimeStampToken token, X509Certificate certificate)
            throws GeneralSecurityException {
        try {
            // Checks the hash in the signing certificate attribute, the validity, a critical extendedKeyUsage with
            // timeStamping and nothing else, and the signature.
            token.validate(new JcaSimpleSignerInfoVerifierBuilder()
                    .setProvider(BOUNCY_CASTLE)
                    .build(certificate));
        } catch (TSPException | OperatorCreationException e) {
            throw new SignatureException(
                    "the certificate of " + CertificateChain.subject(certificate) + ": " + e.getMessage(), e);
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw new CertificateException("the certificate of " + CertificateChain.subject(certificate)
                    + " is for neither digitalSignature nor nonRepudiation");
        }
    }

    /** RFC 3161 section 2.4.2: the name in the token is one of the certificate's. */
    private static void requireName(TokenInfo info, X509CertificateHolder holder) throws CertificateException {
        GeneralName named = info.authority();
        if (named == null) {
            return;
        }
        GeneralNames more = GeneralNames.fromExtensions(holder.getExtensions(), Extension.subjectAlternativeName);
        Stream<GeneralName> names = Stream.concat(
                Stream.of(new GeneralName(holder.getSubject())),
                more == null ? Stream.empty() : Arrays.stream(more.getNames()));
        if (names.noneMatch(named::equals)) {
            throw new CertificateException("the token gives its authority the name " + named
                    + ", which its signing certificate does not: " + holder.getSubject());
        }
    }
}
