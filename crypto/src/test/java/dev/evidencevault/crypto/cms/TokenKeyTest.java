package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.evidencevault.crypto.SoftToken;
import dev.evidencevault.crypto.keys.Tokens;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that do not leave their token, through the platform's PKCS #11 provider and SoftHSM where it is installed. */
class TokenKeyTest {
    private static final int SIGNING = KeyUsage.digitalSignature;
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private CertifiedKey kept(KeyStore store, String alias, KeyPair keys, int usage) throws Exception {
        CertifiedKey key = PKI.issue(alias, keys, usage);
        store.setKeyEntry(alias, keys.getPrivate(), null, key.chain().toArray(new X509Certificate[0]));
        CertifiedKey kept = CertifiedKey.ofKeyStore(store, alias, null);
        assertNull(kept.privateKey().getEncoded());
        return kept;
    }

    @Test
    void keysInATokenSignAndOpen() throws Exception {
        KeyStore store = Tokens.open(SoftToken.configuration(), SoftToken.PIN.toCharArray());
        CertifiedKey curve = kept(store, "curve", TestPki.ec("secp256r1"), SIGNING);
        CertifiedKey rsa = kept(store, "rsa", TestPki.rsa(3072), SIGNING);
        assertSigns(curve, SignatureAlgorithm.ECDSA_P256_SHA256);
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (algorithm.name().startsWith("RSA")) {
                assertSigns(rsa, algorithm);
            }
        }
        CertifiedKey court = kept(store, "court", TestPki.ec("secp384r1"), KeyUsage.keyAgreement);
        Path content = Files.write(folder.resolve("content"), new byte[100]);
        Path sealed = folder.resolve("sealed.p7m");
        RecipientCertificate recipient = RecipientCertificate.check(court.certificate(), TestPki.NOW);
        SealedFile.seal(content, sealed, List.of(recipient), new SecureRandom());
        SealedFile.open(sealed, folder.resolve("opened"), court);
        assertArrayEquals(new byte[100], Files.readAllBytes(folder.resolve("opened")));
    }

    private static void assertSigns(CertifiedKey key, SignatureAlgorithm algorithm) throws Exception {
        CadesSignature signature = CadesSigner.of(key, algorithm, CLOCK).sign(new ByteArrayInputStream(new byte[] {1}));
        assertInstanceOf(
                CadesVerdict.Passed.class,
                signature.verify(
                        new ByteArrayInputStream(new byte[] {1}),
                        new SignatureTrust(List.of(PKI.root()), List.of(), TestPki.NOW)));
    }
}
