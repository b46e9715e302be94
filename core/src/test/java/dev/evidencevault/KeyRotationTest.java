package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.RotatedKeys;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.Finding;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rotation of keys changes, and what it leaves. */
class KeyRotationTest {
    private static final String ACME = "acme";

    @TempDir
    private Path directory;

    private Path smallVault() throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault);
        return vault;
    }

    private static void rotate(Path vault, String... tenants) throws Exception {
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            KeyRotation rotation = open.rotateKeys(List.of(tenants), "yearly");
            assertEquals(Map.of(), rotation.failures());
            assertEquals(Set.of(tenants), rotation.epochs().keySet());
        }
    }

    private static LogDirectory log(Path vault, String tenant) throws Exception {
        LogId id = UnlockedVault.unlock(vault, SmallVault.SECRET).tenants().get(tenant);
        return new Layout(vault).tenant(id);
    }

    private static List<String> ids(Path vault, String tenant) throws Exception {
        List<String> ids = new ArrayList<>();
        SmallVault.open(vault).tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        return ids;
    }

    private static VerificationReport verify(Path vault) throws Exception {
        return new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
    }

    private static void requirePassed(Path vault) throws Exception {
        for (VerificationReport report : List.of(new VaultVerifier(null, null).verify(vault), verify(vault))) {
            assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        }
    }

    /** Without keys a verifier cannot judge what was sealed a moment ago and is not anchored yet; with them, it can. */
    private static void requireGoodBesideAWriter(Path vault) throws Exception {
        VerificationReport without = new VaultVerifier(null, null).verify(vault);
        assertEquals(List.of(), without.with(Verdict.FAILED), without.toString());
        for (Finding open : without.with(Verdict.INDETERMINATE)) {
            assertTrue(open.reason().contains("under no anchor yet; the vault is being written"), open.reason());
        }
        VerificationReport report = verify(vault);
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    private static void requireOtherKeysFound(Path vault) throws Exception {
        VerificationReport report = new VaultVerifier(null, null).verify(vault);
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(
                report.findings().stream().anyMatch(KeyRotationTest::isOfOtherKeys),
                report.findings().toString());
    }

    private static boolean isOfOtherKeys(Finding finding) {
        return finding.claim() == Claim.SEGMENTS
                && finding.toString().contains("the keys are not those that the last seal names");
    }

    @Test
    void noFileOfTheLogIsTouchedButItsKeys() throws Exception {
        Path vault = smallVault();
        Map<String, byte[]> before = SmallVault.contents(vault);
        List<String> events = ids(vault, ACME);
        rotate(vault, ACME, SmallVault.OTHER_TENANT);
        rotate(vault, ACME);
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertEquals(2, open.rotateServiceKeys("yearly"));
            open.tenant(ACME).appendAndWait(Event.of("after").id("after").build());
        }
        Map<String, byte[]> after = SmallVault.contents(vault);
        before.forEach((name, bytes) -> {
            if (!name.endsWith("keys.json") && !name.equals("lock") && !name.equals("anchors/checkpoint")) {
                assertArrayEquals(bytes, after.get(name), name);
            }
        });
        assertFalse(after.keySet().stream().anyMatch(name -> name.contains(".next.")));
        events.add("after");
        assertEquals(events, ids(vault, ACME));
        requirePassed(vault);
        LogKeys keys = LogKeys.read(log(vault, ACME));
        assertEquals(3, keys.epoch());
        TenantKeys opened = UnlockedVault.unlock(vault, SmallVault.SECRET).keys(keys);
        assertEquals(3, opened.count(TenantKeys.Purpose.CONTENT));
        assertEquals(3, opened.count(TenantKeys.Purpose.JOURNAL));
        assertEquals(3, opened.count(TenantKeys.Purpose.INDEX));
        assertEquals(3, opened.count(TenantKeys.Purpose.BACKUP));
        assertEquals(1, opened.count(TenantKeys.Purpose.SALT));
        assertEquals(1, opened.count(TenantKeys.Purpose.TAG));
        assertEquals(2, LogKeys.read(log(vault, SmallVault.OTHER_TENANT)).epoch());
    }

    @Test
    void whatIsWrittenAfterwardsDoesNotOpenWithTheOldKeys() throws Exception {
        Path vault = smallVault();
        LogDirectory log = log(vault, ACME);
        byte[] old = Files.readAllBytes(log.keys());
        rotate(vault, ACME);
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant(ACME).appendAndWait(Event.of("after").build());
        }
        byte[] current = Files.readAllBytes(log.keys());
        Files.write(log.keys(), old);
        assertThrows(CorruptFileException.class, () -> ids(vault, ACME));
        requireOtherKeysFound(vault);
        assertThrows(
                CorruptFileException.class,
                () -> Vault.open(vault, SmallVault.SECRET, SmallVault.options()).tenant(ACME));
        Files.write(log.keys(), current);
        requirePassed(vault);
    }

    @Test
    void keysThatNeitherASealNorARotationNamesAreFound() throws Exception {
        Path vault = smallVault();
        LogDirectory log = log(vault, ACME);
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        LogKeys current = LogKeys.read(log);
        LogKeys next = unlocked.nextKeys(current, unlocked.keys(current).rotated(), true);

        // Beside the current ones they are a rotation that was cut short before its record.
        Files.write(log.nextKeys(), next.format());
        requirePassed(vault);
        // In their place they are nobody's.
        Files.delete(log.nextKeys());
        Files.write(log.keys(), next.format());
        requireOtherKeysFound(vault);
        // With the current ones as those that follow, too.
        Files.write(log.nextKeys(), current.format());
        requireOtherKeysFound(vault);
        Files.delete(log.nextKeys());
        Files.write(log.keys(), current.format());

        // Keys of another log, or of an epoch too far, do not follow.
        LogKeys far = unlocked.nextKeys(next, unlocked.keys(next).rotated(), true);
        for (LogKeys wrong : List.of(far, LogKeys.read(log(vault, SmallVault.OTHER_TENANT)))) {
            Files.write(log.nextKeys(), wrong.format());
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(vault).verdict());
        }
    }

    @Test
    void aRotationThatWasCutShortBeforeItsRecordIsDropped() throws Exception {
        Path vault = smallVault();
        LogDirectory log = log(vault, ACME);
        UnlockedVault unlocked = UnlockedVault.unlock(vault, SmallVault.SECRET);
        LogKeys current = LogKeys.read(log);
        Files.write(
                log.nextKeys(),
                unlocked.nextKeys(current, unlocked.keys(current).rotated(), true)
                        .format());
        Files.write(log.path().resolve("keys.next.json.tmp"), new byte[] {1});
        requirePassed(vault);
        Vault.open(vault, SmallVault.SECRET, SmallVault.options()).close();
        assertFalse(Files.exists(log.nextKeys()));
        assertFalse(Files.exists(log.path().resolve("keys.next.json.tmp")));
        assertArrayEquals(current.format(), Files.readAllBytes(log.keys()));
        requirePassed(vault);
    }

    @Test
    void aReaderFromBeforeReadsWhatIsWrittenAfterwards() throws Exception {
        Path vault = smallVault();
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            TenantReader early = SmallVault.open(vault).tenant(ACME).orElseThrow();
            var tail = early.tail();
            tail.read();
            open.rotateKeys(List.of(ACME), "a reader is there");
            open.tenant(ACME).appendAndWait(Event.of("in the journal").build());
            List<String> actions = new ArrayList<>();
            early.events(record -> actions.add(record.action()));
            assertEquals("in the journal", actions.getLast());
            assertFalse(tail.read().isEmpty());
            open.seal();
            actions.clear();
            early.events(record -> actions.add(record.action()));
            assertEquals(10, actions.size());
        }
    }

    @Test
    void theLogSaysWhatWasRotatedAndWhy() throws Exception {
        Path vault = smallVault();
        LogKeys before = LogKeys.read(log(vault, ACME));
        rotate(vault, ACME);
        LogKeys after = LogKeys.read(log(vault, ACME));
        List<Change> changes = new ArrayList<>();
        TenantReader reader = SmallVault.open(vault).tenant(ACME).orElseThrow();
        for (long number : reader.segmentNumbers()) {
            try (var file = reader.segment(number)) {
                var content = new SegmentContent(file, reader.keys());
                for (var block : file.blocks()) {
                    if (block.records()) {
                        content.records(block).stream()
                                .filter(record -> record.kind() == RecordKind.CHANGE)
                                .map(Change::of)
                                .forEach(changes::add);
                    }
                }
            }
        }
        assertEquals(1, changes.size());
        assertEquals(before.rotated(), RotatedKeys.before(changes.get(0)).orElseThrow());
        assertEquals(after.rotated(), RotatedKeys.after(changes.get(0)).orElseThrow());
        assertEquals("yearly", changes.get(0).reason());
        assertEquals("vault", after.rotated().source());
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            assertThrows(IllegalArgumentException.class, () -> open.tenant(ACME).appendChange(changes.get(0)));
            assertThrows(IllegalArgumentException.class, () -> open.rotateKeys(List.of("nobody"), "no reason"));
        }
    }

    @Test
    void writersAndVerifiersGoOnWhileKeysAreRotated() throws Exception {
        Path vault = directory.resolve("vault");
        int threads = 3;
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (Vault open = Vault.create(vault, SmallVault.SECRET, SmallVault.options())) {
            CountDownLatch rotated = new CountDownLatch(1);
            CountDownLatch writing = new CountDownLatch(threads);
            List<Thread> writers = new ArrayList<>();
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                TenantLog log = open.tenant("tenant-" + i % 2);
                writers.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int n = 0; n < 40 || rotated.getCount() > 0; n++) {
                            String id = thread + "-" + n;
                            log.appendAndWait(Event.of("act")
                                    .id(id)
                                    .actor(Actor.tenant("u"))
                                    .build());
                            acknowledged.add(id);
                            writing.countDown();
                        }
                    } catch (RuntimeException e) {
                        failures.add(e);
                        writing.countDown();
                    }
                }));
            }
            writing.await();
            writers.add(Thread.ofPlatform().start(() -> {
                try {
                    while (rotated.getCount() > 0) {
                        requireGoodBesideAWriter(vault);
                    }
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            }));
            try {
                for (int i = 0; i < 5; i++) {
                    assertEquals(
                            Map.of(),
                            open.rotateKeys(open.tenants(), "under load").failures());
                    open.rotateServiceKeys("under load");
                }
            } finally {
                rotated.countDown();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
        }
        Set<String> stored = new HashSet<>();
        int records = 0;
        VaultReader reader = SmallVault.open(vault);
        for (String tenant : reader.tenants()) {
            List<String> ids = ids(vault, tenant);
            records += ids.size();
            stored.addAll(ids);
            assertEquals(6, LogKeys.read(log(vault, tenant)).epoch());
        }
        assertEquals(new HashSet<>(acknowledged), stored);
        assertEquals(acknowledged.size(), records);
        requirePassed(vault);
    }

    @Test
    void filesOfAnotherCipherAreReadWithOldKeysToo() throws Exception {
        Path vault = directory.resolve("vault");
        SmallVault.write(vault, SmallVault.options().withSuite(CryptoSuite.CHACHA_P384));
        rotate(vault, ACME);
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            open.tenant(ACME).appendAndWait(Event.of("after").id("after").build());
        }
        assertEquals(10, ids(vault, ACME).size());
        requirePassed(vault);
    }

    @Test
    void keysOfTheFirstFormatGetAKeyForDeposits() throws Exception {
        Path vault = directory.resolve("old");
        CopiedVault.copy(FormatVectors.path("small-vault"), vault);
        // Git keeps no empty directories.
        Files.createDirectories(vault.resolve("journal"));
        UnlockedVault before = UnlockedVault.unlock(vault, SmallVault.SECRET);
        String tenant = before.tenants().firstKey();
        LogDirectory log = before.layout().tenant(before.tenants().get(tenant));
        assertEquals(TenantKeys.FIRST_FORMAT, LogKeys.read(log).epoch());
        assertFalse(before.keys(log).takesDeposits());
        List<String> events = ids(vault, tenant);
        rotate(vault, tenant);
        assertEquals(1, LogKeys.read(log).epoch());
        assertTrue(before.keys(log).takesDeposits());
        assertEquals(events, ids(vault, tenant));
        requirePassed(vault);
    }
}
