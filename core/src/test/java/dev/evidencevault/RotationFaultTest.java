package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.SimulatedDisk;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rotations of keys and a change of the vault's secret, with a crash before every call to the storage, and with a failure of
 * every call. Each time: what had been acknowledged is read, once; the vault verifies with its keys and without, before it is
 * opened again and after; a rotation that was told to be done is done; and one of the two secrets opens the vault.
 */
class RotationFaultTest {
    private static final VaultSecret OLD = VaultSecret.keyFile(new byte[32]);
    private static final VaultSecret NEW = VaultSecret.keyFile(new byte[33]);

    @TempDir
    private Path directory;

    /** What had been told to be done, and after how many calls to the storage. */
    private record Done(String what, int calls) {}

    private interface Calls {
        int count();
    }

    private static VaultOptions options(Storage storage) {
        return VaultOptions.defaults()
                .withSealThreads(1)
                .withJournalBytesMax(64 << 10)
                .withStorage(storage);
    }

    private static void prepare(Path vault, Storage storage) throws IOException {
        try (Vault open = Vault.create(vault, OLD, options(storage))) {
            append(open, "a0");
            append(open, "b0");
        }
    }

    private static void append(Vault vault, String id) throws IOException {
        vault.tenant(id.substring(0, 1))
                .appendAndWait(Event.of("act").id(id).actor(Actor.tenant("u")).build());
    }

    /** Writes, rotates the keys of two logs, writes, and changes the secret. */
    private static void live(Path vault, Storage storage, Calls calls, List<Done> done) throws Exception {
        try (Vault open = Vault.open(vault, OLD, options(storage))) {
            append(open, "a1");
            done.add(new Done("a1", calls.count()));
            rotate(open, List.of("a", "b"), calls, done);
            append(open, "a2");
            done.add(new Done("a2", calls.count()));
        }
        Vault.changeSecret(vault, OLD, NEW, options(storage));
        done.add(new Done("secret", calls.count()));
    }

    private static void rotate(Vault vault, List<String> tenants, Calls calls, List<Done> done) throws IOException {
        KeyRotation rotation = vault.rotateKeys(tenants, "a test");
        for (IOException failure : rotation.failures().values()) {
            throw failure;
        }
        rotation.epochs().forEach((tenant, epoch) -> done.add(new Done(tenant + "@" + epoch, calls.count())));
    }

    private static UnlockedVault unlock(Path vault, Set<String> done, String context) throws Exception {
        try {
            UnlockedVault unlocked = UnlockedVault.unlock(vault, NEW);
            assertThrows(WrongKeyException.class, () -> UnlockedVault.unlock(vault, OLD), context);
            return unlocked;
        } catch (WrongKeyException e) {
            assertTrue(!done.contains("secret"), context + ": the new secret does not open the vault");
            return UnlockedVault.unlock(vault, OLD);
        }
    }

    private static List<String> stored(UnlockedVault vault) throws Exception {
        List<String> ids = new ArrayList<>();
        VaultReader reader = VaultReader.of(vault);
        for (String tenant : reader.tenants()) {
            reader.tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        }
        return ids;
    }

    private static void requireVerified(UnlockedVault vault, String context) throws Exception {
        VerificationReport report = new VaultVerifier(null, null).verify(vault);
        assertEquals(Verdict.PASSED, report.verdict(), context + ": " + report.findings());
        VerificationReport without =
                new VaultVerifier(null, null).verify(vault.layout().root());
        assertEquals(Verdict.PASSED, without.verdict(), context + ": " + without.findings());
    }

