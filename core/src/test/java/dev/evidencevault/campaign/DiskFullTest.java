package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Vault;
import dev.evidencevault.VaultFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk becomes full under a writer, which says so and stops. What was acknowledged can be read while the disk is still
 * full, and once there is room the vault goes on. Needs root.
 */
class DiskFullTest {
    private static final int ATTEMPTS_MAX = 20;
    private static final int ROUNDS = Campaign.length("diskfull.rounds", 2);
    private static final int KIBIBYTES_MIN = 6 << 10;
    private static final int KIBIBYTES_SPREAD = 6 << 10;
    private static final int KIBIBYTES_ROOM = 64 << 10;
    private static final String FULL = "No space left on device";

    @TempDir
    private Path directory;

    @Test
    void aFullDiskIsNamedAndCostsNothingThatWasAcknowledged() throws Exception {
        Random random = Campaign.random("disk full");
        for (int round = 0; round < ROUNDS; round++) {
            int kibibytes = KIBIBYTES_MIN + random.nextInt(KIBIBYTES_SPREAD);
            String context = "seed " + Campaign.SEED + ", round " + round + ", " + kibibytes + " KiB";
            try (MountedDisk disk = MountedDisk.tmpfs(directory, kibibytes)) {
                fillAndGoOn(disk, context);
            }
        }
    }

    private WriterPlan plan(Path vault, Ledger ledger) {
        return WriterPlan.of(vault, directory.resolve("progress"), ledger.nextRound())
                .eventBytes(1000)
                .journalBytes(256 << 10);
    }

    private void fillAndGoOn(MountedDisk disk, String context) throws Exception {
        Path vault = disk.path().resolve("vault");
        Ledger ledger = new Ledger();
        WriterPlan plan = plan(vault, ledger);
        String said;
        try (WriterProcess writer = WriterProcess.start(plan)) {
            WriterProcess.End end = writer.end();
            assertEquals(CampaignWriter.FAILED, end.code(), context + ": " + end.output());
            said = end.lastLine();
        }
        assertTrue(said.contains(FULL) && said.contains(vault.toString()), context + ": names the disk: " + said);
        ledger.add(plan);
        assertTrue(ledger.acknowledged() > 0, context);
        assertEquals(List.of(), new VaultCheck(vault, ledger).readable(), context + ": still full");
        String reopened = reopenFull(vault, ledger, context);
        assertEquals(List.of(), new VaultCheck(vault, ledger).readable(), context + ": opened while full");
        disk.resize(KIBIBYTES_ROOM);
        VaultCheck.requireWhole(vault, ledger, context + ": with room again");
        Campaign.say("disk full: " + context + ", acknowledged " + ledger.acknowledged() + "; " + said
                + "; opened while full: " + reopened);
    }

    /** Opens the vault and appends until the disk is full again, if it is not anyway. */
    private static String reopenFull(Path vault, Ledger ledger, String context) throws Exception {
        Progress progress = Progress.of(ledger.nextRound(), 1, 1, 1000);
        ledger.add(progress);
        String failure = null;
        try (Vault open = Vault.open(vault, WriterPlan.SECRET, WriterPlan.smallOptions())) {
            for (long n = 0; n < 100_000; n++) {
                progress.append(0, 0, n + 1);
                open.tenant(WriterPlan.tenant(0)).appendAndWait(new NumberedEvent(progress.round(), 0, n).event(1000));
                progress.acknowledge(0, 0, n + 1);
            }
        } catch (VaultFailedException | IOException e) {
            failure = e.getMessage();
            assertTrue(String.valueOf(failure).contains(FULL), context + ": names the disk: " + e);
        }
        assertTrue(failure != null, context + ": a full disk takes no end of events");
        return progress.acknowledged() + " more, then: " + failure;
    }

    /** What such a writer loses is what waits for the disk at the moment when that is full, which need not be anything. */
    @Test
    void aWriterThatAwaitsNoReceiptIsFoundOut() throws Exception {
        List<String> problems = List.of();
        for (int attempt = 0; attempt < ATTEMPTS_MAX && problems.isEmpty(); attempt++) {
            try (MountedDisk disk = MountedDisk.tmpfs(directory, KIBIBYTES_MIN)) {
                Path vault = disk.path().resolve("vault");
                Ledger ledger = new Ledger();
                WriterPlan plan = plan(vault, ledger).flaw(Flaw.RECEIPT_NOT_AWAITED);
                try (WriterProcess writer = WriterProcess.start(plan)) {
                    writer.end();
                }
                ledger.add(plan);
                problems = new VaultCheck(vault, ledger).readable();
            }
        }
        assertTrue(problems.stream().anyMatch(each -> each.contains("lost")), "the loss is found: " + problems);
    }
}
