package dev.evidencevault.crypto.timestamp;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/**
 * A time stamp authority of one's own, for tests and demonstrations. <strong>Its time stamps prove nothing</strong>: who
 * runs it can stamp anything with any time, and its root is trusted by whoever made it. Never put its root among trust
 * anchors of a vault that matters. Safe for use by several threads.
 *
 * <p>Its keys live in memory and are gone with it. It opens no socket: {@link #answer} is what a server would call. Its
 * root is valid for 3,650 days and its signing certificate for 365, from one hour before it was made.
 */
public final class LocalTimeStampAuthority {
    /** Of the 2.25 arc (X.667), which is for anybody: no policy at all. */
    private static final ASN1ObjectIdentifier POLICY =
            new ASN1ObjectIdentifier("2.25.87362091745038264419287345610298374651");

    private static final Duration BEFORE = Duration.ofHours(1);
    private static final Duration ROOT_VALID = Duration.ofDays(3650);
    private static final Duration SIGNER_VALID = Duration.ofDays(365);
    private static final int SERIAL_BITS = 127;

    /** What keys an authority has, of root and signer alike. */
    public enum KeyType {
        /** ECDSA over P-256 with SHA-256 (FIPS 186-5). */
        ECDSA_P256("EC", "SHA256withECDSA"),
        /** RSA with 2048 bits, PKCS #1 version 1.5 padding and SHA-256 (RFC 8017). */
        RSA_2048("RSA", "SHA256withRSA");

        private final String key;
        private final String signature;

        KeyType(String key, String signature) {
            this.key = key;
            this.signature = signature;
        }

        private KeyPair generate(SecureRandom random) throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(key);
            generator.initialize(
                    switch (this) {
                        case ECDSA_P256 -> new ECGenParameterSpec("secp256r1");
                        case RSA_2048 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
                    },
                    random);
            return generator.generateKeyPair();
        }
    }

    private final KeyType keyType;
    private final Clock clock;
    private final SecureRandom random;
    private final X509Certificate root;
    private final X509Certificate certificate;
    private final PrivateKey privateKey;

    private LocalTimeStampAuthority(
            KeyType keyType,
            Clock clock,
            SecureRandom random,
            X509Certificate root,
            X509Certificate certificate,
            PrivateKey privateKey) {
        this.keyType = keyType;
        this.clock = clock;
        this.random = random;
        this.root = root;
        this.certificate = certificate;
        this.privateKey = privateKey;
    }

    /**
     * Makes keys and certificates of an authority.
     *
     * @param name the common name of its certificates; not blank
     * @param clock what its tokens tell the time by, to the second
     * @throws IllegalArgumentException if the name is blank
     */
    public static LocalTimeStampAuthority create(String name, KeyType keyType, Clock clock, SecureRandom random) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an authority has a name, found a blank one");
        }
        Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(BEFORE);
        X500Name rootName = name(name + " root (proves nothing)");
        X500Name signerName = name(name + " (proves nothing)");
        try {
            KeyPair rootKeys = keyType.generate(random);
            KeyPair signerKeys = keyType.generate(random);
            Issuer issuer = new Issuer(rootName, rootKeys, keyType, random);
            JcaX509v3CertificateBuilder rootBuilder =
                    issuer.builder(rootName, rootKeys.getPublic(), from, from.plus(ROOT_VALID));
            rootBuilder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            rootBuilder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            JcaX509v3CertificateBuilder signerBuilder =
                    issuer.builder(signerName, signerKeys.getPublic(), from, from.plus(SIGNER_VALID));
            signerBuilder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            signerBuilder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            signerBuilder.addExtension(
                    Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            return new LocalTimeStampAuthority(
                    keyType,
                    clock,
                    random,
                    issuer.sign(rootBuilder),
                    issuer.sign(signerBuilder),
                    signerKeys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("keys and certificates of an authority cannot be made", e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    }

    /** Returns the root certificate, the trust anchor of this authority. */
    public X509Certificate root() {
        return root;
    }

    /** Returns the certificate that signs tokens. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Stamps a digest, as a client that asks would get it. */
    public TimeStamp stamp(Digest digest) {
        TimeStampRequestGenerator request = new TimeStampRequestGenerator();
        request.setCertReq(true);
        try {
            return TimeStamp.parse(answer(request.generate(TSPAlgorithms.SHA256, digest.bytes(), serial(random))
                    .getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("a request cannot be made", e);
        }
    }

    /** Describes this authority, served at an address, with its root as the one trust anchor. */
    public TimeStampAuthority at(URI uri) {
        return new TimeStampAuthority("local, proves nothing", uri, List.of(root));
    }

    /**
     * Answers a request ({@code TimeStampReq}, RFC 3161 section 2.4.1).
     *
     * @return a {@code TimeStampResp} in DER: a token by the clock if the request is well formed and its imprint by
     *     SHA-256, otherwise a rejection
     */
    public byte[] answer(byte[] request) {
        try {
            TimeStampTokenGenerator tokens = tokenGenerator();
            TimeStampResponseGenerator responses = new TimeStampResponseGenerator(tokens, Set.of(TSPAlgorithms.SHA256));
            TimeStampRequest parsed;
            try {
                parsed = new TimeStampRequest(request);
            } catch (IOException | RuntimeException e) {
                return encoded(responses.generateFailResponse(
                        PKIStatus.REJECTION, PKIFailureInfo.badDataFormat, "not a time stamp request"));
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            try {
                return encoded(responses.generateGrantedResponse(parsed, serial(random), Date.from(now)));
            } catch (TSPException e) {
                return encoded(responses.generateRejectedResponse(e));
            }
        } catch (TSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the local authority cannot sign", e);
        }
    }

    private TimeStampTokenGenerator tokenGenerator()
            throws TSPException, OperatorCreationException, GeneralSecurityException {
        DigestCalculator sha256 = new JcaDigestCalculatorProviderBuilder()
                .build()
                .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
        TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                new JcaSimpleSignerInfoGeneratorBuilder().build(keyType.signature, privateKey, certificate),
                sha256,
                POLICY);
        tokens.setAccuracySeconds(1);
        tokens.setTSA(new GeneralName(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())));
        tokens.addCertificates(new JcaCertStore(List.of(certificate)));
        return tokens;
    }

    private static byte[] encoded(TimeStampResponse response) throws IOException {
        return ASN1Primitive.fromByteArray(response.getEncoded()).getEncoded(ASN1Encoding.DER);
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    /** Who signs certificates. */
    record Issuer(X500Name name, KeyPair keys, KeyType keyType, SecureRandom random) {
        JcaX509v3CertificateBuilder builder(X500Name subject, PublicKey key, Instant from, Instant notAfter)
                throws GeneralSecurityException, IOException {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name, serial(random), Date.from(from), Date.from(notAfter), subject, key);
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(keys.getPublic()));
            return builder;
        }

        X509Certificate sign(JcaX509v3CertificateBuilder builder)
                throws GeneralSecurityException, OperatorCreationException {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(keyType.signature)
                            .setSecureRandom(random)
                            .build(keys.getPrivate())));
        }
    }
}
