package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.x509.DerForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a signature (RFC 5652 section 5), which nobody has verified yet.
 *
 * @param certificate the one that the signing certificate attribute names by its digest
 * @param others the other certificates that came with it
 * @param signedAttributes the signature is over their DER form
 * @param stamp the token in the signature time stamp attribute (EN 319 122-1 section 5.3)
 */
record SignerFields(
        X509Certificate certificate,
        List<X509Certificate> others,
        AlgorithmIdentifier digestAlgorithm,
        AlgorithmIdentifier signatureAlgorithm,
        ASN1OctetString messageDigest,
        Instant signingTime,
        ASN1Set signedAttributes,
        ASN1OctetString value,
        Optional<ASN1Primitive> stamp) {
    private static final int CERTIFICATES_MAX = 16;

    /**
     * Parses a signature.
     *
     * @throws IllegalArgumentException if it is not well formed, or not of the form that is read here
     */
    static SignerFields parse(byte[] bytes) {
        try {
            ContentInfo content = ContentInfo.getInstance(DerForm.parse(bytes, ASN1Encoding.DL));
            require(content.getContentType().equals(CMSObjectIdentifiers.signedData), "SignedData");
            SignedData data = SignedData.getInstance(content.getContent());
            require(data.getVersion().hasValue(1), "version 1 of SignedData");
            require(
                    data.getEncapContentInfo().getContentType().equals(CMSObjectIdentifiers.data)
                            && data.getEncapContentInfo().getContent() == null,
                    "content of type data that lies elsewhere");
            require(data.getCRLs() == null, "no revocation lists");
            require(data.getSignerInfos().size() == 1, "one signer");
            return of(data, SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0)));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (IOException | CertificateException | ParseException | RuntimeException e) {
            // The library parses lazily, and throws whatever comes to it.
            throw new IllegalArgumentException("not a signature: " + e.getMessage(), e);
        }
    }

    private static SignerFields of(SignedData data, SignerInfo signer)
            throws IOException, CertificateException, ParseException {
        require(signer.getVersion().hasValue(1), "version 1 of SignerInfo");
        require(!signer.getSID().isTagged(), "a signer named by issuer and serial number");
        AlgorithmIdentifier digestAlgorithm = signer.getDigestAlgorithm();
        require(
                data.getDigestAlgorithms().size() == 1
                        && digestAlgorithm.equals(AlgorithmIdentifier.getInstance(
                                data.getDigestAlgorithms().getObjectAt(0))),
                "the signer's digest algorithm, and no other, to be announced");
        Map<ASN1ObjectIdentifier, ASN1Encodable> signed = attributes(signer.getAuthenticatedAttributes());
        require(
                CMSObjectIdentifiers.data.equals(signed.get(CMSAttributes.contentType)),
                "a content type attribute of data");
        Map<ASN1ObjectIdentifier, ASN1Encodable> unsigned = attributes(signer.getUnauthenticatedAttributes());
        ASN1Encodable token = unsigned.remove(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        require(unsigned.isEmpty(), "no unsigned attribute but a signature time stamp");
        List<X509Certificate> certificates = certificates(data.getCertificates());
        X509Certificate certificate = named(
                certificates,
                IssuerAndSerialNumber.getInstance(signer.getSID().getId()),
                signingCertificate(signed.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2)));
        certificates.remove(certificate);
        return new SignerFields(
                certificate,
                List.copyOf(certificates),
                digestAlgorithm,
                signer.getDigestEncryptionAlgorithm(),
                ASN1OctetString.getInstance(value(signed, CMSAttributes.messageDigest)),
                time(value(signed, CMSAttributes.signingTime)),
                signer.getAuthenticatedAttributes(),
                signer.getEncryptedDigest(),
                Optional.ofNullable(token).map(ASN1Encodable::toASN1Primitive));
    }

    private static void require(boolean condition, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("expected " + expected + " in a signature, found something else");
        }
    }

    /** RFC 5652 section 5.3: each attribute once, and here each with one value. */
    private static Map<ASN1ObjectIdentifier, ASN1Encodable> attributes(@Nullable ASN1Set set) {
        Map<ASN1ObjectIdentifier, ASN1Encodable> attributes = new HashMap<>();
        for (int i = 0; set != null && i < set.size(); i++) {
            Attribute attribute = Attribute.getInstance(set.getObjectAt(i));
            ASN1ObjectIdentifier type = attribute.getAttrType();
            require(attribute.getAttrValues().size() == 1, "one value of attribute " + type);
            require(
                    attributes.put(type, attribute.getAttrValues().getObjectAt(0)) == null,
                    "attribute " + type + " once");
        }
        return attributes;
    }

    private static ASN1Encodable value(Map<ASN1ObjectIdentifier, ASN1Encodable> attributes, ASN1ObjectIdentifier type) {
        ASN1Encodable value = attributes.get(type);
        if (value == null) {
            throw new IllegalArgumentException("expected the signed attribute " + type + ", found none");
        }
        return value;
    }

    /** RFC 5652 section 11.3. */
    private static Instant time(ASN1Encodable value) throws ParseException {
        if (value instanceof ASN1UTCTime utc) {
            return utc.getAdjustedDate().toInstant();
        }
        return ASN1GeneralizedTime.getInstance(value).getDate().toInstant();
    }

    /** RFC 5035 section 3: the digest, by SHA-256, of the certificate that is meant. */
    private static Digest signingCertificate(@Nullable ASN1Encodable value) {
        require(value != null, "a signing certificate attribute (version 2)");
        ESSCertIDv2[] ids = SigningCertificateV2.getInstance(value).getCerts();
        require(
                ids.length >= 1
                        && ids[0].getHashAlgorithm().getAlgorithm().equals(NISTObjectIdentifiers.id_sha256)
                        && ids[0].getCertHash().length == Digest.BYTES,
                "a signing certificate named by SHA-256");
        return Digest.of(ids[0].getCertHash());
    }

    /** Certificates are read by the platform, which also checks their chain, and as they stand there: not in DER again. */
    private static List<X509Certificate> certificates(@Nullable ASN1Set set) throws CertificateException, IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (int i = 0; set != null && i < set.size(); i++) {
            require(i < CERTIFICATES_MAX, "at most " + CERTIFICATES_MAX + " certificates");
            ASN1Primitive certificate = set.getObjectAt(i).toASN1Primitive();
            // The platform passes over bits that stand there as unused.
            require(
                    Certificate.getInstance(certificate).getSignature().getPadBits() == 0,
                    "the signature of a certificate to be whole bytes");
            certificates.add((X509Certificate)
                    factory.generateCertificate(new ByteArrayInputStream(certificate.getEncoded(ASN1Encoding.DL))));
        }
        return certificates;
    }

    private static X509Certificate named(
            List<X509Certificate> certificates, IssuerAndSerialNumber signer, Digest fingerprint)
            throws CertificateEncodingException, IOException {
        for (X509Certificate certificate : certificates) {
            if (Digest.sha256(certificate.getEncoded()).equals(fingerprint)) {
                IssuerAndSerialNumber found = new IssuerAndSerialNumber(
                        new X509CertificateHolder(certificate.getEncoded()).toASN1Structure());
                require(found.equals(signer), "the certificate of the attribute to be that of the signer");
                return certificate;
            }
        }
        throw new IllegalArgumentException("expected the certificate with the fingerprint " + fingerprint
                + " in the signature, found none of " + certificates.size());
    }
}