    private static void requireWhole(Path vault, Set<String> done, String context) throws Exception {
        UnlockedVault left = unlock(vault, done, context);
        Set<String> events = new HashSet<>(done);
        events.removeIf(each -> each.contains("@") || each.equals("secret"));
        events.addAll(Set.of("a0", "b0"));
        List<String> before = stored(left);
        assertTrue(before.containsAll(events), context + ": readers see " + before);
        VaultSecret secret = opens(vault, NEW) ? NEW : OLD;
        try (Vault open = Vault.open(vault, secret, options(new UnsyncedStorage()))) {
            for (String each : done) {
                if (each.contains("@")) {
                    String tenant = each.substring(0, 1);
                    int epoch = LogKeys.read(left.layout().tenant(left.tenants().get(tenant)))
                            .epoch();
                    assertTrue(
                            epoch >= Integer.parseInt(each.substring(2)), context + ": " + each + ", found " + epoch);
                }
            }
            append(open, "a9");
            open.rotateKeys(List.of("a"), "after");
        }
        try (Stream<Path> files = Files.walk(vault)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().contains(".next.")).toList(),
                    context);
        }
        UnlockedVault again = UnlockedVault.unlock(vault, secret);
        List<String> stored = stored(again);
        assertTrue(stored.remove("a9"), context);
        Set<String> once = new HashSet<>(stored);
        assertEquals(once.size(), stored.size(), context + ": each once, found " + stored);
        assertTrue(once.containsAll(events), context + ": acknowledged " + events + ", found " + stored);
        requireVerified(again, context);
    }

    private static boolean opens(Path vault, VaultSecret secret) throws IOException {
        try {
            UnlockedVault.unlock(vault, secret);
            return true;
        } catch (WrongKeyException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyCallLosesNothing(SimulatedDisk.Crash crash) throws Exception {
        Path base = Files.createDirectory(directory.resolve("disk"));
        Path vault = base.resolve("vault");
        SimulatedDisk disk = new SimulatedDisk(base);
        prepare(vault, disk);
        int from = disk.calls();
        List<Done> done = new ArrayList<>();
        live(vault, disk, disk::calls, done);
        assertEquals(5, done.size(), done.toString());
        Path after = directory.resolve("after");
        for (int at = from; at <= disk.calls(); at++) {
            if (!Campaign.looksAt(at)) {
                continue;
            }
            Campaign.remove(after);
            disk.crash(at, crash, after);
            Set<String> then = new HashSet<>();
            for (Done each : done) {
                if (each.calls() <= at) {
                    then.add(each.what());
                }
            }
            requireWhole(after.resolve("vault"), then, crash + " before call " + at);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfAnyCallLosesNothing(FailingStorage.Failure failure) throws Exception {
        Path prepared = directory.resolve("prepared");
        prepare(prepared, new UnsyncedStorage());
        Path vault = directory.resolve("failing");
        FailingStorage counting = new FailingStorage(Integer.MAX_VALUE, failure);
        CopiedVault.copy(prepared, vault);
        live(vault, counting, counting::calls, new ArrayList<>());
        for (int at = 0; at < counting.calls(); at++) {
            if (!Campaign.looksAt(at)) {
                continue;
            }
            Campaign.remove(vault);
            CopiedVault.copy(prepared, vault);
            FailingStorage storage = new FailingStorage(at, failure);
            List<Done> done = new ArrayList<>();
            try {
                live(vault, storage, storage::calls, done);
            } catch (IOException | VaultFailedException e) {
                // What was done before is what counts.
            }
            Set<String> then = new HashSet<>();
            done.forEach(each -> then.add(each.what()));
            requireWhole(vault, then, failure + " of call " + at);
        }
    }

    @Test
    void anOldSecretIsOfNoUseAfterwards() throws Exception {
        Path vault = directory.resolve("vault");
        prepare(vault, new UnsyncedStorage());
        Path old = directory.resolve("copy");
        CopiedVault.copy(vault, old);
        Vault.changeSecret(vault, OLD, NEW, options(new UnsyncedStorage()));
        assertThrows(WrongKeyException.class, () -> UnlockedVault.unlock(vault, OLD));
        try (Vault open = Vault.open(vault, NEW, options(new UnsyncedStorage()))) {
            open.rotateKeys(List.of("a"), "somebody knew the old secret");
            append(open, "a9");
        }
        // Who kept the old settings and knows their secret has the old key-encryption key, and that opens no new keys.
        UnlockedVault stale = UnlockedVault.unlock(old, OLD);
        UnlockedVault current = UnlockedVault.unlock(vault, NEW);
        LogKeys keys = LogKeys.read(current.layout().tenant(current.tenants().get("a")));
        assertThrows(WrongKeyException.class, () -> stale.keys(keys));
        assertEquals(List.of("a0", "a9", "b0"), stored(current));
    }
}
