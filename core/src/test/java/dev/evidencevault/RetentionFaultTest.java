package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.Layout.LogDirectory;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The destruction of records, with a crash before every call to the storage, and with a failure of every call. Each time: what
 * is not over is read, once; what was told to be destroyed is; the vault verifies with its keys and without, before it is opened
 * again and after; and the next run does what is left to be done.
 */
class RetentionFaultTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);
    private static final Set<String> OVER = Set.of("a0", "a1");
    private static final Set<String> LEFT = Set.of("a2", "b0");

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock("2026-06-10T09:00:00Z");

    private VaultOptions options(Storage storage) {
        return VaultOptions.defaults()
                .withSealThreads(1)
                .withJournalBytesMax(64 << 10)
                .withClock(clock)
                .withStorage(storage);
    }

    private static void append(Vault vault, String id) throws IOException {
        vault.tenant(id.substring(0, 1))
                .appendAndWait(Event.of("act").id(id).actor(Actor.tenant("u")).build());
    }

    /** Of one tenant nothing is over, of the other something. */
    private void prepare(Path vault, Storage storage) throws Exception {
        try (Vault open = Vault.create(vault, SECRET, options(storage))) {
            append(open, "a0");
            append(open, "b0");
            open.setRetention("a", null, RetentionPeriod.ofDays(3), "a test");
        }
        for (String round : List.of("1", "2")) {
            clock.move(Duration.ofDays(2));
            try (Vault open = Vault.open(vault, SECRET, options(storage))) {
                open.applyRetention(open.tenants());
                append(open, "a" + round);
            }
        }
        clock.move(Duration.ofDays(2));
    }

    /** Applies the rules beside events. */
    private boolean live(Path vault, Storage storage) throws Exception {
        try (Vault open = Vault.open(vault, SECRET, options(storage))) {
            append(open, "a3");
            RetentionRun run = open.applyRetention(open.tenants());
            for (IOException failure : run.failures().values()) {
                throw failure;
            }
            assertEquals(Set.of("a"), run.destroyed().keySet());
        }
        return true;
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

    private void requireWhole(Path vault, boolean done, String context) throws Exception {
        UnlockedVault left = UnlockedVault.unlock(vault, SECRET);
        List<String> before = stored(left);
        assertTrue(before.containsAll(LEFT), context + ": readers see " + before);
        try (Vault open = Vault.open(vault, SECRET, options(new UnsyncedStorage()))) {
            append(open, "a9");
            RetentionRun run = open.applyRetention(open.tenants());
            assertTrue(run.failures().isEmpty(), context + ": " + run.failures());
            assertTrue(!done || run.destroyed().isEmpty(), context + ": it was said to be done");
        }
        try (Stream<Path> files = Files.walk(vault)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().contains(".next.")).toList(),
                    context);
        }
        UnlockedVault again = UnlockedVault.unlock(vault, SECRET);
        List<String> stored = stored(again);
        assertEquals(Set.copyOf(stored).size(), stored.size(), context + ": each once, found " + stored);
        assertTrue(stored.containsAll(LEFT) && stored.contains("a9"), context + ": found " + stored);
        assertTrue(OVER.stream().noneMatch(stored::contains), context + ": found " + stored);
        LogDirectory log = again.layout().tenant(again.tenants().get("a"));
        LogKeys keys = LogKeys.read(log);
        assertTrue(keys.firstSegment() > 1, context);
        try (Stream<Path> counts = Files.list(log.path())) {
            assertEquals(
                    List.of(log.counts(keys.firstSegment() - 1)),
                    counts.filter(file -> file.toString().contains(".evn")).toList(),
                    context);
        }
        requireVerified(again, context);
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyCallLosesNothingElse(SimulatedDisk.Crash crash) throws Exception {
        Path base = Files.createDirectory(directory.resolve("disk"));
        Path vault = base.resolve("vault");
        SimulatedDisk disk = new SimulatedDisk(base);
        prepare(vault, disk);
        int from = disk.calls();
        assertTrue(live(vault, disk));
        Path after = directory.resolve("after");
        for (int at = from; at <= disk.calls(); at++) {
            // The last one is after all calls: what is to be destroyed has to be gone then.
            if (!Campaign.looksAt(at) && at < disk.calls()) {
                continue;
            }
            Campaign.remove(after);
            disk.crash(at, crash, after);
            requireWhole(after.resolve("vault"), at == disk.calls(), crash + " before call " + at);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfAnyCallLosesNothingElse(FailingStorage.Failure failure) throws Exception {
        Path prepared = directory.resolve("prepared");
        prepare(prepared, new UnsyncedStorage());
        Path vault = directory.resolve("failing");
        FailingStorage counting = new FailingStorage(Integer.MAX_VALUE, failure);
        CopiedVault.copy(prepared, vault);
        assertTrue(live(vault, counting));
        for (int at = 0; at < counting.calls(); at++) {
            if (!Campaign.looksAt(at)) {
                continue;
            }
            Campaign.remove(vault);
            CopiedVault.copy(prepared, vault);
            boolean done = false;
            try {
                done = live(vault, new FailingStorage(at, failure));
            } catch (IOException | VaultFailedException e) {
                // Of what was done, the rest is done later.
            }
            requireWhole(vault, done, failure + " of call " + at);
        }
    }
}
