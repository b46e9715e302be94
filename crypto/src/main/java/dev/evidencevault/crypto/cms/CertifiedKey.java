package dev.evidencevault.crypto.cms;

import dev.evidencevault.crypto.x509.CertificateChain;
import dev.evidencevault.crypto.x509.KeyKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * A private key and the certificate of its public key: of who signs, or of who opens what is sealed to him. Immutable and
 * safe for use by several threads, as far as the provider of the key is.
 *
 * <p>The private key may lie in a device (PKCS #11): nothing here asks for its encoding. It is the caller's to open the
 * key store of the device, and to keep its session for as long as this is used.
 */
public final class CertifiedKey {
    private static final int CHAIN_MAX = 8;

    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;

    private CertifiedKey(PrivateKey privateKey, List<X509Certificate> chain) {
        this.privateKey = privateKey;
        this.chain = chain;
    }

    /**
     * Joins a private key and its certificate. That they belong together is checked here for keys in memory; for a key in
     * a device it is checked when it signs.
     *
     * @param chain the certificate of the key, and after it those of its issuers, as far as they are to be handed on; 1
     *     to 8. The order of the issuers does not matter
     * @throws IllegalArgumentException if the key is none of RSA, P-256 or P-384, or is not that of the certificate
     */
    public static CertifiedKey of(PrivateKey privateKey, List<X509Certificate> chain) {
        if (chain.isEmpty() || chain.size() > CHAIN_MAX) {
            throw new IllegalArgumentException(
                    "expected 1 to " + CHAIN_MAX + " certificates with a key, found " + chain.size());
        }
        X509Certificate certificate = chain.get(0);
        KeyKind kind = KeyKind.of(certificate.getPublicKey());
        String algorithm = kind == KeyKind.RSA ? "RSA" : "EC";
        if (!privateKey.getAlgorithm().startsWith(algorithm) || !belong(privateKey, certificate, kind)) {
            throw new IllegalArgumentException("the private key (" + privateKey.getAlgorithm()
                    + ") is not that of the certificate of " + CertificateChain.subject(certificate) + " (" + kind
                    + ")");
        }
        return new CertifiedKey(privateKey, List.copyOf(chain));
    }

    private static boolean belong(PrivateKey privateKey, X509Certificate certificate, KeyKind kind) {
        if (privateKey instanceof RSAKey mine && certificate.getPublicKey() instanceof RSAKey theirs) {
            return mine.getModulus().equals(theirs.getModulus());
        }
        if (privateKey instanceof ECPrivateKey mine && certificate.getPublicKey() instanceof ECPublicKey theirs) {
            ECPoint point = CustomNamedCurves.getByName(kind == KeyKind.EC_P256 ? "secp256r1" : "secp384r1")
                    .getG()
                    .multiply(mine.getS())
                    .normalize();
            return !point.isInfinity()
                    && point.getAffineXCoord()
                            .toBigInteger()
                            .equals(theirs.getW().getAffineX())
                    && point.getAffineYCoord()
                            .toBigInteger()
                            .equals(theirs.getW().getAffineY());
        }
        return true;
    }

    /**
     * Reads a key and its certificates from PEM files (RFC 7468); they may be one file.
     *
     * @param certificates {@code CERTIFICATE}s: first that of the key, then of its issuers
     * @param key one {@code PRIVATE KEY} or {@code ENCRYPTED PRIVATE KEY} (PKCS #8, RFC 5958)
     * @param passphrase of an encrypted key; null if it is not encrypted
     * @throws IOException if a file cannot be read, holds something else, or the passphrase is wrong: the message says
     *     which file, what was expected and what to do
     */
    public static CertifiedKey readPem(Path certificates, Path key, char @Nullable [] passphrase) throws IOException {
        PrivateKey privateKey = PemFiles.privateKey(key, passphrase);
        return joined(key, privateKey, PemFiles.certificates(certificates));
    }

    private static CertifiedKey joined(Path file, PrivateKey key, List<X509Certificate> chain) throws IOException {
        try {
            return of(key, chain);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a key from a PKCS #12 file (RFC 7292).
     *
     * @param alias which; empty if the file holds only one
     * @throws IOException if the file cannot be read, holds no such key, or the passphrase is wrong
     */
    public static CertifiedKey readPkcs12(Path file, char[] passphrase, Optional<String> alias) throws IOException {
        if (Files.size(file) > PemFiles.BYTES_MAX) {
            throw new IOException(file + ": a file of keys has at most " + PemFiles.BYTES_MAX + " bytes");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, passphrase);
            return ofKeyStore(store, alias.isPresent() ? alias.get() : onlyKey(store), passphrase);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(file + ": no PKCS #12 file, or the passphrase is wrong: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the alias of the only key of a key store.
     *
     * @throws IllegalArgumentException if there is none, or more than one
     */
    public static String onlyKey(KeyStore store) throws KeyStoreException {
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new IllegalArgumentException("expected one key, or the alias of one, found the keys " + keys);
        }
        return keys.get(0);
    }

    /**
     * Takes a key from a key store that is open already, of a file or of a device.
     *
     * @param password of the key; null if the store asks for none
     * @throws IllegalArgumentException if there is no private key with X.509 certificates under the alias
     * @throws GeneralSecurityException if the store does not give the key
     */
    public static CertifiedKey ofKeyStore(KeyStore store, String alias, char @Nullable [] password)
            throws GeneralSecurityException {
        Certificate[] certificates = store.getCertificateChain(alias);
        if (certificates == null || !(store.getKey(alias, password) instanceof PrivateKey key)) {
            throw new IllegalArgumentException("expected a private key and its certificate as \"" + alias
                    + "\", found none; there are " + Collections.list(store.aliases()));
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : certificates) {
            if (!(certificate instanceof X509Certificate x509)) {
                throw new IllegalArgumentException(
                        "expected X.509 certificates as \"" + alias + "\", found " + certificate.getType());
            }
            chain.add(x509);
        }
        return of(key, chain);
    }

    /** Returns the certificate of the key. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Returns the certificate of the key and those of issuers that came with it. */
    public List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** Returns the subject of the certificate; nothing of the key. */
    @Override
    public String toString() {
        return CertificateChain.subject(certificate());
    }
}
