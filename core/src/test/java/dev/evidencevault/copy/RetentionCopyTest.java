package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.MovedClock;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is destroyed in a vault is destroyed in a copy with its next run, though no file of records there is touched. */
class RetentionCopyTest {
    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock("2026-05-01T12:00:00Z");

    private void live(Path vault, int days) throws Exception {
        VaultOptions options = SmallVault.options().withClock(clock);
        for (int day = 0; day < days; day++) {
            try (Vault open = Vault.open(vault, SmallVault.SECRET, options)) {
                open.tenant("acme").appendAndWait(Event.of("act").build());
                open.applyRetention(List.of("acme"));
            }
            clock.move(Duration.ofDays(1));
        }
    }

    private Path copied(Path vault, MemoryStore store) throws Exception {
        new CopyRun(UnlockedVault.unlock(vault, SmallVault.SECRET), store, CopyOptions.logs(), clock).run();
        Path copy = Files.createTempDirectory(directory, "copy");
        store.writeTo(copy);
        return copy;
    }

    private static int events(Path copy) throws Exception {
        List<String> actions = new ArrayList<>();
        SmallVault.open(copy).tenant("acme").orElseThrow().events(record -> actions.add(record.action()));
        return actions.size();
    }

    private static void requirePassed(Path copy) throws Exception {
        VerificationReport without = new VaultVerifier(null, null).verify(copy);
        assertEquals(Verdict.PASSED, without.verdict(), without.toString());
        VerificationReport with = new VaultVerifier(null, null).verify(UnlockedVault.unlock(copy, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, with.verdict(), with.toString());
    }

    @Test
    void itsKeysAreReplaced() throws Exception {
        Path vault = directory.resolve("vault");
        try (Vault open =
                Vault.create(vault, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
            open.setRetention(null, null, RetentionPeriod.ofDays(3), "a test");
        }
        live(vault, 2);
        MemoryStore store = new MemoryStore();
        assertEquals(2, events(copied(vault, store)));
        live(vault, 7);
        Path later = copied(vault, store);
        requirePassed(later);
        TenantReader reader = SmallVault.open(later).tenant("acme").orElseThrow();
        assertTrue(reader.firstSegment() > 2);
        assertTrue(events(later) < 9);
        TenantKeys keys = reader.keys();
        try (SegmentFile file = reader.segment(1)) {
            assertTrue(file.keyAge(keys).isEmpty(), "no key in the copy opens it any more");
        }
        assertFalse(Files.exists(reader.directory().counts(reader.firstSegment() - 1)), "nobody counts on in a copy");
        Path fresh = copied(vault, new MemoryStore());
        requirePassed(fresh);
        assertEquals(events(later), events(fresh));
    }
}
