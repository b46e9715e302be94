package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.AppendRefusedException.Reason;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.format.Gap;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.BundleVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused is refused with its reason, harms nobody else, and stands in the log as a gap with its count. */
class QuotaTest {
    @TempDir
    private Path directory;

    private static Event event() {
        return Event.of("act").actor(Actor.tenant("u")).build();
    }

    /** All records of a tenant that are sealed, in their order. */
    private static List<LogRecord> records(Path vault, String tenant) throws Exception {
        TenantReader reader = SmallVault.open(vault).tenant(tenant).orElseThrow();
        List<LogRecord> records = new ArrayList<>();
        for (long number : reader.segmentNumbers()) {
            try (SegmentFile file = reader.segment(number)) {
                SegmentContent content = new SegmentContent(file, reader.keys());
                for (SegmentFile.BlockRef block : file.blocks()) {
                    if (block.records()) {
                        records.addAll(content.records(block));
                    }
                }
            }
        }
        return records;
    }

    private static List<Gap> gaps(Path vault, String tenant) throws Exception {
        return records(vault, tenant).stream()
                .filter(record -> record.kind() == RecordKind.GAP)
                .map(Gap::of)
                .toList();
    }

    private static void requireWhole(Path vault) throws Exception {
        assertEquals(Verdict.PASSED, new VaultVerifier(null, null).verify(vault).verdict());
        var report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    @Test
    void aTenantBeyondItsQuotaIsRefusedAndTheGapIsRecorded() throws Exception {
        Path path = directory.resolve("vault");
        MovedClock clock = new MovedClock("2026-05-01T00:00:00Z");
        VaultOptions options = SmallVault.options()
                .withClock(clock)
                .withQuotas(tenant -> tenant.equals("greedy") ? new TenantQuota(10, 1 << 20) : TenantQuota.UNLIMITED);
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog greedy = vault.tenant("greedy");
            int refused = 0;
            for (int i = 0; i < 25; i++) {
                try {
                    greedy.appendAndWait(event());
                } catch (AppendRefusedException e) {
                    assertEquals(Reason.RATE, e.reason());
                    assertTrue(String.valueOf(e.getMessage()).contains("10 events a second"), e.getMessage());
                    refused++;
                }
                vault.tenant("modest").appendAndWait(event());
            }
            assertEquals(15, refused);
            assertEquals(15, vault.status().refusedEvents());
            clock.move(Duration.ofMillis(500));
            for (int i = 0; i < 5; i++) {
                greedy.appendAndWait(event());
            }
            assertThrows(AppendRefusedException.class, () -> greedy.appendAll(List.of(event(), event())));
            clock.move(Duration.ofSeconds(100));
            BatchReceipt batch =
                    greedy.appendAll(java.util.Collections.nCopies(10, event())).join();
            assertEquals(10, batch.count());
            assertThrows(AppendRefusedException.class, () -> greedy.append(event()));
        }
        List<Gap> gaps = gaps(path, "greedy");
        assertEquals(18, gaps.stream().mapToLong(Gap::rate).sum(), gaps.toString());
        assertEquals(18, gaps.stream().mapToLong(Gap::events).sum());
        assertEquals("greedy", gaps.get(0).tenant());
        assertEquals(List.of(), gaps(path, "modest"));
        List<String> actions = new ArrayList<>();
        SmallVault.open(path).tenant("greedy").orElseThrow().events(record -> actions.add(record.action()));
        assertEquals(25, actions.size(), "a gap is no event");
        requireWhole(path);

        // A gap is part of every order that covers its time, whomever the order is about.
        Path bundle = directory.resolve("bundle.zip");
        String json = "{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"greedy\","
                + "\"requestedBy\":\"Mori\",\"approvedBy\":\"Sato\",\"actors\":[\"u\"]}";
        Order order = Order.parse(json.getBytes(StandardCharsets.UTF_8));
        new EvidenceExport(SmallVault.open(path), Clock.systemUTC()).export(order, bundle);
        assertEquals(Verdict.PASSED, new BundleVerifier(null).verify(bundle).verdict());
    }

