package dev.evidencevault.crypto.asic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.cms.CadesSignature;
import dev.evidencevault.crypto.cms.CadesSigner;
import dev.evidencevault.crypto.cms.CertifiedKey;
import dev.evidencevault.crypto.cms.RecipientCertificate;
import dev.evidencevault.crypto.cms.SealedFile;
import dev.evidencevault.crypto.cms.TestPki;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipient does who has OpenSSL, unzip and nothing of ours, from the sealed file to the files in it. */
class AsicOpensslTest {
    private static final TestPki PKI = new TestPki("test");
    private static final Clock CLOCK = Clock.fixed(TestPki.NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private void assertSays(String words, Object... arguments) throws Exception {
        Openssl.Result result = Openssl.run(folder, arguments);
        assertEquals(0, result.exit(), result.text());
        assertTrue(result.text().contains(words), result.text());
    }

    private Object[] verifyCommand(int number) {
        return new Object[] {
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "x/" + ContainerNames.signature(number),
            "-content",
            "x/" + ContainerNames.manifest(number),
            "-CAfile",
            "roots.pem",
            "-attime",
            TestPki.NOW.getEpochSecond(),
            "-out",
            "manifest.xml"
        };
    }

    @Test
    void opensslAndUnzipAreEnough() throws Exception {
        Openssl.require("unzip");
        LocalTimeStampAuthority authority =
                LocalTimeStampAuthority.create("tsa", KeyType.ECDSA_P256, CLOCK, new SecureRandom());
        byte[] text = "one file".getBytes(StandardCharsets.UTF_8);
        Path one = folder.resolve("one.asice");
        Path container = folder.resolve("evidence.asice");
        AsicWriter.create(
                one,
                List.of(new Source("bag/a.txt", () -> new ByteArrayInputStream(text))),
                CadesSigner.of(PKI.signer("Seal"), CLOCK)
                        .withTimeStamps(digest -> authority.stamp(digest).bytes()));
        AsicWriter.addSignature(one, container, CadesSigner.of(PKI.signer("Approver"), CLOCK));
        KeyPair keys = TestPki.ec("secp256r1");
        CertifiedKey court = PKI.issue("Court", keys, KeyUsage.keyAgreement);
        SealedFile.seal(
                container,
                folder.resolve("evidence.asice.p7m"),
                List.of(RecipientCertificate.check(court.certificate(), TestPki.NOW)),
                new SecureRandom());
        Openssl.pem(folder.resolve("roots.pem"), List.of(PKI.root()));
        Openssl.pem(folder.resolve("tsa.pem"), List.of(authority.root()));
        Openssl.pem(folder.resolve("court.pem"), List.of(court.certificate()));
        Files.writeString(
                folder.resolve("court.key"),
                Openssl.pem("PRIVATE KEY", keys.getPrivate().getEncoded()));

        assertSays(
                "",
                "cms",
                "-decrypt",
                "-binary",
                "-inform",
                "DER",
                "-in",
                "evidence.asice.p7m",
                "-recip",
                "court.pem",
                "-inkey",
                "court.key",
                "-out",
                "opened.asice");
        assertArrayEquals(Files.readAllBytes(container), Files.readAllBytes(folder.resolve("opened.asice")));
        Openssl.Result unzipped = Openssl.program(folder, "unzip", "-q", "opened.asice", "-d", "x");
        assertEquals(0, unzipped.exit(), unzipped.text());
        assertSays("successful", verifyCommand(1));
        assertSays("successful", verifyCommand(2));
        String digest = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
        assertTrue(Files.readString(folder.resolve("manifest.xml")).contains(digest));

        CadesSignature signature =
                CadesSignature.parse(Files.readAllBytes(folder.resolve("x/META-INF/signature001.p7s")));
        Files.write(folder.resolve("token.der"), signature.stamp().orElseThrow().token());
        String imprint = signature.stamp().orElseThrow().imprint().hex();
        assertSays(
                "Verification: OK",
                "ts",
                "-verify",
                "-token_in",
                "-in",
                "token.der",
                "-digest",
                imprint,
                "-CAfile",
                "tsa.pem",
                "-attime",
                TestPki.NOW.getEpochSecond());

        Path manifest = folder.resolve("x/META-INF/ASiCManifest001.xml");
        Files.writeString(manifest, Files.readString(manifest).replace("bag/a.txt", "bag/b.txt"));
        assertNotEquals(0, Openssl.run(folder, verifyCommand(1)).exit());
    }
}
