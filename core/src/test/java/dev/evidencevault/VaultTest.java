package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.VaultLockedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    static final VaultOptions OPTIONS = VaultOptions.defaults().withJournalBytesMax(64 << 10);

    @TempDir
    Path directory;

    static Event event(String actor, String action) {
        return Event.of(action)
                .actor(Actor.tenant(actor))
                .service("files")
                .outcome(Event.Outcome.SUCCESS)
                .target("document", "doc \u6771\u4eac \"1\"\n")
                .details("{\"n\":12345678901234567890}")
                .build();
    }

    static List<String> actions(Path vault, String tenant) throws Exception {
        List<String> actions = new ArrayList<>();
        VaultReader.open(vault, SECRET).tenant(tenant).orElseThrow().events(record -> actions.add(record.action()));
        return actions;
    }

    @Test
    void whatIsAppendedIsReadBackBeforeAndAfterSealingAndReopening() throws Exception {
        Path path = directory.resolve("vault");
        List<String> expected = new ArrayList<>();
        try (Vault vault = Vault.create(path, SECRET, OPTIONS)) {
            for (int i = 0; i < 1000; i++) {
                vault.tenant("acme").append(event("alice", "act." + i));
                expected.add("act." + i);
            }
            Receipt receipt = vault.tenant("acme").appendAndWait(event("bob", "last"));
            expected.add("last");
            assertTrue(receipt.seq() >= 1000);
            assertEquals(expected, actions(path, "acme"));
            vault.seal();
            assertEquals(expected, actions(path, "acme"));
        }
        try (Vault vault = Vault.open(path, SECRET, OPTIONS)) {
            vault.tenant("acme")
                    .appendAllAndWait(IntStream.range(0, 10)
                            .mapToObj(i -> event("alice", "more." + i))
                            .toList());
            IntStream.range(0, 10).forEach(i -> expected.add("more." + i));
            vault.tenant("other").appendAndWait(event("carol", "x"));
        }
        assertEquals(expected, actions(path, "acme"));
        assertEquals(List.of("x"), actions(path, "other"));
        assertEquals(
                1011,
                VaultReader.open(path, SECRET).tenant("acme").orElseThrow().eventCount());
    }

    @Test
    void aSecondWriterIsToldWhoHoldsTheVault() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SECRET, OPTIONS)) {
            VaultLockedException e = assertThrows(VaultLockedException.class, () -> Vault.open(path, SECRET, OPTIONS));
            assertTrue(
                    e.getMessage().contains("process " + ProcessHandle.current().pid()), e.getMessage());
        }
    }

    @Test
    void wrongSecretsAndPlacesAreRefused() throws Exception {
        Path path = directory.resolve("vault");
        Vault.create(path, SECRET, OPTIONS).close();
        byte[] other = new byte[32];
        other[0] = 1;
        assertThrows(WrongKeyException.class, () -> Vault.open(path, VaultSecret.keyFile(other), OPTIONS));
        assertThrows(WrongKeyException.class, () -> Vault.open(path, VaultSecret.passphrase("x"), OPTIONS));
        assertThrows(NoSuchFileException.class, () -> Vault.open(directory, SECRET, OPTIONS));
        assertThrows(FileAlreadyExistsException.class, () -> Vault.create(path, SECRET, OPTIONS));
    }

    @Test
    void namesThatCannotBeTenantsAreRefused() throws Exception {
        try (Vault vault = Vault.create(directory.resolve("vault"), SECRET, OPTIONS)) {
            for (String name : List.of("", "a\nb", "x".repeat(257))) {
                assertThrows(IllegalArgumentException.class, () -> vault.tenant(name));
            }
        }
    }
}
