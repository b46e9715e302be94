package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.Openssl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertifiedKeyTest {
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);
    private static final char[] PASSPHRASE = "correct horse".toCharArray();

    @TempDir
    private Path folder;

    private static void assertSigns(CertifiedKey key) throws Exception {
        CadesSignature signature = CadesSigner.of(key, CLOCK).sign(new ByteArrayInputStream(new byte[] {1}));
        assertInstanceOf(
                CadesVerdict.Passed.class,
                signature.verify(
                        new ByteArrayInputStream(new byte[] {1}),
                        new SignatureTrust(List.of(PKI.root()), List.of(), TestPki.NOW)));
    }

    private static void assertMessage(String words, Exception e) {
        assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysAreReadFromPem(boolean rsa) throws Exception {
        CertifiedKey key = rsa
                ? PKI.issue("Alice", TestPki.rsa(3072), KeyUsage.nonRepudiation)
                : PKI.issue("Alice", TestPki.ec("secp384r1"), KeyUsage.nonRepudiation);
        Path chain = Openssl.pem(folder.resolve("chain.pem"), key.chain());
        Path plain = Files.writeString(
                folder.resolve("key.pem"),
                Openssl.pem("PRIVATE KEY", key.privateKey().getEncoded()));
        CertifiedKey read = CertifiedKey.readPem(chain, plain, null);
        assertEquals(key.chain(), read.chain());
        assertSigns(read);
        Path both = Files.writeString(folder.resolve("both.pem"), Files.readString(chain) + Files.readString(plain));
        assertSigns(CertifiedKey.readPem(both, both, null));
        Path encrypted = folder.resolve("encrypted.pem");
        assertEquals(
                0,
                Openssl.run(
                                folder,
                                "pkcs8",
                                "-topk8",
                                "-in",
                                plain,
                                "-out",
                                encrypted,
                                "-passout",
                                "pass:correct horse")
                        .exit());
        assertSigns(CertifiedKey.readPem(chain, encrypted, PASSPHRASE));
        assertMessage(
                "does not open with this passphrase",
                assertThrows(IOException.class, () -> CertifiedKey.readPem(chain, encrypted, "wrong".toCharArray())));
        assertMessage(
                "give its passphrase",
                assertThrows(IOException.class, () -> CertifiedKey.readPem(chain, encrypted, null)));
        assertMessage(
                "expected a PRIVATE KEY",
                assertThrows(IOException.class, () -> CertifiedKey.readPem(chain, chain, null)));
        assertMessage("expected a certificate", assertThrows(IOException.class, () -> PemFiles.certificates(plain)));
    }

    @Test
    void certificatesAreReadFromPemAndDer() throws Exception {
        X509Certificate root = PKI.root();
        assertEquals(List.of(root), PemFiles.certificates(Openssl.pem(folder.resolve("a"), List.of(root))));
        assertEquals(List.of(root), PemFiles.certificates(Files.write(folder.resolve("b"), root.getEncoded())));
        for (byte[] bad : new byte[][] {{}, {0x30}, {0x30, 0x03, 1, 1, 1}, new byte[PemFiles.BYTES_MAX + 1]}) {
            Path file = Files.write(folder.resolve("bad"), bad);
            assertMessage("bad: ", assertThrows(IOException.class, () -> PemFiles.certificates(file)));
        }
        Path cut = Files.writeString(folder.resolve("cut"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
        assertMessage("cut: ", assertThrows(IOException.class, () -> PemFiles.certificates(cut)));
    }

    @Test
    void keysAreReadFromPkcs12() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        CertifiedKey alice = PKI.signer("Alice");
        store.setKeyEntry("alice", alice.privateKey(), PASSPHRASE, alice.chain().toArray(new X509Certificate[0]));
        Path file = folder.resolve("keys.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSPHRASE);
        }
        assertSigns(CertifiedKey.readPkcs12(file, PASSPHRASE, Optional.empty()));
        assertSigns(CertifiedKey.readPkcs12(file, PASSPHRASE, Optional.of("alice")));
        assertMessage(
                "found none; there are [alice]",
                assertThrows(IOException.class, () -> CertifiedKey.readPkcs12(file, PASSPHRASE, Optional.of("bob"))));
        assertMessage(
                "passphrase is wrong",
                assertThrows(
                        IOException.class,
                        () -> CertifiedKey.readPkcs12(file, "wrong".toCharArray(), Optional.empty())));
        CertifiedKey bob = PKI.signer("Bob");
        store.setKeyEntry("bob", bob.privateKey(), PASSPHRASE, bob.chain().toArray(new X509Certificate[0]));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSPHRASE);
        }
        assertMessage(
                "the alias of one",
                assertThrows(IOException.class, () -> CertifiedKey.readPkcs12(file, PASSPHRASE, Optional.empty())));
    }

    @Test
    void keysOfOthersAreRefused() {
        CertifiedKey alice = PKI.signer("Alice");
        CertifiedKey bob = PKI.signer("Bob");
        for (KeyPair keys : List.of(TestPki.rsa(3072), TestPki.ec("secp384r1"), TestPki.ec("secp256r1"))) {
            assertMessage(
                    "is not that of the certificate",
                    assertThrows(
                            IllegalArgumentException.class, () -> CertifiedKey.of(keys.getPrivate(), alice.chain())));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> CertifiedKey.of(alice.privateKey(), List.of(bob.certificate(), alice.certificate())));
        assertThrows(IllegalArgumentException.class, () -> CertifiedKey.of(alice.privateKey(), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> PKI.issue("Alice", TestPki.ec("secp521r1"), KeyUsage.digitalSignature));
    }

    /** A device gives no encoding, and only its own provider computes with its keys. */
    @Test
    void keysInADeviceSign() throws Exception {
        CertifiedKey alice = PKI.signer("Alice");
        DeviceProvider device = new DeviceProvider();
        Security.addProvider(device);
        try {
            assertSigns(CertifiedKey.of(device.keep(alice.privateKey()), alice.chain()));
            CertifiedKey wrong = CertifiedKey.of(device.keep(PKI.signer("Bob").privateKey()), alice.chain());
            assertMessage(
                    "the private key is not that of the certificate",
                    assertThrows(
                            IOException.class,
                            () -> CadesSigner.of(wrong, CLOCK).sign(new ByteArrayInputStream(new byte[0]))));
        } finally {
            Security.removeProvider(device.getName());
        }
    }
}
