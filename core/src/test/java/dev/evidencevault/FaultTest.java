package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.FailingStorage;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole life of a small vault, with a crash before every call to the storage, and with a failure of every call. Each
 * time: what had been acknowledged is there, once; nothing else is; the vault verifies, and goes on.
 */
class FaultTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);

    @TempDir
    private Path directory;

    /** What a run acknowledged, and after how many calls to the storage. */
    private record Acknowledged(String event, int calls) {}

    private static VaultOptions options(Storage storage) {
        // One thread, so that the calls come in the same order every time.
        return VaultOptions.defaults()
                .withSealThreads(1)
                .withJournalBytesMax(64 << 10)
                .withStorage(storage);
    }

    private interface Calls {
        int count();
    }

    /** Creates a vault, writes, seals, closes, opens, writes, closes. */
    private static void live(Path vault, Storage storage, Calls calls, List<Acknowledged> acknowledged)
            throws Exception {
        try (Vault open = Vault.create(vault, SECRET, options(storage))) {
            append(open, "a", 1, calls, acknowledged);
            append(open, "b", 2, calls, acknowledged);
            open.seal();
            append(open, "a", 3, calls, acknowledged);
            append(open, "a", 4, calls, acknowledged);
        }
        try (Vault open = Vault.open(vault, SECRET, options(storage))) {
            append(open, "b", 5, calls, acknowledged);
            open.seal();
            append(open, "c", 6, calls, acknowledged);
        }
    }

    private static void append(Vault vault, String tenant, int n, Calls calls, List<Acknowledged> acknowledged)
            throws IOException {
        String id = tenant + n;
        vault.tenant(tenant)
                .appendAndWait(Event.of("act").id(id).actor(Actor.tenant("u")).build());
        acknowledged.add(new Acknowledged(id, calls.count()));
    }

    private static List<String> stored(Path vault) throws Exception {
        List<String> ids = new ArrayList<>();
        VaultReader reader = VaultReader.open(vault, SECRET);
        for (String tenant : reader.tenants()) {
            reader.tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        }
        return ids;
    }

    private static void requireWhole(Path vault, Set<String> acknowledged, String context) throws Exception {
        if (!Files.exists(vault.resolve("vault.json"))) {
            assertEquals(Set.of(), acknowledged, context + ": there is no vault");
            Vault.openOrCreate(vault, SECRET, options(new UnsyncedStorage())).close();
            assertEquals(
                    Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict(), context + ": made anew");
            return;
        }
        List<String> before = stored(vault);
        assertTrue(before.containsAll(acknowledged), context + ": readers see " + before);
        try (Vault open = Vault.open(vault, SECRET, options(new UnsyncedStorage()))) {
            open.tenant("a").appendAndWait(Event.of("after").id("after").build());
        }
        List<String> stored = stored(vault);
        assertTrue(stored.remove("after"), context);
        Set<String> once = new HashSet<>(stored);
        assertEquals(once.size(), stored.size(), context + ": each once, found " + stored);
        assertTrue(once.containsAll(acknowledged), context + ": acknowledged " + acknowledged + ", found " + stored);
        assertTrue(Set.of("a1", "b2", "a3", "a4", "b5", "c6").containsAll(once), context);
        VerificationReport report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SECRET));
        assertEquals(Verdict.PASSED, report.verdict(), context + ": " + report);
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyCallLosesNothingThatWasAcknowledged(SimulatedDisk.Crash crash) throws Exception {
        Path base = Files.createDirectory(directory.resolve("disk"));
        SimulatedDisk disk = new SimulatedDisk(base);
        List<Acknowledged> acknowledged = new ArrayList<>();
        live(base.resolve("vault"), disk, disk::calls, acknowledged);
        assertEquals(6, acknowledged.size());
        Path after = directory.resolve("after");
        for (int at = 0; at <= disk.calls(); at++) {
            Campaign.remove(after);
            disk.crash(at, crash, after);
            Set<String> then = new HashSet<>();
            for (Acknowledged each : acknowledged) {
                if (each.calls() <= at) {
                    then.add(each.event());
                }
            }
            requireWhole(after.resolve("vault"), then, crash + " before call " + at + " of " + disk.calls());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfAnyCallLosesNothingThatWasAcknowledged(FailingStorage.Failure failure) throws Exception {
        FailingStorage counting = new FailingStorage(-1, failure);
        if (failure == FailingStorage.Failure.DISK_FULL) {
            counting = new FailingStorage(Integer.MAX_VALUE, failure);
        }
        live(directory.resolve("counting"), counting, counting::calls, new ArrayList<>());
        int calls = counting.calls();
        assertTrue(calls > 100, "there are " + calls);
        int failures = 0;
        for (int at = 0; at < calls; at++) {
            Path vault = directory.resolve("vault-" + at);
            FailingStorage storage = new FailingStorage(at, failure);
            List<Acknowledged> acknowledged = new ArrayList<>();
            try {
                live(vault, storage, storage::calls, acknowledged);
            } catch (IOException | VaultFailedException e) {
                failures++;
                assertTrue(String.valueOf(e.getMessage()).contains("made to fail"), at + ": " + e);
            }
            Set<String> ids = new HashSet<>();
            acknowledged.forEach(each -> ids.add(each.event()));
            requireWhole(vault, ids, failure + " of call " + at);
            Campaign.remove(vault);
        }
        assertEquals(calls, failures, "every failure was told");
    }

    @Test
    void afterAFailureNothingIsAcceptedAnyMore() throws Exception {
        Path vault = directory.resolve("vault");
        FailingStorage counting = new FailingStorage(-1, FailingStorage.Failure.NOT_DONE);
        int calls;
        try (Vault open = Vault.create(vault, SECRET, options(counting))) {
            open.tenant("a").appendAndWait(Event.of("act").build());
            calls = counting.calls();
        }
        Path failing = directory.resolve("failing");
        FailingStorage storage = new FailingStorage(calls + 1, FailingStorage.Failure.DONE);
        Vault open = Vault.create(failing, SECRET, options(storage));
        TenantLog log = open.tenant("a");
        log.appendAndWait(Event.of("act").build());
        assertThrows(
                VaultFailedException.class,
                () -> log.appendAndWait(Event.of("unlucky").build()));
        int then = storage.calls();
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    VaultFailedException.class,
                    () -> log.append(Event.of("late").build()));
            assertThrows(VaultFailedException.class, open::seal);
        }
        assertEquals(then, storage.calls(), "nothing is tried again");
        assertThrows(IOException.class, open::close);
        requireOnly(failing, List.of("act", "unlucky"));
    }

    /** What was written and not acknowledged may be there. */
    private static void requireOnly(Path vault, List<String> actions) throws Exception {
        Vault.open(vault, SECRET, VaultOptions.defaults()).close();
        List<String> stored = new ArrayList<>();
        VaultReader.open(vault, SECRET).tenant("a").orElseThrow().events(record -> stored.add(record.action()));
        assertEquals(actions, stored);
    }
}
