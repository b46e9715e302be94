package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.TimeStamp;
import dev.evidencevault.crypto.x509.CertificateChain;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DLSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Signs contents that lie elsewhere: CAdES baseline signatures (ETSI EN 319 122-1, levels B-B and B-T) without the content
 * in them. Safe for use by several threads, as far as the provider of the key is.
 *
 * <p>A signature names its content's digest, the certificate that it was made with by that certificate's SHA-256 digest, and
 * the time by the signer's own clock. With {@link #withTimeStamps} an authority also says when the signature existed.
 */
public final class CadesSigner {
    private final CertifiedKey key;
    private final SignatureAlgorithm algorithm;
    private final Clock clock;
    private final @Nullable SignatureStamping stamping;

    private CadesSigner(
            CertifiedKey key, SignatureAlgorithm algorithm, Clock clock, @Nullable SignatureStamping stamping) {
        this.key = key;
        this.algorithm = algorithm;
        this.clock = clock;
        this.stamping = stamping;
    }

    /** Returns a signer that chooses the algorithm by the key. See {@link #of(CertifiedKey, SignatureAlgorithm, Clock)}. */
    public static CadesSigner of(CertifiedKey key, Clock clock) {
        return of(key, SignatureAlgorithm.of(key.certificate().getPublicKey()), clock);
    }

    /**
     * Returns a signer of level B-B.
     *
     * @param clock what signatures tell the time by, to the second
     * @throws IllegalArgumentException if the key cannot be used with the algorithm, is too short, or its certificate
     *     is not for signatures or not valid now
     */
    public static CadesSigner of(CertifiedKey key, SignatureAlgorithm algorithm, Clock clock) {
        X509Certificate certificate = key.certificate();
        algorithm.requireKey(certificate.getPublicKey());
        SigningCertificate.requireUsage(certificate);
        Instant now = clock.instant();
        if (now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(CertificateChain.notAfter(certificate))) {
            throw new IllegalArgumentException(
                    "expected a certificate that is valid at " + now + ", found that of " + key
                            + ", valid from " + certificate.getNotBefore().toInstant() + " to "
                            + CertificateChain.notAfter(certificate));
        }
        return new CadesSigner(key, algorithm, clock, null);
    }

    /** Returns a signer of level B-T: each signature is stamped, or not made at all. */
    public CadesSigner withTimeStamps(SignatureStamping source) {
        return new CadesSigner(key, algorithm, clock, source);
    }

    /** Returns the certificate that signatures are made with. */
    public X509Certificate certificate() {
        return key.certificate();
    }

    /**
     * Signs what is left in a stream, which is not closed.
     *
     * @throws IOException if the stream cannot be read, the key does not sign, it is not that of the certificate, or the
     *     authority does not stamp
     * @throws InterruptedException if the thread is interrupted while it waits for an authority
     */
    public CadesSignature sign(InputStream content) throws IOException, InterruptedException {
        MessageDigest digest = algorithm.digest();
        byte[] buffer = new byte[1 << 16];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        try {
            ASN1Set attributes = attributes(digest.digest());
            byte[] value = value(attributes.getEncoded(ASN1Encoding.DER));
            Optional<ASN1Primitive> stamp = stamping == null ? Optional.empty() : Optional.of(stamp(stamping, value));
            return CadesSignature.parse(encoded(attributes, value, stamp));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key of " + key + " does not sign: " + e.getMessage(), e);
        }
    }

    /** EN 319 122-1 section 6.3: what level B-B asks for. */
    private ASN1Set attributes(byte[] messageDigest) throws GeneralSecurityException {
        SigningCertificateV2 certificate = new SigningCertificateV2(
                new ESSCertIDv2(Digest.sha256(key.certificate().getEncoded()).bytes()));
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(attribute(CMSAttributes.contentType, CMSObjectIdentifiers.data));
        attributes.add(attribute(CMSAttributes.signingTime, new Time(Date.from(clock.instant()))));
        attributes.add(attribute(CMSAttributes.messageDigest, new DEROctetString(messageDigest)));
        attributes.add(attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, certificate));
        return new DERSet(attributes);
    }

    private static Attribute attribute(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new Attribute(type, new DLSet(value));
    }

    private byte[] value(byte[] signed) throws GeneralSecurityException {
        Signature signature = algorithm.signing(key.privateKey());
        signature.update(signed);
        byte[] value = signature.sign();
        Signature check = algorithm.verifying(key.certificate().getPublicKey());
        check.update(signed);
        if (!check.verify(value)) {
            throw new GeneralSecurityException("the private key is not that of the certificate");
        }
        return value;
    }

    private static ASN1Primitive stamp(SignatureStamping stamping, byte[] value)
            throws IOException, InterruptedException {
        Digest digest = Digest.sha256(value);
        try {
            TimeStamp stamp = TimeStamp.parse(stamping.stamp(digest));
            stamp.requireSigned(digest);
            return ASN1Primitive.fromByteArray(stamp.token());
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException("the signature was not stamped: " + e.getMessage(), e);
        }
    }

    private byte[] encoded(ASN1Set attributes, byte[] value, Optional<ASN1Primitive> stamp)
            throws GeneralSecurityException, IOException {
        ASN1EncodableVector certificates = new ASN1EncodableVector();
        for (X509Certificate certificate : key.chain()) {
            if (certificate.equals(key.certificate()) || !selfIssued(certificate)) {
                certificates.add(Certificate.getInstance(certificate.getEncoded()));
            }
        }
        Certificate mine = Certificate.getInstance(key.certificate().getEncoded());
        ASN1Set unsigned = stamp.isEmpty()
                ? null
                : new DLSet(attribute(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken, stamp.get()));
        SignerInfo signer = new SignerInfo(
                new SignerIdentifier(new IssuerAndSerialNumber(mine)),
                algorithm.digestIdentifier(),
                attributes,
                algorithm.signatureIdentifier(),
                new DEROctetString(value),
                unsigned);
        SignedData data = new SignedData(
                new DERSet(algorithm.digestIdentifier()),
                new ContentInfo(CMSObjectIdentifiers.data, null),
                new DERSet(certificates),
                null,
                new DLSet(signer));
        return new ContentInfo(CMSObjectIdentifiers.signedData, data).getEncoded(ASN1Encoding.DL);
    }

    /** Whoever verifies has the root already. */
    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
