package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.cases.CaseDesk;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.Person;
import dev.evidencevault.cases.PersonSigner;
import dev.evidencevault.cases.Role;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.Destruction;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.SimulatedDisk;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keys are destroyed with a crash before every call to the storage, and with a failure of every call. Each time the log is read
 * whole or not at all; the other tenant's is read; the vault is verified before it is opened again and after; and the same request
 * brings the destruction to its end.
 */
class ShreddingFaultTest {
    private static final VaultSecret SECRET = VaultSecret.keyFile(new byte[32]);

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock("2026-06-10T09:00:00Z");
    private final PersonSigner requester = CaseOffice.newSigner("hayashi");
    private final PersonSigner approver = CaseOffice.newSigner("sato");

    private VaultOptions options(Storage storage) {
        return VaultOptions.defaults()
                .withSealThreads(1)
                .withJournalBytesMax(64 << 10)
                .withClock(clock)
                .withStorage(storage);
    }

    private ShredRequest prepare(Path root, Storage storage) throws Exception {
        try (Vault vault = Vault.create(root, SECRET, options(storage))) {
            append(vault, "a0");
            append(vault, "b0");
            vault.tenant("a")
                    .backups()
                    .put(
                            new ByteArrayInputStream(new byte[] {1}),
                            Deposit.of("dump", "x"),
                            TenantBackups.PutOptions.defaults());
        }
        UnlockedVault unlocked = UnlockedVault.unlock(root, SECRET);
        CaseDesk cases = new CaseDesk(unlocked, storage, clock, new SecureRandom());
        cases.register(new Person("hayashi", "H. Hayashi", Set.of(Role.OPERATOR), requester.key()));
        cases.register(new Person("sato", "K. Sato", Set.of(Role.APPROVER), approver.key()));
        Vault.open(root, SECRET, options(storage)).close();
        ShredDesk desk = new ShredDesk(unlocked, storage, clock);
        long expires = Timestamps.nanos(clock.instant()) + CaseOffice.DAY;
        return desk.approve(desk.request("a", "a test", expires, requester), approver);
    }

    private static void append(Vault vault, String id) throws IOException {
        vault.tenant(id.substring(0, 1)).appendAndWait(Event.of("act").id(id).build());
    }

    private static List<String> stored(UnlockedVault vault) throws Exception {
        List<String> ids = new ArrayList<>();
        VaultReader reader = VaultReader.of(vault);
        for (String tenant : reader.tenants()) {
            reader.tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        }
        return ids;
    }

    private void requireWhole(Path root, LogId logId, ShredRequest request, boolean done, String context)
            throws Exception {
        UnlockedVault left = UnlockedVault.unlock(root, SECRET);
        boolean destroyed = Tombstone.isAt(left.layout().tenant(logId));
        assertTrue(destroyed || !done, context + ": it was told to be done");
        assertEquals(destroyed ? List.of("b0") : List.of("a0", "b0"), stored(left), context);
        VerificationReport report = new VaultVerifier(null, null).verify(left);
        boolean whole =
                !destroyed || Destruction.left(left.layout().tenant(logId)).isEmpty();
        assertTrue(report.verdict() != Verdict.FAILED, context + ": " + report.findings());
        assertEquals(
                whole,
                report.findings().stream().noneMatch(finding -> finding.reason().contains("there again")),
                context + ": " + report.findings());
        Shredding.destroy(root, SECRET, options(new UnsyncedStorage()), request);
        UnlockedVault after = UnlockedVault.unlock(root, SECRET);
        assertEquals(List.of("b0"), stored(after), context);
        assertEquals(List.of(), Destruction.left(after.layout().tenant(logId)), context);
        VerificationReport clean = new VaultVerifier(null, null).verify(after);
        assertEquals(Verdict.PASSED, clean.verdict(), context + ": " + clean.findings());
        try (Stream<Path> files = Files.walk(root)) {
            assertFalse(files.anyMatch(file -> file.toString().endsWith(".tmp")), context);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyCallLeavesAllOrNothing(SimulatedDisk.Crash crash) throws Exception {
        Path base = Files.createDirectory(directory.resolve("disk"));
        Path root = base.resolve("vault");
        SimulatedDisk disk = new SimulatedDisk(base);
        ShredRequest request = prepare(root, disk);
        LogId logId = request.body().log();
        int from = disk.calls();
        Shredding.destroy(root, SECRET, options(disk), request);
        int to = disk.calls();
        Path after = directory.resolve("after");
        for (int at = from; at <= to; at++) {
            if (!Campaign.looksAt(at)) {
                continue;
            }
            Campaign.remove(after);
            disk.crash(at, crash, after);
            requireWhole(after.resolve("vault"), logId, request, at == to, crash + " before call " + at);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfAnyCallLeavesAllOrNothing(FailingStorage.Failure failure) throws Exception {
        Path prepared = directory.resolve("prepared");
        ShredRequest request = prepare(prepared, new UnsyncedStorage());
        LogId logId = request.body().log();
        Path root = directory.resolve("failing");
        CopiedVault.copy(prepared, root);
        FailingStorage counting = new FailingStorage(Integer.MAX_VALUE, failure);
        Shredding.destroy(root, SECRET, options(counting), request);
        for (int at = 0; at < counting.calls(); at++) {
            if (!Campaign.looksAt(at)) {
                continue;
            }
            Campaign.remove(root);
            CopiedVault.copy(prepared, root);
            boolean done = false;
            try {
                Shredding.destroy(root, SECRET, options(new FailingStorage(at, failure)), request);
                done = true;
            } catch (IOException | VaultFailedException e) {
                // What was done before is what counts.
            }
            requireWhole(root, logId, request, done, failure + " of call " + at);
        }
    }
}
