package dev.evidencevault.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.format.CorruptFileException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonKeyFileTest {
    private static final VaultSecret PASSPHRASE = VaultSecret.passphrase("of mori");

    @TempDir
    private Path directory;

    @Test
    void aKeySignsAfterItWasRead() throws Exception {
        Path file = directory.resolve("mori.key");
        PersonKey key = PersonKeyFile.create(file, "mori", PASSPHRASE, 64);
        PersonSigner signer = PersonKeyFile.open(file, PASSPHRASE);
        assertEquals(key, signer.key());
        assertEquals(key, PersonKey.parse(key.text()));
        assertTrue(key.verifies(signer.sign("hello\n")));
        assertFalse(key.verifies(CaseOffice.newSigner("mori").sign("hello\n")));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertThrows(FileAlreadyExistsException.class, () -> PersonKeyFile.create(file, "mori", PASSPHRASE, 64));
        assertThrows(WrongKeyException.class, () -> PersonKeyFile.open(file, VaultSecret.passphrase("another")));
    }

    @Test
    void aKeyUnderAnotherNameIsRefused() throws Exception {
        Path file = directory.resolve("mori.key");
        PersonKey mori = PersonKeyFile.create(file, "mori", PASSPHRASE, 64);
        Path sato = directory.resolve("sato.key");
        PersonKey other = PersonKeyFile.create(sato, "sato", PASSPHRASE, 64);
        Files.writeString(file, Files.readString(file).replace(mori.text(), other.text()));
        assertThrows(WrongKeyException.class, () -> PersonKeyFile.open(file, PASSPHRASE));
        assertThrows(IllegalArgumentException.class, () -> new Person("mori", "A. Mori", Set.of(Role.OFFICER), other));
    }

    @Test
    void whatIsNoKeyFileIsRefused() throws Exception {
        Path file = directory.resolve("mori.key");
        PersonKeyFile.create(file, "mori", PASSPHRASE, 64);
        String good = Files.readString(file);
        for (String bad : new String[] {
            "",
            good + "\n",
            good.replace("/1\"", "/2\""),
            good.replace("argon2id", "scrypt"),
            good.replace("\"memoryKib\":64", "\"memoryKib\":5000000"),
            good.replace("{", "{\"more\":1,"),
            "x".repeat(PersonKeyFile.BYTES_MAX + 1),
        }) {
            Files.writeString(file, bad);
            assertThrows(
                    CorruptFileException.class,
                    () -> PersonKeyFile.open(file, PASSPHRASE),
                    bad.substring(0, Math.min(60, bad.length())));
        }
    }
}
