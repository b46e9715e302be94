package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real file system loses its power under a writer, again and again: the kernel drops all that was not synced. Then what
 * was acknowledged is there, once, and the vault recovers and goes on. Needs root, loop devices, perl and the file
 * system's mkfs.
 */
class PowerLossTest {
    private static final int ROUNDS = Campaign.length("powerloss.rounds", 3);
    /** In the short form, only ext4. */
    private static final boolean ALL = Campaign.length("powerloss.all", 0) > 0;

    private static final int MEBIBYTES = 400;
    private static final int ACKNOWLEDGED_MAX = 4000;
    private static final int OPENING_MILLIS_MAX = 1200;

    /** What the kernel says of a file system that was cut off. */
    private static final Pattern CUT_OFF = Pattern.compile("Input/output error|Read-only file system");

    @TempDir
    private Path directory;

    private WriterPlan plan(Path vault, int round) {
        return WriterPlan.of(vault, directory.resolve("progress"), round);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void whatWasAcknowledgedSurvivesEveryPowerLoss(String type) throws Exception {
        assumeTrue(ALL || type.equals("ext4"), "skipped: " + type + " is for the profile campaign");
        Random random = Campaign.random("power loss " + type);
        Ledger ledger = new Ledger();
        int openings = 0;
        try (MountedDisk disk = MountedDisk.loop(directory, type, MEBIBYTES)) {
            Path vault = disk.path().resolve("vault");
            Path copy = directory.resolve("progress-at-the-cut");
            for (int round = 0; round < ROUNDS; round++) {
                String context = type + ", seed " + Campaign.SEED + ", round " + round;
                WriterPlan plan = plan(vault, ledger.nextRound());
                WriterProcess.End end;
                try (WriterProcess writer = WriterProcess.start(plan)) {
                    if (round % 4 == 3) {
                        writer.await(Duration.ofMillis(random.nextInt(OPENING_MILLIS_MAX)));
                    } else {
                        writer.awaitAcknowledged(1 + random.nextInt(ACKNOWLEDGED_MAX));
                    }
                    if (!writer.isAlive()) {
                        fail(context + ": the writer ended by itself: " + writer.end());
                    }
                    disk.powerOff(plan.progress(), copy);
                    end = writer.end();
                }
                assertEquals(CampaignWriter.FAILED, end.code(), context + ": " + end.output());
                Progress progress = ledger.add(plan, copy);
                assertTrue(
                        progress.acknowledged() == 0
                                || CUT_OFF.matcher(end.lastLine()).find(),
                        context + ": the reason is told: " + end.output());
                openings += progress.acknowledged() == 0 ? 1 : 0;
                disk.powerOn();
                VaultCheck.requireWhole(vault, ledger, context + ", after \"" + end.lastLine() + '"');
            }
            VaultCheck check = new VaultCheck(vault, ledger);
            assertEquals(List.of(), check.readable());
            Campaign.say("power loss: " + type + ", seed " + Campaign.SEED + ", " + ROUNDS + " rounds (" + openings
                    + " before the first receipt), acknowledged " + ledger.acknowledged() + ", found "
                    + check.found());
        }
    }

    @Test
    void aWriterThatDoesNotSyncIsFoundOut() throws Exception {
        Ledger ledger = new Ledger();
        try (MountedDisk disk = MountedDisk.loop(directory, "ext4", MEBIBYTES)) {
            Path vault = disk.path().resolve("vault");
            Path copy = directory.resolve("progress-at-the-cut");
            WriterPlan sound = plan(vault, ledger.nextRound()).events(10);
            try (WriterProcess writer = WriterProcess.start(sound)) {
                assertEquals(CampaignWriter.CLOSED, writer.end().code());
            }
            ledger.add(sound);
            WriterPlan flawed = plan(vault, ledger.nextRound()).flaw(Flaw.UNSYNCED);
            try (WriterProcess writer = WriterProcess.start(flawed)) {
                writer.awaitAcknowledged(1000);
                disk.powerOff(flawed.progress(), copy);
                writer.kill();
                writer.end();
            }
            ledger.add(flawed, copy);
            disk.powerOn();
            List<String> problems = new VaultCheck(vault, ledger).whole();
            assertTrue(
                    problems.stream().anyMatch(each -> each.contains("lost") || each.contains("cannot be")),
                    "the loss is found: " + problems);
        }
    }
}
