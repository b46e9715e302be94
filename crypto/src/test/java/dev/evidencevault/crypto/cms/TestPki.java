package dev.evidencevault.crypto.cms;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root, an issuer below it, and certificates for whoever a test needs. All are valid in 2026; all keys are new. */
public final class TestPki {
    public static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    public static final Instant NOT_AFTER = Instant.parse("2026-12-31T00:00:00Z");

    private static final Instant ROOT_NOT_AFTER = Instant.parse("2036-01-01T00:00:00Z");
    private static final Map<Integer, KeyPair> RSA = new ConcurrentHashMap<>();

    private final KeyPair rootKeys = ec("secp384r1");
    private final KeyPair issuerKeys = ec("secp256r1");
    private final X509Certificate root;
    private final X509Certificate issuer;
    private int serial = 100;

    public TestPki(String name) {
        X500Name rootName = new X500Name("CN=" + name + " root");
        X500Name issuerName = new X500Name("CN=" + name + " issuer");
        KeyUsage usage = new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        root = certificate(rootName, rootKeys, rootName, rootKeys, 1, ROOT_NOT_AFTER, usage, true);
        issuer = certificate(rootName, rootKeys, issuerName, issuerKeys, 2, ROOT_NOT_AFTER, usage, true);
    }

    public X509Certificate root() {
        return root;
    }

    /** Issues a certificate; the chain goes up to the root. */
    public CertifiedKey issue(String name, KeyPair keys, int usage) {
        return issue(name, keys, usage, NOT_AFTER);
    }

    public CertifiedKey issue(String name, KeyPair keys, int usage, Instant notAfter) {
        X509Certificate certificate = certificate(
                new X500Name(issuer.getSubjectX500Principal().getName()),
                issuerKeys,
                new X500Name("CN=" + name),
                keys,
                serial++,
                notAfter,
                new KeyUsage(usage),
                false);
        return CertifiedKey.of(keys.getPrivate(), List.of(certificate, issuer, root));
    }

    /** Returns a key whose certificate nobody else issued. */
    public static CertifiedKey selfSigned(String name) {
        KeyPair keys = ec("secp256r1");
        X500Name subject = new X500Name("CN=" + name);
        return CertifiedKey.of(
                keys.getPrivate(),
                List.of(certificate(
                        subject, keys, subject, keys, 1, NOT_AFTER, new KeyUsage(KeyUsage.digitalSignature), false)));
    }

    public CertifiedKey signer(String name) {
        return issue(name, ec("secp256r1"), KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
    }

    public static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve), new SecureRandom());
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the one RSA key of this size: making it takes time. */
    public static KeyPair rsa(int bits) {
        return RSA.computeIfAbsent(bits, size -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(size);
                return generator.generateKeyPair();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static X509Certificate certificate(
            X500Name issuer,
            KeyPair issuerKeys,
            X500Name subject,
            KeyPair keys,
            int serial,
            Instant notAfter,
            KeyUsage usage,
            boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(serial),
                    Date.from(FROM.minus(Duration.ofDays(1))),
                    Date.from(notAfter),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, usage);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
