package dev.evidencevault.crypto.cms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys in files (RFC 7468). */
public final class PemFiles {
    /** The most bytes of a file. */
    public static final int BYTES_MAX = 1 << 20;

    private static final int CERTIFICATES_MAX = 200;
    private static final int DER_SEQUENCE = 0x30;
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private PemFiles() {}

    /**
     * Reads certificates: of trust anchors, of a recipient, or of a key and its issuers. What else a PEM file holds is
     * passed over.
     *
     * @param file {@code CERTIFICATE}s in PEM, 1 to 200 of them, or one certificate in DER
     * @throws IOException if the file cannot be read or holds no such certificates
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        byte[] bytes = read(file);
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            if (bytes.length > 0 && bytes[0] == DER_SEQUENCE) {
                return List.of((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
            }
            try (PemReader reader = new PemReader(new AsciiReader(bytes))) {
                for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                    if (!object.getType().equals("CERTIFICATE")) {
                        continue;
                    }
                    if (certificates.size() == CERTIFICATES_MAX) {
                        throw new IOException(file + ": expected at most " + CERTIFICATES_MAX + " certificates");
                    }
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(object.getContent())));
                }
            }
        } catch (CertificateException | IOException | RuntimeException e) {
            throw new IOException(file + ": expected X.509 certificates in PEM or DER: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": expected a certificate in PEM or DER, found none");
        }
        return List.copyOf(certificates);
    }

    static PrivateKey privateKey(Path file, char @Nullable [] passphrase) throws IOException {
        try (PEMParser parser = new PEMParser(new AsciiReader(read(file)))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
                    if (passphrase == null) {
                        throw new IOException(file + ": the private key is encrypted; give its passphrase");
                    }
                    return decrypted(file, encrypted, passphrase);
                }
                if (object instanceof PrivateKeyInfo key) {
                    return converted(file, key);
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(file + ": expected a private key in PEM: " + e.getMessage(), e);
        }
        throw new IOException(file + ": expected a PRIVATE KEY or ENCRYPTED PRIVATE KEY (PKCS #8), found none; convert"
                + " others with \"openssl pkcs8 -topk8\"");
    }

    private static PrivateKey decrypted(Path file, PKCS8EncryptedPrivateKeyInfo encrypted, char[] passphrase)
            throws IOException {
        try {
            return converted(
                    file,
                    encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(BOUNCY_CASTLE)
                            .build(passphrase)));
        } catch (PKCSException | OperatorCreationException e) {
            throw new IOException(file + ": the private key does not open with this passphrase", e);
        }
    }

    /** The platform's own key objects: its providers compute with them. */
    private static PrivateKey converted(Path file, PrivateKeyInfo key) throws IOException {
        ASN1ObjectIdentifier algorithm = key.getPrivateKeyAlgorithm().getAlgorithm();
        String name;
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            name = "RSA";
        } else if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            name = "EC";
        } else {
            throw new IOException(file + ": expected a private key of RSA or an elliptic curve, found " + algorithm);
        }
        try {
            return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": not a private key of " + name + ": " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException(file + ": a file of keys or certificates has at most " + BYTES_MAX + " bytes");
            }
            return bytes;
        }
    }

    /** Bytes as the characters that PEM is written in. */
    private static final class AsciiReader extends StringReader {
        AsciiReader(byte[] bytes) {
            super(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
