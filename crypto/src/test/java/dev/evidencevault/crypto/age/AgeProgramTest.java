package dev.evidencevault.crypto.age;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evidencevault.crypto.Openssl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code age} program reads what is written here, and what it writes is read here. */
class AgeProgramTest {
    @TempDir
    private Path folder;

    private final AgeIdentity identity = AgeIdentity.generate(new SecureRandom());
    private final byte[] bytes = new byte[200_000];

    @BeforeEach
    void requireAge() {
        Openssl.require("age");
        new Random(7).nextBytes(bytes);
    }

    @Test
    void ageDecryptsOurs() throws Exception {
        Path content = Files.write(folder.resolve("content"), bytes);
        Path file = folder.resolve("content.age");
        AgeFile.encrypt(
                content,
                file,
                List.of(AgeIdentity.generate(new SecureRandom()).recipient(), identity.recipient()),
                new SecureRandom());
        Files.writeString(folder.resolve("key.txt"), identity.text() + "\n");
        Object[] command = {"--decrypt", "-i", "key.txt", "-o", "opened", file};
        Openssl.Result good = Openssl.program(folder, "age", command);
        assertEquals(0, good.exit(), good.text());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("opened")));
        byte[] changed = Files.readAllBytes(file);
        changed[changed.length - 1] ^= 1;
        Files.write(file, changed);
        assertNotEquals(0, Openssl.program(folder, "age", command).exit());
    }

    @Test
    void oursDecryptsAges() throws Exception {
        Path content = Files.write(folder.resolve("content"), bytes);
        Openssl.Result done = Openssl.program(folder, "age", "-r", identity.recipient(), "-o", "content.age", content);
        assertEquals(0, done.exit(), done.text());
        AgeFile.decrypt(folder.resolve("content.age"), folder.resolve("opened"), List.of(identity));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("opened")));
    }
}
