package dev.evidencevault.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.copy.CopyOptions;
import dev.evidencevault.copy.CopyRefusedException;
import dev.evidencevault.copy.CopyRun;
import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.LogId;
import dev.evidencevault.place.ObjectStore;
import dev.evidencevault.place.StoredObject;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** A vault with two tenants, to be copied to a bucket with Object Lock. */
final class TwoTenants {
    static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");

    private TwoTenants() {}

    /** Writes a vault; returns the logs of its tenants. */
    static Map<String, LogId> write(Path vault) throws Exception {
        try (Vault open = Vault.create(vault, SECRET, VaultOptions.defaults().withArgon2MemoryKib(64))) {
            append(open);
        }
        return UnlockedVault.unlock(vault, SECRET).tenants();
    }

    private static void append(Vault open) throws IOException {
        for (String tenant : new String[] {"acme", "umbrella"}) {
            open.tenant(tenant)
                    .appendAndWait(Event.of("work").actor(Actor.tenant("alice")).build());
        }
    }

    /** Copies everything that a vault has anchored, retained for a day. */
    static CopyRun.Result copy(Path vault, ObjectStore store) throws Exception {
        return new CopyRun(
                        UnlockedVault.unlock(vault, SECRET),
                        store,
                        CopyOptions.logs().withRetain(Duration.ofDays(1)),
                        Clock.systemUTC())
                .run();
    }

    /** Copies twice, verifies, reads one tenant, and destroys its keys; what is retained stays. */
    static void copyVerifyAndFetch(Path directory, ObjectStore store) throws Exception {
        Files.createDirectories(directory);
        Path vault = directory.resolve("vault");
        LogId acme = Objects.requireNonNull(write(vault).get("acme"));
        copy(vault, store);
        try (Vault open = Vault.open(vault, SECRET, VaultOptions.defaults())) {
            append(open);
        }
        assertEquals(2, copy(vault, store).logs());
        assertEquals(0, copy(vault, store).objects());
        try (FetchedCopy whole = FetchedCopy.whole(store)) {
            assertEquals(
                    Verdict.PASSED,
                    new VaultVerifier(null, null).verify(whole.directory()).verdict());
        }
        try (FetchedCopy one = FetchedCopy.tenant(store, SECRET, "acme")) {
            assertEquals(
                    2,
                    VaultReader.open(one.directory(), SECRET)
                            .tenant("acme")
                            .orElseThrow()
                            .eventCount());
        }
        for (StoredObject object : store.list("tenants/")) {
            assertThrows(IOException.class, () -> store.delete(object.key()), object.key());
        }
        store.delete("keys/" + acme + ".json");
        CopyRefusedException destroyed =
                assertThrows(CopyRefusedException.class, () -> FetchedCopy.tenant(store, SECRET, "acme"));
        assertTrue(String.valueOf(destroyed.getMessage()).contains("destroyed"), destroyed.getMessage());
        try (FetchedCopy whole = FetchedCopy.whole(store)) {
            assertEquals(
                    Verdict.PASSED,
                    new VaultVerifier(null, null).verify(whole.directory()).verdict());
        }
    }
}
