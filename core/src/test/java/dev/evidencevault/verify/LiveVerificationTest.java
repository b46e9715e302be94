package dev.evidencevault.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers and verifiers beside a writer that seals, anchors and removes journal files as fast as it can. */
class LiveVerificationTest {
    private static final int ROUNDS = 15;

    @TempDir
    private Path directory;

    @Test
    void aWriterAtWorkIsNeverTakenForAnAttacker() throws Exception {
        Path path = directory.resolve("vault");
        // Every round verifies all anchors so far: with one after the other the rounds would never end.
        VaultOptions options = SmallVault.options().withJournalBytesMax(1 << 20).withSealAfter(Duration.ofMillis(100));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            vault.tenant("t-0").appendAndWait(Event.of("first").build());
            acknowledged.incrementAndGet();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(vault, stop, acknowledged));
            UnlockedVault unlocked = UnlockedVault.unlock(path, SmallVault.SECRET);
            VaultVerifier verifier = new VaultVerifier(null, null);
            for (int round = 0; round < ROUNDS; round++) {
                VerificationReport report = verifier.verify(path);
                assertNotEquals(Verdict.FAILED, report.verdict(), "round " + round + ": " + report);
                report = verifier.verify(unlocked);
                assertEquals(Verdict.PASSED, report.verdict(), "round " + round + ": " + report);
                long before = acknowledged.get();
                long read = 0;
                VaultReader reader = VaultReader.open(path, SmallVault.SECRET);
                for (String tenant : reader.tenants()) {
                    read += reader.tenant(tenant).orElseThrow().eventCount();
                }
                assertTrue(read >= before, "round " + round + ": " + read + " of " + before + " acknowledged events");
            }
            stop.set(true);
            writer.join();
        }
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(path).verdict());
    }

    private static void write(Vault vault, AtomicBoolean stop, AtomicLong acknowledged) {
        try {
            for (int i = 0; !stop.get(); i++) {
                vault.tenant("t-" + i % 3)
                        .appendAndWait(Event.of("act")
                                .actor(Actor.tenant("u"))
                                .original("x".repeat(i % 2000))
                                .build());
                acknowledged.incrementAndGet();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