    @Test
    void bytesAreBoundedToo() throws Exception {
        Path path = directory.resolve("vault");
        VaultOptions options = SmallVault.options()
                .withClock(new MovedClock("2026-05-01T00:00:00Z"))
                .withQuotas(tenant -> new TenantQuota(1_000_000, 10_000));
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog log = vault.tenant("a");
            Event large = Event.of("act").original("x".repeat(6000)).build();
            log.appendAndWait(large);
            AppendRefusedException e = assertThrows(AppendRefusedException.class, () -> log.append(large));
            assertEquals(Reason.BYTES, e.reason());
            log.appendAndWait(event());
        }
        assertEquals(1, gaps(path, "a").stream().mapToLong(Gap::bytes).sum());
        requireWhole(path);
    }

    /** A disk whose journal takes nothing until it is let. */
    private static final class StuckDisk implements Storage {
        private final Storage disk = new UnsyncedStorage();
        private final CountDownLatch stuck = new CountDownLatch(1);
        private volatile boolean sticking;

        @Override
        public void createDirectory(Path path) throws IOException {
            disk.createDirectory(path);
        }

        @Override
        public Appender create(Path file) throws IOException {
            return disk.create(file);
        }

        @Override
        public BlockFile openBlocks(Path file) throws IOException {
            BlockFile blocks = disk.openBlocks(file);
            return new BlockFile() {
                @Override
                public void write(long position, ByteBuffer bytes) throws IOException {
                    try {
                        if (sticking) {
                            stuck.await();
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    blocks.write(position, bytes);
                }

                @Override
                public void sync() throws IOException {
                    blocks.sync();
                }

                @Override
                public void close() throws IOException {
                    blocks.close();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            disk.delete(file);
        }

        @Override
        public void syncDirectory(Path path) throws IOException {
            disk.syncDirectory(path);
        }
    }

    @Test
    void aFullQueueRefusesAndTheGapIsRecorded() throws Exception {
        Path path = directory.resolve("vault");
        StuckDisk disk = new StuckDisk();
        VaultOptions options = SmallVault.options()
                .withStorage(disk)
                .withQueueBytesMax(64 << 10)
                .withBackPressure(BackPressure.REFUSE);
        int refused = 0;
        List<CompletableFuture<Receipt>> taken = new ArrayList<>();
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog log = vault.tenant("a");
            disk.sticking = true;
            for (int i = 0; i < 3000; i++) {
                try {
                    taken.add(log.append(event()));
                } catch (AppendRefusedException e) {
                    assertEquals(Reason.QUEUE, e.reason());
                    refused++;
                }
            }
            assertTrue(refused > 0);
            assertTrue(vault.status().queuedBytes() >= 64 << 10);
            disk.sticking = false;
            disk.stuck.countDown();
            taken.forEach(CompletableFuture::join);
        }
        assertEquals(refused, gaps(path, "a").stream().mapToLong(Gap::queue).sum());
        long events = records(path, "a").stream()
                .filter(record -> record.kind() == RecordKind.EVENT)
                .count();
        assertEquals(3000 - refused, events, "what was not refused is there");
        requireWhole(path);
    }

    @Test
    void aGapSurvivesAKill() throws Exception {
        Path path = directory.resolve("vault");
        Path copy = directory.resolve("copy");
        VaultOptions options = SmallVault.options()
                .withClock(new MovedClock("2026-05-01T00:00:00Z"))
                .withQuotas(tenant -> new TenantQuota(1, 1 << 20));
        try (Vault vault = Vault.create(path, SmallVault.SECRET, options)) {
            TenantLog log = vault.tenant("a");
            log.appendAndWait(event());
            assertThrows(AppendRefusedException.class, () -> log.append(event()));
            // Refusals are recorded soon, without anybody appending.
            while (SmallVault.open(path).tenant("a").orElseThrow().unsealed().size() < 2) {
                Thread.onSpinWait();
            }
            CopiedVault.copy(path, copy);
        }
        Vault.open(copy, SmallVault.SECRET, SmallVault.options()).close();
        assertEquals(1, gaps(copy, "a").size());
        requireWhole(copy);
    }

    @Test
    void aDirectDiskTakesTheSame() throws Exception {
        Path path = directory.resolve("vault");
        try (Vault vault =
                Vault.create(path, SmallVault.SECRET, SmallVault.options().withStorage(new LocalStorage()))) {
            BatchReceipt receipt = vault.tenant("a")
                    .appendAll(List.of(event(), event(), event()))
                    .join();
            assertEquals(3, receipt.count());
            assertEquals(receipt.firstSeq() + 2, receipt.receipt(2).seq());
            assertThrows(IllegalArgumentException.class, () -> receipt.receipt(3));
            assertThrows(IllegalArgumentException.class, () -> vault.tenant("a").appendAll(List.of()));
        }
        assertEquals(3, records(path, "a").size());
        requireWhole(path);
    }
}
