package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer is killed with SIGKILL, again and again: what it had acknowledged is there, once, and the vault verifies. */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("evidencevault.kills", 8);
    private static final long SEED = Long.getLong("evidencevault.seed", 42);

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
        Random random = new Random(SEED);
        Path vault = directory.resolve("vault");
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            int kill = 1 + random.nextInt(1500);
            String context = "seed " + SEED + ", round " + round + ", killed after " + kill + " receipts";
            runAndKill(vault, "r" + round, kill, acknowledged);
            Set<String> beforeReopening = stored(vault, context);
            assertTrue(beforeReopening.containsAll(acknowledged), context + ": readers see all before a recovery");
            Vault.open(vault, SmallVault.SECRET, KilledWriter.options()).close();
            Set<String> stored = stored(vault, context);
            assertTrue(stored.containsAll(acknowledged), context);
            assertEquals(beforeReopening, stored, context);
            VerificationReport report =
                    new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
            assertEquals(Verdict.PASSED, report.verdict(), context + ": " + report);
        }
    }

    private static void runAndKill(Path vault, String prefix, int kill, Set<String> acknowledged) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledWriter.class.getName(),
                        vault.toString(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            int count = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (++count == kill) {
                    // Through the handle: a process that is destroyed itself closes the stream that is read here.
                    process.toHandle().destroyForcibly();
                }
                // The last line may have been cut by the kill.
                if (line.matches("tenant-\\d r\\d+-\\d+-\\d+")) {
                    acknowledged.add(line);
                }
            }
            assertTrue(count >= kill, "the writer ended by itself after " + count);
        }
        process.waitFor();
    }

    private static Set<String> stored(Path vault, String context) throws Exception {
        VaultReader reader = VaultReader.open(vault, SmallVault.SECRET);
        List<String> stored = new ArrayList<>();
        for (String tenant : reader.tenants()) {
            reader.tenant(tenant).orElseThrow().events(record -> stored.add(tenant + " " + record.id()));
        }
        Set<String> once = new HashSet<>(stored);
        assertEquals(once.size(), stored.size(), context + ": every event is there once");
        return once;
    }
}
