package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.StepBody.HoldPlaced;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.retention.RetentionPeriod;
import dev.evidencevault.retention.RetentionPlan;
import dev.evidencevault.retention.RetentionRules;
import dev.evidencevault.segment.DestroyedRecordsException;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.storage.LogKeys;
import dev.evidencevault.storage.Storage;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.UnsyncedStorage;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records go when their time is over and no hold keeps them, nothing else goes, and all that is left verifies. */
class RetentionTest {
    private static final String ACME = "acme";
    private static final String OTHER = SmallVault.OTHER_TENANT;

    /** Does something when a file has got its name. */
    @FunctionalInterface
    private interface OnName {
        void named(Path file) throws Exception;
    }

    /** The local file system, with somebody who watches. */
    private record WatchedStorage(Storage disk, OnName watcher) implements Storage {
        WatchedStorage(OnName watcher) {
            this(new UnsyncedStorage(), watcher);
        }

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
            return disk.openBlocks(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
            try {
                watcher.named(to);
            } catch (Exception e) {
                throw new IOException(e);
            }
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

    @TempDir
    private Path directory;

    private Path root;
    private final MovedClock clock = new MovedClock("2026-06-10T09:00:00Z");

    @BeforeEach
    void create() throws Exception {
        root = directory.resolve("vault");
        try (Vault vault = Vault.create(root, SmallVault.SECRET, options())) {
            vault.tenants(List.of(ACME, OTHER));
        }
    }

    private VaultOptions options() {
        return SmallVault.options().withClock(clock);
    }

    private Vault open() throws Exception {
        return Vault.open(root, SmallVault.SECRET, options());
    }

    private static void append(Vault vault, String tenant, @Nullable String service, String id) throws IOException {
        Event.Builder event = Event.of("act").id(id).actor(Actor.tenant("alice-" + id.length()));
        vault.tenant(tenant).appendAndWait((service == null ? event : event.service(service)).build());
    }

    private void rule(@Nullable String tenant, @Nullable String service, @Nullable RetentionPeriod period)
            throws Exception {
        try (Vault vault = open()) {
            vault.setRetention(tenant, service, period, "contract");
        }
    }

    private static List<String> ids(Path root, String tenant) throws Exception {
        List<String> ids = new ArrayList<>();
        SmallVault.open(root).tenant(tenant).orElseThrow().events(record -> ids.add(record.id()));
        return ids;
    }

    private static void requirePassed(Path root) throws Exception {
        VerificationReport without = new VaultVerifier(null, null).verify(root);
        assertEquals(Verdict.PASSED, without.verdict(), without.toString());
        VerificationReport with = new VaultVerifier(null, null).verify(UnlockedVault.unlock(root, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, with.verdict(), with.toString());
    }

    /** The office made its steps at times when nobody wrote the vault, which is no more than told. */
    private static void requireNotFailed(Path root) throws Exception {
        VerificationReport report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(root, SmallVault.SECRET));
        assertEquals(List.of(), report.with(Verdict.FAILED));
        assertTrue(report.with(Verdict.INDETERMINATE).stream().allMatch(finding -> finding.claim() == Claim.CASES));
    }

    /** Appends an event a day to both tenants, and applies the rules each day. */
    private void live(int days) throws Exception {
        for (int day = 0; day < days; day++) {
            String id = "d" + Duration.between(clock(), clock.instant()).toDays();
            try (Vault vault = open()) {
                append(vault, ACME, null, id);
                append(vault, OTHER, null, id);
                RetentionRun run = vault.applyRetention(vault.tenants());
                assertEquals(Map.of(), run.failures());
            }
            clock.move(Duration.ofDays(1));
        }
    }

    private static Instant clock() {
        return Instant.parse("2026-06-10T09:00:00Z");
    }

    private static int day(String id) {
        return Integer.parseInt(id.substring(1));
    }

    @Test
    void whatIsOverIsDestroyedAndTheRestVerifies() throws Exception {
        rule(ACME, null, RetentionPeriod.ofDays(10));
        live(1);
        Map<String, byte[]> first = SmallVault.contents(root);
        live(24);
        List<String> left = ids(root, ACME);
        // Nothing goes early, and nothing stays for much longer than its time.
        assertEquals(24, day(left.getLast()));
        assertTrue(day(left.getFirst()) <= 15 && day(left.getFirst()) >= 12, left.toString());
        assertEquals(25 - day(left.getFirst()), left.size());
        assertEquals(25, ids(root, OTHER).size());
        requirePassed(root);
        Map<String, byte[]> now = SmallVault.contents(root);
        first.forEach((name, bytes) -> {
            if (name.endsWith(".evs")) {
                assertArrayEquals(bytes, now.get(name), name);
            }
        });
        UnlockedVault vault = UnlockedVault.unlock(root, SmallVault.SECRET);
        requireNoKeyOpens(vault, ACME, 1);
        TenantReader reader = VaultReader.of(vault).tenant(ACME).orElseThrow();
        long lost = reader.firstSegment() - 1;
        assertTrue(lost > 5);
        assertFalse(
                now.keySet().stream().anyMatch(name -> name.contains(reader.logId() + "/index/00000001")),
                "indexes that no key opens are removed");
        try (SegmentFile file = reader.segment(1)) {
            assertThrows(DestroyedRecordsException.class, () -> new SegmentContent(file, reader.keys()));
        }
        assertTrue(new VaultVerifier(null, null)
                .verify(vault).findings().stream()
                        .anyMatch(finding -> finding.reason().contains("the first " + lost + " segments")));
    }

    /** Requires that no key that is left of a log opens the segment of that number. */
    private static void requireNoKeyOpens(UnlockedVault vault, String tenant, long number) throws Exception {
        var log = vault.layout().tenant(vault.tenants().get(tenant));
        TenantKeys keys = vault.keys(LogKeys.read(log));
        try (SegmentFile file = new SegmentFile(log.segment(number))) {
            assertTrue(file.keyAge(keys).isEmpty());
        }
    }

    @Test
    void countsOfActorsGoOn() throws Exception {
        rule(null, null, RetentionPeriod.ofDays(2));
        live(8);
        requirePassed(root);
        // An actor that has records in destroyed segments only.
        try (Vault vault = open()) {
            append(vault, ACME, null, "d7777");
            append(vault, ACME, null, "d0");
        }
        requirePassed(root);
        UnlockedVault vault = UnlockedVault.unlock(root, SmallVault.SECRET);
        LogKeys keys = LogKeys.read(vault.layout().tenant(vault.tenants().get(ACME)));
        Path counts = vault.layout().tenant(vault.tenants().get(ACME)).counts(keys.firstSegment() - 1);
        byte[] bytes = Files.readAllBytes(counts);
        bytes[bytes.length - 1] ^= 1;
        Files.write(counts, bytes);
        assertEquals(Verdict.FAILED, new VaultVerifier(null, null).verify(root).verdict());
        try (Vault open = open()) {
            assertThrows(CorruptFileException.class, () -> open.tenant(ACME));
        }
    }

    @Test
    void theLongestRuleOfASegmentCounts() throws Exception {
        rule(null, null, RetentionPeriod.ofDays(2));
        rule(null, "billing", RetentionPeriod.ofDays(20));
        rule(ACME, "web", RetentionPeriod.forEver());
        try (Vault vault = open()) {
            append(vault, ACME, "mail", "a1");
            append(vault, ACME, "billing", "a2");
            append(vault, OTHER, "mail", "b1");
            append(vault, OTHER, "web", "b2");
        }
        for (int day = 0; day < 30; day++) {
            clock.move(Duration.ofDays(1));
            try (Vault vault = open()) {
                vault.applyRetention(vault.tenants());
                append(vault, ACME, "mail", "x" + day);
                append(vault, OTHER, "mail", "y" + day);
                vault.seal();
                if (day == 15) {
                    append(vault, ACME, "web", "kept");
                }
            }
            if (day == 15) {
                assertTrue(ids(root, ACME).contains("a1"), "it lies beside one that is kept for longer");
                assertFalse(ids(root, OTHER).contains("b1"));
            }
        }
        assertFalse(ids(root, ACME).contains("a2"));
        assertTrue(ids(root, ACME).containsAll(Set.of("kept", "x29")));
        clock.move(Duration.ofDays(5000));
        try (Vault vault = open()) {
            vault.applyRetention(vault.tenants());
            vault.applyRetention(vault.tenants());
        }
        assertTrue(ids(root, ACME).containsAll(Set.of("kept", "x29")), "nothing goes that comes after it");
        requirePassed(root);
    }

    @Test
    void withoutARuleNothingGoes() throws Exception {
        live(3);
        clock.move(Duration.ofDays(30_000));
        try (Vault vault = open()) {
            RetentionRun run = vault.applyRetention(vault.tenants());
            assertEquals(Map.of(), run.destroyed());
            assertEquals(Map.of(), run.rotated());
        }
        assertEquals(3, ids(root, ACME).size());
    }

    @Test
    void aHoldKeepsWhatItCovers() throws Exception {
        rule(null, null, RetentionPeriod.ofDays(2));
        live(4);
        CaseOffice office = CaseOffice.of(root);
        Duration ahead = Duration.between(office.clock.instant(), clock.instant());
        office.clock.move(ahead);
        long asOf = office.now();
        long until = asOf + Duration.ofDays(20).toNanos();
        office.step(office.open(), "mori", new HoldPlaced(asOf, until, true, "preservation"));
        List<String> before = ids(root, ACME);
        clock.move(Duration.ofDays(10));
        try (Vault vault = open()) {
            RetentionRun run = vault.applyRetention(vault.tenants());
            RetentionPlan held = run.held().get(ACME);
            assertEquals("preservation", held.holds().getFirst().reason());
            assertTrue(run.destroyed().containsKey(OTHER));
        }
        assertEquals(before, ids(root, ACME));
        clock.move(Duration.ofDays(11));
        try (Vault vault = open()) {
            assertTrue(vault.applyRetention(vault.tenants()).destroyed().containsKey(ACME));
        }
        assertTrue(ids(root, ACME).size() < before.size());
        requireNotFailed(root);
    }

    @Test
    void aHoldThatComesMeanwhileKeepsIt() throws Exception {
        rule(null, null, RetentionPeriod.ofDays(2));
        live(4);
        CaseOffice office = CaseOffice.of(root);
        office.clock.move(Duration.between(office.clock.instant(), clock.instant()));
        long asOf = office.now();
        var opened = office.open();
        clock.move(Duration.ofDays(10));
        List<String> before = ids(root, ACME);
        boolean[] placed = new boolean[1];
        Storage storage = new WatchedStorage(file -> {
            if (!placed[0] && file.toString().contains("keys.next.json")) {
                placed[0] = true;
                office.step(opened, "mori", new HoldPlaced(asOf, asOf + 30 * CaseOffice.DAY, true, "late"));
            }
        });
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options().withStorage(storage))) {
            RetentionRun run = vault.applyRetention(List.of(ACME));
            assertTrue(placed[0]);
            assertEquals(Set.of(ACME), run.held().keySet());
            assertEquals(Map.of(), run.failures());
            append(vault, ACME, null, "d99");
        }
        assertTrue(ids(root, ACME).containsAll(before));
        requireNotFailed(root);
        try (Vault vault = open()) {
            assertEquals(
                    Set.of(ACME), vault.applyRetention(List.of(ACME)).held().keySet());
        }
        requireNotFailed(root);
    }

