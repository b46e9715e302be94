package dev.evidencevault.shred;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.CopiedVault;
import dev.evidencevault.Shredding;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.campaign.Campaign;
import dev.evidencevault.cases.CaseOffice;
import dev.evidencevault.copy.CopiedHeads;
import dev.evidencevault.copy.CopyOptions;
import dev.evidencevault.copy.CopyRefusedException;
import dev.evidencevault.copy.CopyRun;
import dev.evidencevault.copy.CopyTombstones;
import dev.evidencevault.copy.FetchedCopy;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.papers.DestructionFiles;
import dev.evidencevault.place.DirectoryStore;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.IndexFile;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.shred.DestructionCertificate.Copy;
import dev.evidencevault.shred.DestructionCertificate.Outcome;
import dev.evidencevault.storage.FailingStorage;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Tombstone;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.DestructionVerifier;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies lose the keys as the vault does, and the certificate says what is so, of no other tenant, and can be verified. */
class DestructionCertificateTest {
    @TempDir
    private Path directory;

    private Path root;
    private Path copy;
    private CaseOffice office;
    private LogId logId;
    private ShredRequest request;

    @BeforeEach
    void makeVault() throws Exception {
        root = directory.resolve("vault");
        copy = Files.createDirectory(directory.resolve("copy"));
        office = new CaseOffice(root);
        Vault.open(root, SmallVault.SECRET, options()).close();
        logId = unlocked().tenants().get("acme");
        run();
        ShredDesk desk = new ShredDesk(unlocked(), new LocalStorage(), office.clock);
        request = desk.approve(
                desk.request("acme", "contract 17 ended", office.now() + CaseOffice.DAY, office.signer("hayashi")),
                office.signer("sato"));
    }

    private VaultOptions options() {
        return SmallVault.options().withClock(office.clock);
    }

    private UnlockedVault unlocked() throws Exception {
        return UnlockedVault.unlock(root, SmallVault.SECRET);
    }

    private void run() throws Exception {
        new CopyRun(unlocked(), new DirectoryStore(copy), CopyOptions.logs(), office.clock).run();
    }

    private Tombstone destroy() throws Exception {
        return Shredding.destroy(root, SmallVault.SECRET, options(), request);
    }

    private Path certify(List<Copy> copies) throws Exception {
        Tombstone tombstone = destroy();
        UnlockedVault after = unlocked();
        DestructionCertificate made = DestructionCertificate.make(after, request, copies, office.clock);
        Path out = directory.resolve("certificate");
        Digest digest = DestructionFiles.write(after, request, made, out);
        Shredding.record(root, SmallVault.SECRET, options(), tombstone, digest);
        return out;
    }

    private Verdict verify(Path certificate) throws Exception {
        Verdict bare = new DestructionVerifier(root).verify(certificate).verdict();
        Verdict keyed = new DestructionVerifier(unlocked()).verify(certificate).verdict();
        assertEquals(bare, keyed);
        return bare;
    }

    private static VerificationReport verified(Path vault) throws Exception {
        VerificationReport report =
                new VaultVerifier(null, null).verify(UnlockedVault.unlock(vault, SmallVault.SECRET));
        VerificationReport without = new VaultVerifier(null, null).verify(vault);
        assertEquals(report.verdict(), without.verdict(), without.findings().toString());
        return report;
    }

