package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.access.AccessReport;
import dev.evidencevault.cases.Case;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.cases.CaseState;
import dev.evidencevault.cases.RecordedSteps;
import dev.evidencevault.cases.Role;
import dev.evidencevault.cases.StepBody;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.keys.KeyInventory;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.shred.ShredDesk;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.shred.ShredRefusedException;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.DestroyedLogException;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLockedException;
import dev.evidencevault.verify.DepositVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tenant's keys are destroyed when two persons want it and no hold forbids it; nothing of another tenant changes. */
class ShreddingTest {
    @TempDir
    private Path directory;

    private Path root;
    private CaseOffice office;

    @BeforeEach
    void makeVault() throws Exception {
        root = directory.resolve("vault");
        office = new CaseOffice(root);
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            for (String tenant : List.of("acme", SmallVault.OTHER_TENANT)) {
                vault.tenant(tenant)
                        .backups()
                        .put(
                                new ByteArrayInputStream(tenant.getBytes(StandardCharsets.UTF_8)),
                                Deposit.of("dump", "billing"),
                                TenantBackups.PutOptions.defaults());
            }
        }
    }

    private VaultOptions options() {
        return SmallVault.options().withClock(office.clock);
    }

    private UnlockedVault unlocked() throws Exception {
        return UnlockedVault.unlock(root, SmallVault.SECRET);
    }

    private ShredDesk desk() throws Exception {
        return new ShredDesk(unlocked(), new LocalStorage(), office.clock);
    }

    private ShredRequest requested() throws Exception {
        return desk().request("acme", "contract 17 ended", office.now() + CaseOffice.DAY, office.signer("hayashi"));
    }

    private ShredRequest approved() throws Exception {
        return desk().approve(requested(), office.signer("sato"));
    }

    private Tombstone destroy(ShredRequest request) throws Exception {
        return Shredding.destroy(root, SmallVault.SECRET, options(), request);
    }

    private LogDirectory log(LogId logId) throws Exception {
        return unlocked().layout().tenant(logId);
    }

    private static void requirePassed(Path vault) throws Exception {
        VerificationReport without = new VaultVerifier(null, null).verify(vault);
        assertEquals(Verdict.PASSED, without.verdict(), without.findings().toString());
        VerificationReport with = new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, with.verdict(), with.findings().toString());
        assertEquals(Verdict.PASSED, new DepositVerifier(vault).verify().verdict());
    }

    private static boolean tells(VerificationReport report, String text) {
        return report.findings().stream().anyMatch(finding -> finding.reason().contains(text));
    }

    private String refused(ShredRequest request) {
        Map<String, byte[]> before = contents();
        ShredRefusedException e = assertThrows(ShredRefusedException.class, () -> destroy(request));
        assertEquals(before.keySet(), contents().keySet());
        return String.valueOf(e.getMessage());
    }

    private Map<String, byte[]> contents() {
        try {
            return SmallVault.contents(root);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theKeysAreGoneAndTheProofsStay() throws Exception {
        LogId logId = unlocked().tenants().get("acme");
        LogId otherId = unlocked().tenants().get(SmallVault.OTHER_TENANT);
        Map<String, byte[]> before = SmallVault.contents(root);
        ShredRequest request = approved();
        Tombstone tombstone = destroy(request);
        requirePassed(root);
        assertTrue(tells(new VaultVerifier(null, null).verify(root), "the keys of this log were destroyed"));

        Map<String, byte[]> after = SmallVault.contents(root);
        for (Map.Entry<String, byte[]> file : before.entrySet()) {
            if (file.getKey().startsWith("tenants/" + otherId)
                    || file.getKey().startsWith("cases/") && !file.getKey().equals("cases/lock")) {
                assertArrayEquals(file.getValue(), after.get(file.getKey()), file.getKey());
            }
            if (file.getKey().startsWith("tenants/" + logId + "/log/")) {
                assertArrayEquals(file.getValue(), after.get(file.getKey()), file.getKey());
            }
        }
        List<String> left = after.keySet().stream()
                .filter(name -> name.startsWith("tenants/" + logId) && !name.contains("/log/"))
                .map(name -> name.substring(("tenants/" + logId).length()))
                .toList();
        assertEquals(List.of("/backups/lock", "/tombstone.note"), left);
        assertEquals(Digest.sha256(before.get("tenants/" + logId + "/keys.json")), tombstone.keys());
        assertEquals(request.digest(), tombstone.request());

        assertEquals(Map.of(logId, tombstone), unlocked().destroyed());
        assertEquals(
                List.of(SmallVault.OTHER_TENANT),
                List.copyOf(SmallVault.open(root).tenants()));
        assertTrue(KeyInventory.read(unlocked()).logs().stream()
                .noneMatch(log -> log.logId().equals(logId)));
        assertThrows(DestroyedLogException.class, () -> unlocked().keys(log(logId)));
        ShredRecord.Begun told = (ShredRecord.Begun)
                ShredRecord.read(unlocked(), Long.MIN_VALUE).get(0).value();
        assertEquals("acme", told.tenant());
        assertEquals("hayashi", told.requestedBy());
        assertEquals("sato", told.approvedBy());
        assertEquals("contract 17 ended", told.reason());
        assertEquals(3, told.keys().deposits(), "a pack, an item, and that it is recorded");
    }

    @Test
    void whatWasOpenBeforeSaysThatTheKeysAreGone() throws Exception {
        TenantReader reader = SmallVault.open(root).tenant("acme").orElseThrow();
        TenantBackups backups = reader.backups();
        destroy(approved());
        assertThrows(DestroyedLogException.class, () -> reader.events(record -> true));
        assertThrows(DestroyedLogException.class, reader::eventCount);
        assertThrows(DestroyedLogException.class, backups::catalogue);
        assertThrows(
                DestroyedLogException.class,
                () -> backups.put(
                        new ByteArrayInputStream(new byte[1]),
                        Deposit.of("late", "billing"),
                        TenantBackups.PutOptions.defaults()));
        requirePassed(root);
    }

    @Test
    void theVaultGoesOnAndTheNameCanBeGivenAnew() throws Exception {
        Case closed = office.reachFrom(office.open(), CaseState.CLOSED);
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            vault.recordCases();
        }
        destroy(approved());
        LogId old = unlocked().destroyed().firstKey();
        office.clock.move(Duration.ofDays(1));
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            assertFalse(vault.tenants().contains("acme"));
            vault.tenant(SmallVault.OTHER_TENANT)
                    .appendAndWait(Event.of("sample.ship").build());
            vault.rotateKeys(vault.tenants(), "a test");
            vault.tenant("acme").appendAndWait(Event.of("first").id("new-1").build());
            vault.recordCases();
        }
        requirePassed(root);
        TenantReader acme = SmallVault.open(root).tenant("acme").orElseThrow();
        assertFalse(acme.logId().equals(old));
        List<String> ids = new ArrayList<>();
        acme.events(record -> ids.add(record.id()));
        assertEquals(List.of("new-1"), ids);
        assertTrue(
                RecordedSteps.read(acme.directory(), acme.keys(), Long.MIN_VALUE)
                        .isEmpty(),
                "case " + closed.id() + " was about the tenant that had the name before");
        office.clock.move(Duration.ofDays(1));
        CaseOffice now = office.reopened();
        now.clock.move(Duration.ofDays(2));
        assertEquals(
                List.of(),
                AccessReport.of(now.unlocked, now.desk, "acme", Long.MIN_VALUE, Long.MAX_VALUE, false)
                        .entries());
        Case about = now.desk.open(now.signer("mori"), now.opening("418"));
        assertEquals(
                List.of(about.id()),
                AccessReport.of(now.unlocked, now.desk, "acme", Long.MIN_VALUE, Long.MAX_VALUE, false)
                        .entries()
                        .stream()
                        .map(AccessReport.Entry::caseId)
                        .toList());
        Vault.open(root, SmallVault.SECRET, options()).close();
        Vault.succeedSigningKeys(root, SmallVault.SECRET, options(), "a test");
        requirePassed(root);
    }

    /** Counts of records that retention destroyed are of the same tenant. */
    @Test
    void countsOfRecordsThatWereDestroyedBeforeGoAsWell() throws Exception {
        LogDirectory log = unlocked().layout().tenant(unlocked().tenants().get("acme"));
        for (Path file : List.of(log.counts(1), log.path().resolve("00000002.evn.tmp"))) {
            Files.write(file, new byte[100]);
        }
        destroy(approved());
        assertEquals(
                List.of(),
                Layout.list(log.path()).stream()
                        .filter(file -> file.toString().contains(Layout.COUNTS_SUFFIX))
                        .toList());
        requirePassed(root);
    }

    @Test
    void doneTwiceItIsDoneOnce() throws Exception {
        ShredRequest request = approved();
        Tombstone first = destroy(request);
        assertEquals(first, destroy(request));
        assertEquals(1, ShredRecord.read(unlocked(), Long.MIN_VALUE).size());
        ShredRequest other = desk().approve(
                        desk().request(
                                        SmallVault.OTHER_TENANT,
                                        "contract 18 ended",
                                        office.now() + CaseOffice.DAY,
                                        office.signer("hayashi")),
                        office.signer("abe"));
        destroy(other);
        requirePassed(root);
        assertEquals(2, unlocked().destroyed().size());
        assertTrue(unlocked().tenants().isEmpty());
    }

    @Test
    void aHoldKeepsTheKeysWheneverItComes() throws Exception {
        ShredRequest request = approved();
        Case held = office.step(
                office.open(),
                "mori",
                new StepBody.HoldPlaced(
                        office.now(), office.now() + 30 * CaseOffice.DAY, false, "preservation request"));
        assertTrue(refused(request).contains("preservation request"));
        ShredRefusedException e = assertThrows(ShredRefusedException.class, this::requested);
        assertTrue(String.valueOf(e.getMessage()).contains("case " + held.id()), e.getMessage());
        // Also between the record and the tombstone: the same question is asked there.
        assertThrows(ShredRefusedException.class, () -> desk().commit(request));
        Vault.open(root, SmallVault.SECRET, options()).close();
        requirePassed(root);
        office.clock.move(Duration.ofDays(31));
        ShredRefusedException open = assertThrows(ShredRefusedException.class, this::requested);
        assertTrue(String.valueOf(open.getMessage()).contains("close it first"), open.getMessage());
    }

    @Test
    void twoPersonsOfTheRegisterHaveToWantIt() throws Exception {
        ShredRequest request = requested();
        assertTrue(refused(request).contains("nobody has approved"));
        for (Map.Entry<String, String> wrong : Map.of(
                        "hayashi", "asks for it and cannot approve",
                        "mori", "has not the role approver",
                        "nobody", "nobody is registered")
                .entrySet()) {
            ShredRefusedException e = assertThrows(
                    ShredRefusedException.class, () -> desk().approve(request, office.signer(wrong.getKey())));
            assertTrue(String.valueOf(e.getMessage()).contains(wrong.getValue()), e.getMessage());
        }
        assertThrows(
                ShredRefusedException.class,
                () -> desk().request("acme", "x", office.now() + CaseOffice.DAY, office.signer("nobody")));
        assertThrows(
                ShredRefusedException.class,
                () -> desk().request("no such", "x", office.now() + CaseOffice.DAY, office.signer("mori")));
        assertThrows(
                IllegalArgumentException.class,
                () -> desk().request("acme", "x", office.now() + 31 * CaseOffice.DAY, office.signer("mori")));

        ShredRequest approved = desk().approve(request, office.signer("sato"));
        String changed = new String(approved.format(), StandardCharsets.UTF_8).replace("contract 17", "contract 18");
        assertTrue(refused(ShredRequest.parse(changed.getBytes(StandardCharsets.UTF_8)))
                .contains("the text was changed"));
        office.desk.endPerson("sato", "left");
        assertTrue(refused(approved).contains("nobody is registered as \"sato\" any more"));
        office.register("sato2", "K. Sato the Second", Role.APPROVER);
        office.desk.endPerson("hayashi", "left");
        assertThrows(ShredRefusedException.class, () -> desk().approve(request, office.signer("sato2")));
    }

    @Test
    void aRequestIsForAWhileAndForTheLogThatWasSeen() throws Exception {
        ShredRequest request = approved();
        office.clock.move(Duration.ofHours(25));
        assertTrue(refused(request).contains("expired"));
        ShredRequest second = approved();
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            vault.tenant("acme").appendAndWait(Event.of("later").build());
        }
        desk().require(second);
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            vault.rotateKeys(List.of("acme"), "a test");
        }
        assertTrue(refused(second).contains("other keys"));
        Path other = directory.resolve("other");
        CaseOffice elsewhere = new CaseOffice(other);
        ShredRequest foreign = new ShredDesk(elsewhere.unlocked, new LocalStorage(), office.clock)
                .request("acme", "x", office.now() + CaseOffice.DAY, elsewhere.signer("hayashi"));
        assertTrue(refused(foreign).contains("is for vault"));
    }

    @Test
    void aVaultThatIsWrittenIsLeftAlone() throws Exception {
        ShredRequest request = approved();
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            assertThrows(VaultLockedException.class, () -> destroy(request));
            vault.tenant("acme").appendAndWait(Event.of("still.there").build());
        }
        destroy(request);
        requirePassed(root);
    }

    /** Keys that come back, from a backup of files, open nothing, and go when the vault is written next. */
    @Test
    void keysThatComeBackAreRefusedAndDeleted() throws Exception {
        LogId logId = unlocked().tenants().get("acme");
        Path old = directory.resolve("old");
        CopiedVault.copy(root, old);
        destroy(approved());
        LogDirectory log = log(logId);
        Path kept = old.resolve("tenants").resolve(logId.toString());
        Files.copy(kept.resolve("keys.json"), log.keys());
        for (Path index : Layout.list(kept.resolve("index"))) {
            Files.copy(index, log.indexes().resolve(String.valueOf(index.getFileName())));
        }
        assertTrue(SmallVault.open(root).tenant("acme").isEmpty());
        assertThrows(DestroyedLogException.class, () -> unlocked().keys(log));
        VerificationReport report = new VaultVerifier(null, null).verify(root);
        assertEquals(Verdict.INDETERMINATE, report.verdict(), report.toString());
        assertTrue(tells(report, "are there, or there again"));
        Vault.open(root, SmallVault.SECRET, options()).close();
        assertFalse(Files.exists(log.keys()));
        requirePassed(root);

        // Without the tombstone, the vault's own log still tells.
        Shredding.record(
                root,
                SmallVault.SECRET,
                options(),
                unlocked().destroyed().get(logId),
                CaseOffice.digest("certificate"));
        requirePassed(root);
        Files.copy(kept.resolve("keys.json"), log.keys());
        Files.delete(log.tombstone());
        VerificationReport undone = new VaultVerifier(null, null).verify(unlocked());
        assertEquals(Verdict.FAILED, undone.verdict());
        assertTrue(tells(undone, "its tombstone is not there any more"), undone.toString());
    }

    @Test
    void aTombstoneThatNobodySignedDestroysNothing() throws Exception {
        LogId logId = unlocked().tenants().get("acme");
        LogId otherId = unlocked().tenants().get(SmallVault.OTHER_TENANT);
        Path kept = directory.resolve("kept");
        CopiedVault.copy(root, kept);
        destroy(approved());
        byte[] good = Files.readAllBytes(log(logId).tombstone());
        LogDirectory other = log(otherId);
        for (byte[] bad : List.of(
                good,
                new byte[0],
                new String(good, StandardCharsets.UTF_8)
                        .replace(logId.toString(), otherId.toString())
                        .getBytes(StandardCharsets.UTF_8))) {
            Files.write(other.tombstone(), bad);
            assertThrows(CorruptFileException.class, () -> unlocked().tenants());
            assertThrows(
                    CorruptFileException.class,
                    () -> Vault.open(root, SmallVault.SECRET, options()).close());
            assertEquals(
                    Verdict.FAILED, new VaultVerifier(null, null).verify(root).verdict());
            assertTrue(Files.exists(other.keys()));
        }
        Files.delete(other.tombstone());
        requirePassed(root);
        // The vault's own tombstone, but not of a request that its log tells of.
        Tombstone planted = new Tombstone(
                office.unlocked.settings().vaultId(),
                logId,
                office.now(),
                0,
                Digest.sha256(),
                Digest.sha256(),
                Digest.sha256());
        Files.write(
                UnlockedVault.unlock(kept, SmallVault.SECRET)
                        .layout()
                        .tenant(logId)
                        .tombstone(),
                planted.sign(unlocked().checkpointSigner()));
        VerificationReport report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(kept, SmallVault.SECRET));
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(tells(report, "the log had 0 leaves"), report.toString());
        assertTrue(tells(report, "does not tell of the request"), report.toString());
    }

    /** An old journal that holds frames of the log: they open nothing any more, and recovery passes over them. */
    @Test
    void aJournalThatComesBackIsPassedOver() throws Exception {
        ShredRequest request = approved();
        Path killed = directory.resolve("killed");
        try (Vault vault = Vault.open(root, SmallVault.SECRET, options())) {
            vault.tenant("acme").appendAndWait(Event.of("late").build());
            CopiedVault.copy(root, killed);
        }
        destroy(request);
        for (Path file : Layout.list(killed.resolve("journal"))) {
            Files.copy(file, root.resolve("journal").resolve(String.valueOf(file.getFileName())));
        }
        Vault.open(root, SmallVault.SECRET, options()).close();
        assertTrue(Layout.list(root.resolve("journal")).isEmpty());
        requirePassed(root);
    }

    @Test
    void anotherSecretAndPostQuantumKeysDoNotMatter() throws Exception {
        Tombstone tombstone = destroy(approved());
        byte[] file = Files.readAllBytes(log(tombstone.logId()).tombstone());
        assertEquals(2, SignedNote.parse(file).signatures().size());
        VaultSecret next = VaultSecret.passphrase("another");
        Vault.changeSecret(root, SmallVault.SECRET, next, options());
        assertThrows(WrongKeyException.class, () -> UnlockedVault.unlock(root, SmallVault.SECRET));
        assertEquals(
                Verdict.PASSED,
                new VaultVerifier(null, null)
                        .verify(UnlockedVault.unlock(root, next))
                        .verdict());
        assertEquals(
                List.of(SmallVault.OTHER_TENANT),
                List.copyOf(VaultReader.open(root, next).tenants()));
    }
}
