package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Full load on one vault whose writer is killed with SIGKILL at random moments, at its work and while it recovers. At the
 * end every event that any of the writers had acknowledged is there, once.
 */
class SoakTest {
    private static final int SECONDS = Campaign.length("soak.seconds", 12);
    private static final int LIFE_MILLIS_MAX = SECONDS < 60 ? 1500 : 5000;
    private static final int OPENING_MILLIS_MAX = 1200;
    private static final int ROUNDS_UNTIL_LOSS_MAX = 5;

    @TempDir
    private Path directory;

    private WriterPlan plan(int round) {
        return WriterPlan.of(directory.resolve("vault"), directory.resolve("progress"), round)
                .threads(4)
                .tenants(8)
                .eventBytes(300)
                .window(1024)
                .sealMillis(200)
                .journalBytes(4 << 20);
    }

    @Test
    void underFullLoadWhatWasAcknowledgedSurvivesEveryKill() throws Exception {
        Random random = Campaign.random("soak");
        Path vault = directory.resolve("vault");
        Ledger ledger = new Ledger();
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        int rounds = 0;
        int openings = 0;
        while (System.nanoTime() < end || rounds < 2) {
            String context = "seed " + Campaign.SEED + ", round " + rounds;
            boolean opening = rounds % 4 == 3;
            WriterPlan plan = plan(ledger.nextRound());
            try (WriterProcess writer = WriterProcess.start(plan)) {
                if (opening) {
                    writer.await(Duration.ofMillis(random.nextInt(OPENING_MILLIS_MAX)));
                } else {
                    writer.awaitAcknowledged(1);
                    writer.await(Duration.ofMillis(random.nextInt(LIFE_MILLIS_MAX)));
                }
                if (!writer.isAlive()) {
                    fail(context + ": the writer ended by itself: " + writer.end());
                }
                writer.kill();
            }
            openings += ledger.add(plan).acknowledged() == 0 ? 1 : 0;
            assertEquals(List.of(), new VaultCheck(vault, ledger).countable(), context);
            rounds++;
        }
        VaultCheck check = new VaultCheck(vault, ledger);
        List<String> problems = SECONDS < 60 ? check.whole() : check.once();
        Campaign.say("soak: seed " + Campaign.SEED + ", " + rounds + " rounds (" + openings
                + " killed before the first receipt), acknowledged " + ledger.acknowledged() + ", found "
                + check.found());
        assertEquals(List.of(), problems, "seed " + Campaign.SEED);
    }

    @Test
    void aWriterThatAwaitsNoReceiptIsFoundOut() throws Exception {
        Path vault = directory.resolve("vault");
        Ledger ledger = new Ledger();
        List<String> problems = List.of();
        for (int round = 0; round < ROUNDS_UNTIL_LOSS_MAX && problems.isEmpty(); round++) {
            WriterPlan plan = plan(ledger.nextRound()).flaw(Flaw.RECEIPT_NOT_AWAITED);
            try (WriterProcess writer = WriterProcess.start(plan)) {
                writer.awaitAcknowledged(20_000L * (round + 1));
                writer.kill();
            }
            ledger.add(plan);
            problems = new VaultCheck(vault, ledger).whole();
        }
        assertTrue(problems.stream().anyMatch(each -> each.contains("lost")), "the loss is found: " + problems);
    }
}