    @Test
    void aRunTakesTheKeysOutOfACopy() throws Exception {
        Path old = directory.resolve("old");
        CopiedVault.copy(copy, old);
        assertTrue(fetchedCount(old, "acme") > 0);
        destroy();
        assertTrue(Files.exists(copy.resolve("keys/" + logId + ".json")));
        run();
        assertFalse(Files.exists(copy.resolve("keys/" + logId + ".json")));
        assertTrue(Files.exists(copy.resolve("tombstones/" + logId + ".note")));
        for (Path name : Layout.list(copy.resolve("names"))) {
            assertFalse(Files.readString(name).contains(logId.toString()));
        }
        VerificationReport report = verified(copy);
        assertEquals(Verdict.PASSED, report.verdict(), report.findings().toString());
        assertThrows(CopyRefusedException.class, () -> fetchedCount(copy, "acme"));
        assertTrue(fetchedCount(copy, SmallVault.OTHER_TENANT) > 0);
        assertEquals(
                List.of(SmallVault.OTHER_TENANT),
                List.copyOf(VaultReader.open(copy, SmallVault.SECRET).tenants()));
        assertEquals(
                List.of(SmallVault.OTHER_TENANT),
                List.copyOf(CopiedHeads.read(new DirectoryStore(copy), SmallVault.SECRET)
                        .tenants()
                        .keySet()));
        assertEquals(
                List.of(SmallVault.OTHER_TENANT),
                List.copyOf(CopiedHeads.read(unlocked()).tenants().keySet()));
        assertEquals(
                0,
                new CopyRun(unlocked(), new DirectoryStore(copy), CopyOptions.logs(), office.clock)
                        .run()
                        .objects());

        // Keys that come back there, with the name, are refused, and gone after the next run.
        Files.copy(old.resolve("keys/" + logId + ".json"), copy.resolve("keys/" + logId + ".json"));
        for (Path name : Layout.list(old.resolve("names"))) {
            Path there = copy.resolve("names").resolve(String.valueOf(name.getFileName()));
            if (!Files.exists(there)) {
                Files.copy(name, there);
            }
        }
        assertThrows(CopyRefusedException.class, () -> fetchedCount(copy, "acme"));
        assertTrue(VaultReader.open(copy, SmallVault.SECRET).tenant("acme").isEmpty());
        assertEquals(Verdict.INDETERMINATE, verified(copy).verdict());
        assertEquals(List.of(logId), CopyTombstones.bring(unlocked(), new DirectoryStore(copy)));
        assertEquals(Verdict.PASSED, verified(copy).verdict());
    }

    private static long fetchedCount(Path from, String tenant) throws Exception {
        try (FetchedCopy fetched = FetchedCopy.tenant(new DirectoryStore(from), SmallVault.SECRET, tenant)) {
            return VaultReader.open(fetched.directory(), SmallVault.SECRET)
                    .tenant(tenant)
                    .orElseThrow()
                    .eventCount();
        }
    }

