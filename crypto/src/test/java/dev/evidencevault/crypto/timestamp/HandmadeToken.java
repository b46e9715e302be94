package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.merkle.Digest;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.Accuracy;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A token that is wrong, or unusual, in one chosen way: what the library's own generator refuses to make. */
final class HandmadeToken {
    static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
    static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant NOT_AFTER = Instant.parse("2027-01-01T00:00:00Z");
    static final Instant ROOT_NOT_AFTER = Instant.parse("2036-01-01T00:00:00Z");
    static final X500Name ROOT = new X500Name("CN=Root");
    static final X500Name SIGNER = new X500Name("CN=Signer");

    private static final byte[] KEY_IDENTIFIER = {1, 2, 3, 4};
    private static final Provider PROVIDER = new BouncyCastleProvider();
    private static final KeyPair ROOT_KEYS = keys("EC", 256);

    KeyPair keys = keys("EC", 256);
    String signature = "SHA256withECDSA";
    Instant notAfter = NOT_AFTER;
    Instant rootNotAfter = ROOT_NOT_AFTER;
    Optional<KeyUsage> keyUsage = Optional.of(new KeyUsage(KeyUsage.digitalSignature));
    Optional<Extension> extendedKeyUsage = Optional.of(usage(true, KeyPurposeId.id_kp_timeStamping));
    Optional<Instant> betweenNotAfter = Optional.empty();
    Optional<Extension> betweenUsage = Optional.empty();

    /** How many certificates, that issue each other in circles, stand between the signer and nobody. */
    int loops;

    Optional<X500Name> tsa = Optional.of(SIGNER);
    Optional<Digest> certificateHash = Optional.empty();
    String time = "20260301120000Z";
    Instant signingTime = TIME;
    BigInteger serial = BigInteger.valueOf(7);
    Optional<Accuracy> accuracy = Optional.empty();
    Optional<Extensions> extensions = Optional.empty();

    /** Whether the signer is named by the key identifier of its certificate, which then has one. */
    boolean isNamedByKey;

    ASN1ObjectIdentifier imprintAlgorithm = NISTObjectIdentifiers.id_sha256;
    byte[] imprint = Digest.sha256(new byte[] {1}).bytes();

    static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Extension usage(boolean critical, KeyPurposeId... purposes) {
        try {
            return new Extension(Extension.extendedKeyUsage, critical, new ExtendedKeyUsage(purposes).getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    X509Certificate root() throws Exception {
        return certificate(ROOT, ROOT, ROOT_KEYS, ROOT_KEYS, rootNotAfter, true);
    }

    private X509Certificate certificate(
            X500Name issuer, X500Name subject, KeyPair issuerKeys, KeyPair subjectKeys, Instant to, boolean authority)
            throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(subject.toString().length()),
                Date.from(FROM),
                Date.from(to),
                subject,
                subjectKeys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (authority) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            if (betweenUsage.isPresent() && !subject.equals(ROOT)) {
                builder.addExtension(betweenUsage.get());
            }
        } else {
            if (keyUsage.isPresent()) {
                builder.addExtension(Extension.keyUsage, true, keyUsage.get());
            }
            if (extendedKeyUsage.isPresent()) {
                builder.addExtension(extendedKeyUsage.get());
            }
            if (isNamedByKey) {
                builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(KEY_IDENTIFIER));
            }
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    private ContentInfo content() throws Exception {
        List<X509Certificate> certificates = new ArrayList<>();
        X500Name issuer = ROOT;
        KeyPair issuerKeys = ROOT_KEYS;
        if (betweenNotAfter.isPresent()) {
            X500Name between = new X500Name("CN=Between");
            KeyPair betweenKeys = keys("EC", 256);
            certificates.add(certificate(ROOT, between, ROOT_KEYS, betweenKeys, betweenNotAfter.get(), true));
            issuer = between;
            issuerKeys = betweenKeys;
        }
        if (loops > 0) {
            List<X500Name> names = List.of(new X500Name("CN=Loop"), new X500Name("CN=Pool"));
            KeyPair loopKeys = keys("EC", 256);
            for (int i = 0; i < loops; i++) {
                certificates.add(certificate(
                        names.get(i / 2 % 2),
                        names.get(i % 2),
                        loopKeys,
                        loopKeys,
                        ROOT_NOT_AFTER.plusSeconds(i),
                        true));
            }
            issuer = names.get(0);
            issuerKeys = loopKeys;
        }
        X509Certificate certificate = certificate(issuer, SIGNER, issuerKeys, keys, notAfter, false);
        certificates.add(certificate);
        TSTInfo info = new TSTInfo(
                new ASN1ObjectIdentifier("1.2.3"),
                new MessageImprint(new AlgorithmIdentifier(imprintAlgorithm), imprint),
                new ASN1Integer(serial),
                new ASN1GeneralizedTime(time),
                accuracy.orElse(null),
                null,
                null,
                tsa.map(GeneralName::new).orElse(null),
                extensions.orElse(null));
        // Not as DER, which would put the time in its one spelling.
        byte[] content =
                new DLSequence(ASN1Sequence.getInstance(info.toASN1Primitive()).toArray()).getEncoded(ASN1Encoding.DL);
        Digest hash = certificateHash.orElse(Digest.sha256(certificate.getEncoded()));
        Attribute signingCertificate = new Attribute(
                PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                new DERSet(new SigningCertificateV2(new ESSCertIDv2(hash.bytes()))));
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(signingCertificate);
        attributes.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(signingTime)))));
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        JcaSimpleSignerInfoGeneratorBuilder signer = new JcaSimpleSignerInfoGeneratorBuilder()
                .setProvider(PROVIDER)
                .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)));
        generator.addSignerInfoGenerator(
                isNamedByKey
                        ? signer.build(signature, keys.getPrivate(), KEY_IDENTIFIER)
                        : signer.build(signature, keys.getPrivate(), certificate));
        generator.addCertificates(new JcaCertStore(certificates));
        return generator
                .generate(new CMSProcessableByteArray(PKCSObjectIdentifiers.id_ct_TSTInfo, content), true)
                .toASN1Structure();
    }

    TimeStamp make() throws Exception {
        TimeStampResp response = new TimeStampResp(new PKIStatusInfo(PKIStatus.granted), content());
        return TimeStamp.parse(response.getEncoded(ASN1Encoding.DER));
    }

    /** Returns the token alone, in DER. */
    byte[] token() throws Exception {
        return content().getEncoded(ASN1Encoding.DER);
    }

    TimeStampVerdict verdict() throws Exception {
        return make().verify(Digest.of(imprint), List.of(root()));
    }
}
