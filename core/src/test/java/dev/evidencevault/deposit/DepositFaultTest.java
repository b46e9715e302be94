package dev.evidencevault.deposit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.FailingStorage.Failure;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.SimulatedDisk;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call to the storage fails in turn, and the machine stops before each: an item is there whole, or not at all. */
class DepositFaultTest {
    private static final byte[] CONTENT = DepositedVault.random(1, 400_000);

    @TempDir
    private Path directory;

    private static TenantBackups.Put put(TenantBackups backups) throws IOException {
        return backups.put(new ByteArrayInputStream(CONTENT), Deposit.of("a", "files"), PutOptions.defaults());
    }

    private static void requireWhole(TenantBackups backups) throws IOException {
        Catalogue catalogue = backups.catalogue();
        assertEquals(List.of(), catalogue.broken());
        for (Item item : catalogue.items()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            backups.copy(item, out, DepositProgress.NONE);
            assertArrayEquals(CONTENT, out.toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureLeavesNothingHalf(Failure failure) throws Exception {
        DepositedVault vault = new DepositedVault(directory.resolve("vault"));
        FailingStorage counting = new FailingStorage(-1, Failure.DONE);
        put(vault.backups("acme", counting));
        int whole = 1;
        for (int at = 0; at < counting.calls(); at++) {
            TenantBackups failing = vault.backups("acme", new FailingStorage(at, failure));
            PutOptions anew = new PutOptions(false, DepositProgress.NONE);
            try {
                failing.put(new ByteArrayInputStream(CONTENT), Deposit.of("a", "files"), anew);
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("made to fail"), e.toString());
            }
            TenantBackups backups = vault.backups("acme");
            requireWhole(backups);
            int items = backups.catalogue().items().size();
            assertTrue(items == whole || items == whole + 1);
            assertEquals(0, put(backups).newBytes(), "what an earlier deposit wrote is found");
            whole = items + 1;
        }
        requireWhole(vault.backups("acme"));
        Vault.open(vault.root, SmallVault.SECRET, SmallVault.options()).close();
        VerificationReport report = vault.verifyWithKeys();
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    /** The thread that packs has the next chunks at hand when one fails: they must not go on with what lacks a part. */
    @ParameterizedTest
    @EnumSource
    void nothingIsWrittenAfterAFailure(Failure failure) throws Exception {
        DepositedVault vault = new DepositedVault(directory.resolve("vault"));
        Depositor acme = vault.depositor("acme");
        Files.createDirectory(acme.directory().backups());
        byte[] chunk = DepositedVault.random(3, ChunkCutter.CHUNK_BYTES_MIN);
        int failed = 0;
        boolean fails = true;
        for (int at = 0; fails; at++) {
            Storage storage = new FailingStorage(at, failure);
            fails = false;
            PackWriter packs = new PackWriter(acme, storage, new SecureRandom(), at + 1);
            for (int n = 0; n < 3 && !fails; n++) {
                fails = fails(() -> packs.add(Digest.sha256(chunk), chunk, chunk.length));
            }
            fails = fails || fails(packs::finish);
            if (fails) {
                failed++;
                assertThrows(IOException.class, () -> packs.add(Digest.sha256(chunk), chunk, chunk.length));
                assertThrows(IOException.class, packs::finish);
            }
            packs.close();
            for (long number : Layout.numbers(acme.directory().backups(), Layout.PACK_SUFFIX)) {
                new PackFile(acme, number).close();
            }
        }
        assertTrue(failed > 5, failed + " calls failed");
    }

    /** Does something that may fail. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static boolean fails(Attempt attempt) {
        try {
            attempt.run();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aCrashLeavesNothingHalf() throws Exception {
        DepositedVault vault = new DepositedVault(directory.resolve("vault"));
        Depositor acme = vault.depositor("acme");
        Path base = Files.createDirectory(directory.resolve("disk"));
        SimulatedDisk disk = new SimulatedDisk(base);
        Depositor there = new Depositor(acme.kind(), acme.logId(), new LogDirectory(base.resolve("log")), acme.keys());
        disk.createDirectory(base.resolve("log"));
        disk.syncDirectory(base);
        put(new TenantBackups(there, disk, Clock.systemUTC(), null));
        int calls = disk.calls();
        boolean before = false;
        for (int at = 0; at <= calls; at++) {
            for (SimulatedDisk.Crash crash : SimulatedDisk.Crash.values()) {
                Path after = directory.resolve("after-" + at + "-" + crash);
                disk.crash(at, crash, after);
                if (!Files.isDirectory(after.resolve("log"))) {
                    continue;
                }
                Depositor left =
                        new Depositor(acme.kind(), acme.logId(), new LogDirectory(after.resolve("log")), acme.keys());
                TenantBackups backups = new TenantBackups(left, new UnsyncedStorage(), Clock.systemUTC(), null);
                requireWhole(backups);
                before |= backups.catalogue().items().isEmpty();
                put(backups);
                requireWhole(backups);
                if (at == calls) {
                    assertEquals(2, backups.catalogue().items().size(), "what was put stays, " + crash);
                }
            }
        }
        assertTrue(before);
    }

    @Test
    void aFullTargetIsSaidAndLeavesNothing() throws Exception {
        Path full = Files.createDirectory(directory.resolve("full"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", full.toString()), "skipped: needs root");
        try {
            DepositedVault vault = new DepositedVault(directory.resolve("vault"));
            TenantBackups backups = vault.backups("acme");
            Item item = put(backups).item();
            IOException e = assertThrows(
                    IOException.class, () -> backups.restore(item, full.resolve("x"), DepositProgress.NONE));
            assertTrue(String.valueOf(e.getMessage()).contains("cannot write"), e.toString());
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
            assertEquals(Map.of(), SmallVault.contents(full));
            assertFalse(Files.exists(full.resolve("x")));
        } finally {
            run("umount", full.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