    @Test
    void rulesAreSignedAndRecorded() throws Exception {
        rule(ACME, "billing", RetentionPeriod.ofDays(400));
        rule(null, null, RetentionPeriod.ofDays(90));
        rule(ACME, "billing", RetentionPeriod.ofDays(500));
        rule(ACME, null, RetentionPeriod.forEver());
        rule(ACME, null, null);
        UnlockedVault vault = UnlockedVault.unlock(root, SmallVault.SECRET);
        RetentionRules rules = RetentionRules.read(vault);
        assertEquals(5, rules.number());
        var acme = vault.tenants().get(ACME);
        assertEquals(500, rules.of(acme, "billing").orElseThrow().period().days());
        assertEquals(90, rules.of(acme, "mail").orElseThrow().period().days());
        String text = Files.readString(root.resolve("retention"));
        assertFalse(text.contains("billing"), text);
        requirePassed(root);
        assertThrows(IllegalArgumentException.class, () -> rule("nobody", null, RetentionPeriod.ofDays(1)));
        for (String changed : List.of(text.replace(" 90", " 91"), text.replace("number 5", "number 4"), "")) {
            Files.write(root.resolve("retention"), changed.getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(root).verdict());
            assertThrows(CorruptFileException.class, () -> RetentionRules.read(vault));
            try (Vault open = open()) {
                assertThrows(CorruptFileException.class, () -> open.applyRetention(List.of(ACME)));
            }
        }
        Files.writeString(root.resolve("retention"), text);
        requirePassed(root);
    }
}