    /** Whichever step of it is the last, the next run leaves neither keys nor what said whose they were. */
    @Test
    void whatIsCutShortInACopyIsDoneByTheNextRun() throws Exception {
        destroy();
        Path old = directory.resolve("old");
        CopiedVault.copy(copy, old);
        boolean whole = false;
        for (int at = 0; !whole; at++) {
            Campaign.remove(copy);
            CopiedVault.copy(old, copy);
            FailingStorage storage = new FailingStorage(at, FailingStorage.Failure.values()[0]);
            try {
                CopyTombstones.bring(unlocked(), new DirectoryStore(copy, storage));
                whole = true;
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("made to fail"), at + ": " + e);
            }
            // The keys themselves can be what a killed run was writing.
            Files.write(copy.resolve("keys/0123456789abcdef.tmp"), new byte[100]);
            run();
            for (Path name : Layout.list(copy.resolve("names"))) {
                assertFalse(Files.readString(name).contains(logId.toString()), at + ": " + name);
            }
            assertTrue(
                    Layout.list(copy.resolve("keys")).stream()
                            .noneMatch(file -> file.toString().contains(logId.toString())
                                    || file.toString().endsWith(".tmp")),
                    "step " + at);
            assertEquals(Verdict.PASSED, verified(copy).verdict(), "step " + at);
        }
    }

    @Test
    void tombstonesAreBroughtToCopiesOfThisVaultOnly() throws Exception {
        destroy();
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThrows(CopyRefusedException.class, () -> CopyTombstones.bring(unlocked(), new DirectoryStore(empty)));
        Path configuration = Files.createDirectory(directory.resolve("configuration"));
        new CopyRun(unlocked(), new DirectoryStore(configuration), CopyOptions.configuration(), office.clock).run();
        assertThrows(
                CopyRefusedException.class, () -> CopyTombstones.bring(unlocked(), new DirectoryStore(configuration)));
        Map<String, byte[]> before = SmallVault.contents(copy);
        CopyTombstones.bring(unlocked(), new DirectoryStore(copy));
        Map<String, byte[]> after = SmallVault.contents(copy);
        List<String> gone = new ArrayList<>(before.keySet());
        gone.removeAll(after.keySet());
        assertEquals(2, gone.size(), gone.toString());
        assertEquals("keys/" + logId + ".json", gone.get(0));
        assertTrue(gone.get(1).startsWith("names/"));
    }

    /** Every key that the vault has left, on every file of the log that vault and copies have left. */
    @Test
    void noKeyThatIsLeftOpensAnything() throws Exception {
        TenantKeys before = unlocked().keys(unlocked().layout().tenant(logId));
        assertTrue(opened(unlocked().layout().tenant(logId), before) > 0, "what is tried is what opens");
        certify(List.of());
        run();
        UnlockedVault after = unlocked();
        for (UnlockedVault each : List.of(after, UnlockedVault.unlock(copy, SmallVault.SECRET))) {
            for (LogDirectory other : after.directories().values()) {
                assertEquals(0, opened(each.layout().tenant(logId), after.keys(other)));
            }
        }
        assertTrue(KeyTrial.run(after, logId).passed());
        assertTrue(KeyTrial.run(after, logId).segments() >= 3);
        // The trial finds what is there: the other tenant's log, whose keys are.
        KeyTrial found = KeyTrial.run(after, after.tenants().get(SmallVault.OTHER_TENANT));
        assertFalse(found.passed());
        assertEquals(found.segments(), found.opened());
    }

    private static int opened(LogDirectory log, TenantKeys keys) throws IOException {
        int opened = 0;
        for (long number : Layout.numbers(log.segments(), Layout.SEGMENT_SUFFIX)) {
            try (SegmentFile file = new SegmentFile(log.segment(number))) {
                for (SegmentFile.BlockRef block : file.blocks()) {
                    if (block.records()) {
                        new SegmentContent(file, keys).records(block);
                        opened++;
                    }
                }
                IndexFile.open(log.index(number), file.logId(), number, keys);
                opened++;
            } catch (CorruptFileException | NoSuchFileException e) {
                // As it has to be.
            }
        }
        return opened;
    }

    @Test
    void theCertificateCanBeVerifiedAndNamesNobodyElse() throws Exception {
        Path certificate =
                certify(List.of(new Copy("tokyo", Outcome.DESTROYED), new Copy("osaka", Outcome.NOT_REACHED)));
        assertEquals(Verdict.PASSED, verify(certificate));
        for (Map.Entry<String, byte[]> file : SmallVault.contents(certificate).entrySet()) {
            String text = new String(file.getValue(), StandardCharsets.UTF_8);
            assertFalse(text.contains(SmallVault.OTHER_TENANT), file.getKey());
            assertFalse(
                    text.contains(
                            unlocked().tenants().get(SmallVault.OTHER_TENANT).toString()),
                    file.getKey());
        }
        String page = Files.readString(certificate.resolve("certificate.md"));
        assertTrue(
                page.contains("H. Hayashi") && page.contains("K. Sato") && page.contains("osaka | not reached"), page);
        String japanese = Files.readString(certificate.resolve("certificate.ja.md"));
        assertTrue(japanese.contains("破棄証明書") && japanese.contains("osaka | 到達できず"), japanese);
        assertFalse((page + japanese).matches("(?s).*\\{[A-Za-z0-9]+\\}.*"), "all names have values");

        // A second one, after the persons left: it is as good, and the first one stays good.
        office.desk.endPerson("sato", "left");
        office.desk.endPerson("hayashi", "left");
        Vault.open(root, SmallVault.SECRET, options()).close();
        DestructionCertificate again = DestructionCertificate.make(unlocked(), request, List.of(), office.clock);
        assertEquals("K. Sato", again.approver().name());
        Path second = directory.resolve("second");
        DestructionFiles.write(unlocked(), request, again, second);
        assertEquals(
                Verdict.PASSED, new DestructionVerifier(root).verify(second).verdict());
        assertEquals(
                Verdict.INDETERMINATE,
                new DestructionVerifier(unlocked()).verify(second).verdict(),
                "the log does not tell of it");
        Vault.succeedSigningKeys(root, SmallVault.SECRET, options(), "a test");
        assertEquals(Verdict.PASSED, verify(certificate));
    }

    @Test
    void anyChangeOfACertificateIsFound() throws Exception {
        Path certificate = certify(List.of());
        for (Map.Entry<String, byte[]> file : SmallVault.contents(certificate).entrySet()) {
            Path path = certificate.resolve(file.getKey());
            byte[] good = file.getValue();
            for (int at : new int[] {0, good.length / 3, good.length / 2, good.length - 2}) {
                byte[] bad = good.clone();
                bad[at] ^= 1;
                Files.write(path, bad);
                assertEquals(Verdict.FAILED, verify(certificate), file.getKey() + " at " + at);
            }
            Files.delete(path);
            assertEquals(Verdict.FAILED, verify(certificate), file.getKey());
            Files.write(path, good);
        }
        assertEquals(Verdict.PASSED, verify(certificate));
        Path other = directory.resolve("other");
        new CaseOffice(other);
        assertEquals(
                Verdict.FAILED,
                new DestructionVerifier(other).verify(certificate).verdict());
        Files.delete(unlocked().layout().tenant(logId).tombstone());
        assertEquals(
                Verdict.FAILED,
                new DestructionVerifier(root).verify(certificate).verdict());
    }
}
