package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code openssl cms -verify} reads our signatures, and its signatures are read here. */
class CadesOpensslTest {
    private static final TestPki PKI = new TestPki("test");

    @TempDir
    private Path folder;

    private Openssl.Result verify(Path signature, Path content, Path roots) throws Exception {
        return Openssl.run(
                folder,
                "cms",
                "-verify",
                "-binary",
                "-inform",
                "DER",
                "-in",
                signature,
                "-content",
                content,
                "-CAfile",
                roots,
                "-attime",
                TestPki.NOW.getEpochSecond(),
                "-out",
                "out.bin");
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void opensslVerifiesOurs(SignatureAlgorithm algorithm) throws Exception {
        CertifiedKey key = PKI.issue("Alice", CadesSignatureTest.keys(algorithm), KeyUsage.digitalSignature);
        Clock clock = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);
        LocalTimeStampAuthority authority =
                LocalTimeStampAuthority.create("tsa", KeyType.RSA_2048, clock, new SecureRandom());
        CadesSigner signer = CadesSigner.of(key, algorithm, clock)
                .withTimeStamps(digest -> authority.stamp(digest).bytes());
        Path content = Files.writeString(folder.resolve("manifest.xml"), "content\r\nof two lines\n");
        Path signature = folder.resolve("signature.p7s");
        try (InputStream in = Files.newInputStream(content)) {
            Files.write(signature, signer.sign(in).bytes());
        }
        Path roots = Openssl.pem(folder.resolve("roots.pem"), List.of(PKI.root()));
        Openssl.Result good = verify(signature, content, roots);
        assertEquals(0, good.exit(), good.text());
        assertEquals(Files.readString(content), Files.readString(folder.resolve("out.bin")));
        Files.writeString(content, "content\nof two lines\n");
        assertNotEquals(0, verify(signature, content, roots).exit());
    }

    @Test
    void ourReaderVerifiesOpenssls() throws Exception {
        CertifiedKey key = PKI.signer("Alice");
        Path content = Files.writeString(folder.resolve("content"), "content\n");
        Openssl.pem(folder.resolve("alice.crt"), List.of(key.certificate()));
        Openssl.pem(folder.resolve("chain.crt"), key.chain().subList(1, 2));
        Files.writeString(
                folder.resolve("alice.key"),
                Openssl.pem("PRIVATE KEY", key.privateKey().getEncoded()));
        Openssl.Result signed = Openssl.run(
                folder,
                "cms",
                "-sign",
                "-cades",
                "-binary",
                "-outform",
                "DER",
                "-in",
                content,
                "-signer",
                "alice.crt",
                "-inkey",
                "alice.key",
                "-certfile",
                "chain.crt",
                "-md",
                "sha256",
                "-out",
                "signature.p7s");
        assertEquals(0, signed.exit(), signed.text());
        CadesSignature signature = CadesSignature.parse(Files.readAllBytes(folder.resolve("signature.p7s")));
        // OpenSSL signs by the clock of the machine.
        SignatureTrust trust = new SignatureTrust(List.of(PKI.root()), List.of(), TestPki.NOT_AFTER);
        try (InputStream in = Files.newInputStream(content)) {
            CadesVerdict verdict = signature.verify(in, trust);
            if (Clock.systemUTC().instant().isBefore(TestPki.NOT_AFTER.plus(Duration.ofSeconds(50)))) {
                assertInstanceOf(CadesVerdict.Passed.class, verdict);
            } else {
                String reason = assertInstanceOf(CadesVerdict.Indeterminate.class, verdict)
                        .reason();
                assertTrue(reason.contains("and now it is"), reason);
            }
        }
    }
}
