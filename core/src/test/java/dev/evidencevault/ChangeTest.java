package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.Change;
import dev.evidencevault.format.Change.What;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that tell of the log: what the vault writes by itself, and what an application says. */
class ChangeTest {
    @TempDir
    private Path directory;

    private static List<Change> changes(Path vault, Layout.LogDirectory log) throws Exception {
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        List<Change> changes = new ArrayList<>();
        for (long number : Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(log.segment(number))) {
                SegmentContent content = new SegmentContent(file, unlocked.keys(log));
                long notices = 0;
                for (SegmentFile.BlockRef block : file.blocks()) {
                    for (LogRecord record : block.records() ? content.records(block) : List.<LogRecord>of()) {
                        if (record.kind() == RecordKind.CHANGE) {
                            changes.add(Change.of(record));
                            notices++;
                        }
                    }
                }
                assertEquals(notices, file.seal().notices());
            }
        }
        VerificationReport report = new VaultVerifier(null, null).verify(unlocked);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        return changes;
    }

    private static List<Change> ofService(Path vault) throws Exception {
        return changes(vault, new Layout(vault).service());
    }

    @Test
    void howAVaultIsRunIsRecordedWhenItChanges() throws Exception {
        VaultOptions options = SmallVault.options();
        Vault.create(directory.resolve("v"), SmallVault.SECRET, options).close();
        Path vault = directory.resolve("v");
        assertEquals(1, ofService(vault).size());
        Vault.open(vault, SmallVault.SECRET, options).close();
        assertEquals(1, ofService(vault).size(), "nothing changed");
        Vault.open(vault, SmallVault.SECRET, options.withSealAfter(Duration.ofSeconds(7)))
                .close();
        List<Change> changes = ofService(vault);
        assertEquals(2, changes.size());
        assertEquals(changes.get(0).after(), changes.get(1).before());
        assertTrue(String.valueOf(changes.get(1).after()).contains("\"sealAfter\":\"PT7S\""));
    }

    @Test
    void aClockThatIsSetBackIsRecorded() throws Exception {
        MovedClock clock = new MovedClock("2026-05-01T12:00:00Z");
        Path vault = directory.resolve("v");
        try (Vault open =
                Vault.create(vault, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
            open.tenant("acme").appendAndWait(Event.of("one").build());
            clock.move(Duration.ofMillis(-999));
            open.tenant("acme").appendAndWait(Event.of("two").build());
            clock.move(Duration.ofSeconds(-3600));
            open.tenant("acme").appendAndWait(Event.of("three").build());
            clock.move(Duration.ofSeconds(1800));
            open.tenant("acme").appendAndWait(Event.of("four").build());
        }
        List<Change> clocks = ofService(vault).stream()
                .filter(change -> change.what() == What.CLOCK)
                .toList();
        assertEquals(1, clocks.size());
        String before = clocks.get(0).before();
        String after = clocks.get(0).after();
        assertNotNull(before);
        assertNotNull(after);
        assertEquals("2026-05-01T12:00:00.000000000Z", before);
        assertEquals(Duration.ofMillis(3_600_999).toNanos(), Timestamps.parse(before) - Timestamps.parse(after));
    }

    @Test
    void whatAnApplicationSaysStandsInTheTenantsLog() throws Exception {
        Path vault = directory.resolve("v");
        Change policy = new Change(What.POLICY, "logins", "logins and reads", "asked by the tenant");
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            assertEquals(0, open.tenant("acme").appendChange(policy).join().seq());
            assertEquals(
                    1, open.tenant("acme").appendAndWait(Event.of("x").build()).seq());
        }
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        Layout.LogDirectory log = unlocked.directories().values().stream()
                .filter(found -> !found.equals(unlocked.layout().service()))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(policy), changes(vault, log));
    }
}
