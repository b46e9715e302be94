package dev.evidencevault.crypto.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.cms.SealedFileTest.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code openssl cms -decrypt} opens what is sealed here, and what it seals opens here. */
class SealedFileOpensslTest {
    @TempDir
    private Path folder;

    private Path keyFile(CertifiedKey key) throws Exception {
        return Files.writeString(
                folder.resolve("court.key"),
                Openssl.pem("PRIVATE KEY", key.privateKey().getEncoded()));
    }

    private byte[] content() {
        byte[] content = new byte[300_001];
        new Random(42).nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void opensslOpensOurs(Holder holder) throws Exception {
        CertifiedKey key = holder.key();
        List<RecipientCertificate> recipients = new ArrayList<>();
        for (CertifiedKey each : List.of(Holder.RSA.key(), key, Holder.P256.key())) {
            recipients.add(RecipientCertificate.check(each.certificate(), TestPki.NOW));
        }
        Path content = Files.write(folder.resolve("content"), content());
        Path sealed = folder.resolve("sealed.p7m");
        SealedFile.seal(content, sealed, recipients, new SecureRandom());
        Path certificate = Openssl.pem(folder.resolve("court.pem"), List.of(key.certificate()));
        Object[] command = {
            "cms",
            "-decrypt",
            "-binary",
            "-inform",
            "DER",
            "-in",
            sealed,
            "-recip",
            certificate,
            "-inkey",
            keyFile(key),
            "-out",
            "opened"
        };
        Openssl.Result good = Openssl.run(folder, command);
        assertEquals(0, good.exit(), good.text());
        assertArrayEquals(content(), Files.readAllBytes(folder.resolve("opened")));
        byte[] bytes = Files.readAllBytes(sealed);
        bytes[bytes.length - 100] ^= 1;
        Files.write(sealed, bytes);
        assertNotEquals(0, Openssl.run(folder, command).exit());
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void oursOpensOpenssls(Holder holder) throws Exception {
        CertifiedKey key = holder.key();
        Path content = Files.write(folder.resolve("content"), content());
        Path certificate = Openssl.pem(folder.resolve("court.pem"), List.of(key.certificate()));
        List<Object> command = new ArrayList<>(List.of(
                "cms",
                "-encrypt",
                "-binary",
                "-aes-256-gcm",
                "-aes256-wrap",
                "-outform",
                "DER",
                "-in",
                content,
                "-out",
                "sealed.p7m",
                "-recip",
                certificate));
        switch (holder) {
            case RSA -> command.addAll(List.of("-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"));
            case P256 -> command.addAll(List.of("-keyopt", "ecdh_kdf_md:sha256"));
            case P384 -> command.addAll(List.of("-keyopt", "ecdh_kdf_md:sha384"));
        }
        Openssl.Result sealed = Openssl.run(folder, command.toArray());
        assertEquals(0, sealed.exit(), sealed.text());
        Path opened = folder.resolve("opened");
        SealedFile.open(folder.resolve("sealed.p7m"), opened, key);
        assertArrayEquals(content(), Files.readAllBytes(opened));
    }
}
