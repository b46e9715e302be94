package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.BlockSummary;
import dev.evidencevault.segment.SegmentIndexer;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens at the edges: clocks that go back, names that cannot be, indexes that fail, values at their limits. */
class VaultEdgeTest {
    @TempDir
    private Path directory;

    private static void requireWhole(Path vault) throws Exception {
        VerificationReport report =
                new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    private static List<String> actions(Path vault) throws Exception {
        List<String> actions = new ArrayList<>();
        VaultReader.open(vault, SmallVault.SECRET)
                .tenant("a")
                .orElseThrow()
                .events(record -> actions.add(record.action()));
        return actions;
    }

    @Test
    void aClockThatGoesBackDisturbsNoOrder() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-05-01T00:00:00Z"));
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        Path path = directory.resolve("vault");
        try (Vault vault =
                Vault.create(path, SmallVault.SECRET, SmallVault.options().withClock(clock))) {
            for (int i = 0; i < 4; i++) {
                vault.tenant("a").appendAndWait(Event.of("act-" + i).build());
                vault.seal();
                now.set(now.get().minusSeconds(3600));
            }
        }
        assertEquals(List.of("act-0", "act-1", "act-2", "act-3"), actions(path));
        requireWhole(path);
    }

    @Test
    void detailsAreAsDeepAsTheyMayBe() throws Exception {
        String deepest = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            vault.tenant("a").appendAndWait(Event.of("deep").details(deepest).build());
            vault.tenant("a")
                    .appendAndWait(
                            Event.of("lines").details("{\n \"n\": 1.500\r\n}").build());
        }
        assertThrows(IllegalArgumentException.class, () -> Event.of("deeper").details("{\"a\":" + deepest + "}"));
        List<String> lines = new ArrayList<>();
        VaultReader.open(path, SmallVault.SECRET)
                .tenant("a")
                .orElseThrow()
                .events(record -> lines.add(new String(record.line(), java.nio.charset.StandardCharsets.UTF_8)));
        assertTrue(lines.get(0).contains(deepest));
        assertTrue(lines.get(1).contains("{  \"n\": 1.500  }"), lines.get(1));
        requireWhole(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000", "a\nb", "\ud800", "x\udfff"})
    void aTenantsNameThatCannotBeCreatesNothing(String name) throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            assertThrows(IllegalArgumentException.class, () -> vault.tenant(name));
            assertThrows(IllegalArgumentException.class, () -> vault.tenant("x".repeat(257)));
            assertTrue(vault.existingTenant("a").isEmpty());
            vault.tenant("a").appendAndWait(Event.of("one").build());
            assertEquals(java.util.Set.of("a"), vault.tenants());
        }
        assertEquals(List.of("one"), actions(path));
        requireWhole(path);
    }

    @Test
    void anIndexThatCannotBeBuiltStopsNothing() throws Exception {
        Path path = directory.resolve("vault");
        VaultOptions options = SmallVault.options().withIndexer((log, segment, blocks) -> {
            throw new IllegalStateException("no index today");
        });
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            vault.tenant("a").appendAndWait(Event.of("one").build());
            vault.seal();
            vault.tenant("a").appendAndWait(Event.of("two").build());
        }
        assertEquals(List.of("one", "two"), actions(path));
        requireWhole(path);
    }

    /** An indexer that waits at the first block of a segment of several until it is let go on. */
    private static final class WaitingIndexer implements SegmentIndexer {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger indexed = new AtomicInteger();

        @Override
        public Builder begin(LogId log, long segment, int blocks) {
            return new Builder() {
                @Override
                public void addBlock(int ordinal, byte[] plain, int plainBytes, BlockSummary facts) {
                    if (blocks > 1) {
                        entered.countDown();
                        awaited(goOn);
                        indexed.incrementAndGet();
                    }
                }

                @Override
                public byte[] finish() {
                    return new byte[] {1};
                }
            };
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), "waited for a minute");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of two blocks one after the other, and of nine, which several threads seal and index. */
    @ParameterizedTest
    @ValueSource(ints = {2, 9})
    void commitsGoOnWhileAnIndexIsBuilt(int blocks) throws Exception {
        Path path = directory.resolve("vault");
        WaitingIndexer indexer = new WaitingIndexer();
        List<String> expected = new ArrayList<>();
        VaultOptions options = SmallVault.options().withJournalBytesMax(1 << 20).withIndexer(indexer);
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog log = vault.tenant("a");
            for (int i = 0; i < blocks; i++) {
                log.appendAndWait(
                        Event.of("large-" + i).original("x".repeat(140_000)).build());
                expected.add("large-" + i);
            }
            CompletableFuture<Void> sealing = CompletableFuture.runAsync(vault::seal);
            awaited(indexer.entered);
            for (int i = 0; i < 50; i++) {
                int n = i;
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                    log.appendAndWait(Event.of("meanwhile-" + n).build());
                    vault.tenant("b").appendAndWait(Event.of("also").build());
                });
                expected.add("meanwhile-" + i);
            }
            assertFalse(sealing.isDone());
            assertFalse(Files.exists(firstAnchor(path)), "nothing is anchored yet");
            indexer.goOn.countDown();
            sealing.get(60, TimeUnit.SECONDS);
            assertTrue(Files.exists(firstAnchor(path)));
        }
        assertEquals(blocks, indexer.indexed.get());
        assertEquals(expected, actions(path));
        requireWhole(path);
    }

    private static Path firstAnchor(Path vault) {
        return vault.resolve("anchors/00000001.eva");
    }

    @Test
    void theLongestRecordsAreStoredAndLongerOnesRefused() throws Exception {
        Path path = directory.resolve("vault");
        String longest = "x".repeat((4 << 20) - 1000);
        try (Vault vault = Vault.create(path, SmallVault.SECRET, SmallVault.options())) {
            TenantLog log = vault.tenant("a");
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                events.add(Event.of("long").original(longest).build());
            }
            log.appendAllAndWait(events);
            Event longer = Event.of("longer").original("x".repeat(4 << 20)).build();
            assertThrows(IllegalArgumentException.class, () -> log.append(longer));
        }
        assertEquals(20, actions(path).size());
        requireWhole(path);
    }

    @Test
    void openOrCreateDoesEither() throws Exception {
        Path path = directory.resolve("vault");
        for (int i = 0; i < 2; i++) {
            try (Vault vault = Vault.openOrCreate(path, SmallVault.SECRET, SmallVault.options())) {
                vault.tenant("a").appendAndWait(Event.of("act").build());
            }
        }
        assertEquals(2, actions(path).size());
    }

    @Test
    void aCreationThatWasKilledIsNoVaultAndNothingElseIsTakenForOne() throws Exception {
        Path vault = directory.resolve("made");
        SmallVault.write(vault);
        Files.delete(vault.resolve("vault.json"));
        Map<String, byte[]> before = SmallVault.contents(vault);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> Vault.openOrCreate(vault, SmallVault.SECRET, SmallVault.options()),
                "it lost its settings and has records: nobody may remove them");
        assertEquals(before.keySet(), SmallVault.contents(vault).keySet());
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.createDirectory(other.resolve("journal"));
        Files.writeString(other.resolve("journal/mine.txt"), "mine");
        assertThrows(
                FileAlreadyExistsException.class, () -> Vault.create(other, SmallVault.SECRET, SmallVault.options()));
        assertEquals(Set.of("journal/mine.txt"), SmallVault.contents(other).keySet());
    }

    @Test
    void aJournalFileThatIsTakenOutIsMissed() throws Exception {
        Path vault = directory.resolve("vault");
        Path killed = directory.resolve("killed");
        try (Vault open =
                Vault.create(vault, SmallVault.SECRET, SmallVault.options().withSealAfter(Duration.ofHours(1)))) {
            for (int i = 0; i < 1500; i++) {
                open.tenant("a")
                        .append(Event.of("act").original("x".repeat(300)).build());
                if (i % 100 == 0) {
                    open.tenant("a").appendAndWait(Event.of("act").build());
                }
            }
            open.tenant("a").appendAndWait(Event.of("last").build());
            CopiedVault.copy(vault, killed);
        }
        List<Path> journals = Layout.list(killed.resolve("journal"));
        assertTrue(journals.size() >= 4, journals::toString);
        // Of the last ones nothing may have been written yet.
        for (Path journal : journals.subList(0, journals.size() - 2)) {
            byte[] content = Files.readAllBytes(journal);
            Files.delete(journal);
            assertThrows(
                    CorruptFileException.class,
                    () -> Vault.open(killed, SmallVault.SECRET, SmallVault.options()),
                    journal::toString);
            assertEquals(
                    Verdict.FAILED,
                    new VaultVerifier(null, null)
                            .verify(UnlockedVault.unlock(killed, SmallVault.SECRET))
                            .verdict(),
                    journal::toString);
            Files.write(journal, content);
        }
        Vault.open(killed, SmallVault.SECRET, SmallVault.options()).close();
        requireWhole(killed);
        assertEquals(1516, actions(killed).size());
    }

    @Test
    void aLogWhoseKeysWereLetGoIsWrittenAgain() throws Exception {
        Path path = directory.resolve("vault");
        List<String> expected = new ArrayList<>();
        VaultOptions options = SmallVault.options().withIdleAfter(Duration.ofMillis(10));
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog log = vault.tenant("a");
            for (int round = 0; round < 4; round++) {
                for (String actor : List.of("alice", "bob", "alice")) {
                    log.appendAndWait(Event.of(actor + round)
                            .actor(Actor.tenant(actor))
                            .service("files")
                            .build());
                    expected.add(actor + round);
                }
                vault.seal();
                long begin = System.nanoTime();
                while (log.hasKeys()) {
                    assertTrue(System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1), "waited for a minute");
                    Thread.onSpinWait();
                }
            }
        }
        assertEquals(expected, actions(path));
        // The counts of each actor among them, which are in the leaves.
        requireWhole(path);
    }
}
