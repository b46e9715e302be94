package dev.evidencevault.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.deposit.Deposit;
import dev.evidencevault.deposit.DepositKind;
import dev.evidencevault.deposit.DepositProgress;
import dev.evidencevault.deposit.Item;
import dev.evidencevault.deposit.RestoredSet;
import dev.evidencevault.deposit.TenantBackups;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.storage.CopyIsReadOnlyException;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.verify.DepositVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was deposited comes back from a copy that lies elsewhere. */
class CopiedBackupsTest {
    private static final int LARGE = 9 << 20;
    private static final int SMALL = 5_000;

    @TempDir
    Path directory;

    private Path vault;
    private Path data;
    private final MemoryStore store = new MemoryStore();
    private final MemoryStore configuration = new MemoryStore();

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        SmallVault.write(vault);
        data = Files.createDirectory(directory.resolve("data"));
        Files.write(data.resolve("a-large"), bytes(1, LARGE));
        Files.write(data.resolve("z-small"), bytes(2, SMALL));
        try (Vault open = Vault.open(vault, SmallVault.SECRET, SmallVault.options())) {
            put(open.tenant("acme").backups(), "first", 100_000);
            open.tenant("acme").backups().put(data, Deposit.of("second", "files"), PutOptions.defaults());
            put(open.tenant(SmallVault.OTHER_TENANT).backups(), "foreign", 100_000);
            put(open.serviceBackups(), "nginx.conf", 10_000);
        }
        new CopyRun(unlocked(vault), store, CopyOptions.logs(), Clock.systemUTC()).run();
        new CopyRun(unlocked(vault), configuration, CopyOptions.configuration(), Clock.systemUTC()).run();
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void put(TenantBackups backups, String name, int length) throws IOException {
        backups.put(
                new ByteArrayInputStream(bytes(name.hashCode(), length)),
                Deposit.of(name, "files"),
                PutOptions.defaults());
    }

    private static UnlockedVault unlocked(Path at) throws Exception {
        return UnlockedVault.unlock(at, SmallVault.SECRET);
    }

    private LogId log(String tenant) throws Exception {
        return unlocked(vault).tenants().get(tenant);
    }

    private List<Path> left(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> !List.of(vault, data).contains(file)).toList();
        }
    }

    @Test
    void itemsAreListedAndRestored() throws Exception {
        try (CopiedBackups copied = CopiedBackups.open(store, SmallVault.SECRET, "acme")) {
            TenantBackups backups = copied.backups();
            List<Item> items = backups.catalogue().items();
            assertEquals(
                    List.of("first", "second"), items.stream().map(Item::name).toList());
            assertTrue(items.stream().allMatch(backups::isRecorded));
            Path out = directory.resolve("out");
            RestoredSet restored = RestoredSet.restore(backups, items, out, DepositProgress.NONE);
            assertEquals(List.of(), restored.broken());
            assertArrayEquals(bytes("first".hashCode(), 100_000), Files.readAllBytes(out.resolve("files/first")));
            assertArrayEquals(bytes(1, LARGE), Files.readAllBytes(out.resolve("files/second/a-large")));
            assertArrayEquals(bytes(2, SMALL), Files.readAllBytes(out.resolve("files/second/z-small")));
            assertEquals(List.of(), backups.checkPacks(DepositProgress.NONE));
        }
        try (CopiedBackups copied = CopiedBackups.open(configuration, SmallVault.SECRET, null)) {
            assertEquals(DepositKind.SERVICE, copied.backups().kind());
            Path out = directory.resolve("nginx.conf");
            copied.backups().restore(copied.backups().catalogue().item(1).orElseThrow(), out, DepositProgress.NONE);
            assertArrayEquals(bytes("nginx.conf".hashCode(), 10_000), Files.readAllBytes(out));
        }
    }

    @Test
    void nothingIsAskedForButWhatIsNeeded() throws Exception {
        store.asked.clear();
        store.given = 0;
        Path fetched;
        try (CopiedBackups copied = CopiedBackups.open(store, SmallVault.SECRET, "acme")) {
            TenantBackups backups = copied.backups();
            assertTrue(store.asked.stream().noneMatch(asked -> asked.endsWith(".evb") || asked.endsWith(".evs")));
            assertTrue(store.given < SMALL * 10, "the list alone took " + store.given + " bytes");
            store.given = 0;
            Path out = directory.resolve("out");
            backups.restore(backups.catalogue().item(2).orElseThrow(), "z-small", out, DepositProgress.NONE);
            assertArrayEquals(bytes(2, SMALL), Files.readAllBytes(out));
            // The chunk that the file is in, and the pack's directory, twice.
            assertTrue(store.given < LARGE * 2 / 3, "a small file took " + store.given + " bytes");
            fetched = unlockedDirectory(copied);
        }
        assertFalse(Files.exists(fetched));
        String other = log(SmallVault.OTHER_TENANT).toString();
        String own = log("acme").toString();
        for (String asked : store.asked) {
            assertFalse(asked.contains(other), asked);
            assertFalse(asked.equals("list ") || asked.equals("list tenants/"), asked);
            assertFalse(asked.contains("/log/"), asked);
        }
        assertTrue(store.asked.contains("get tenants/" + own + "/backups/00000001.evi"));
    }

    /** Where the list was fetched to, as a message about an item there says it. */
    private static Path unlockedDirectory(CopiedBackups copied) throws IOException {
        CorruptFileException missing =
                assertThrows(CorruptFileException.class, () -> copied.backups().record(9));
        return Path.of(missing.file()).getParent();
    }

    @Test
    void nothingHalfIsLeftWhereverTheConnectionIsLost() throws Exception {
        int gets = 0;
        boolean failed = true;
        while (failed) {
            store.getsLeft = gets++;
            failed = false;
            try (CopiedBackups copied = CopiedBackups.open(store, SmallVault.SECRET, "acme")) {
                RestoredSet restored = RestoredSet.restore(
                        copied.backups(),
                        copied.backups().catalogue().items(),
                        directory.resolve("out"),
                        DepositProgress.NONE);
                assertEquals(List.of(), restored.broken(), "a lost connection is no damage");
            } catch (CorruptFileException e) {
                throw new AssertionError("a lost connection is no damage", e);
            } catch (IOException e) {
                failed = true;
                assertEquals(List.of(), left(directory));
            }
        }
        assertTrue(gets > 20, "only " + gets + " requests");
        assertEquals(List.of(directory.resolve("out")), left(directory));
    }

    @Test
    void whatIsDamagedIsNamedAndTheRestComesBack() throws Exception {
        String pack = "tenants/" + log("acme") + "/backups/00000001.evb";
        byte[] good = store.objects.get(pack);
        byte[] bad = good.clone();
        bad[1000] ^= 1;
        store.objects.put(pack, bad);
        restoresTheSecondAlone("damaged");
        store.objects.remove(pack);
        restoresTheSecondAlone("missing");
        store.objects.put(pack, java.util.Arrays.copyOf(good, good.length / 2));
        restoresTheSecondAlone("cut");
        store.objects.put(pack, good);
        String item = "tenants/" + log("acme") + "/backups/00000001.evi";
        byte[] changed = store.objects.get(item).clone();
        changed[changed.length - 1] ^= 1;
        store.objects.put(item, changed);
        assertThrows(CorruptFileException.class, () -> CopiedBackups.open(store, SmallVault.SECRET, "acme"));
    }

    private void restoresTheSecondAlone(String name) throws Exception {
        try (CopiedBackups copied = CopiedBackups.open(store, SmallVault.SECRET, "acme")) {
            TenantBackups backups = copied.backups();
            RestoredSet restored = RestoredSet.restore(
                    backups, backups.catalogue().items(), directory.resolve(name), DepositProgress.NONE);
            assertEquals(
                    List.of("second"),
                    restored.restored().stream().map(Item::name).toList());
            assertEquals(1, restored.broken().size());
            assertEquals(1, backups.checkPacks(DepositProgress.NONE).size());
        }
    }

    @Test
    void allOfASetIsFetchedToVerifyIt() throws Exception {
        store.asked.clear();
        try (FetchedCopy fetched = FetchedCopy.deposits(store, SmallVault.SECRET, "acme")) {
            VerificationReport report =
                    new DepositVerifier(unlocked(fetched.directory()), DepositProgress.NONE).verify(log("acme"));
            assertEquals(
                    Verdict.PASSED, report.verdict(), () -> report.findings().toString());
        }
        String other = log(SmallVault.OTHER_TENANT).toString();
        assertTrue(store.asked.stream().noneMatch(asked -> asked.contains(other)));
        for (MemoryStore each : List.of(store, configuration)) {
            try (FetchedCopy fetched = FetchedCopy.whole(each)) {
                VerificationReport bare = new DepositVerifier(fetched.directory()).verify();
                assertEquals(
                        Verdict.PASSED, bare.verdict(), () -> bare.findings().toString());
                VerificationReport keyed =
                        new DepositVerifier(unlocked(fetched.directory()), DepositProgress.NONE).verify();
                assertEquals(
                        Verdict.PASSED, keyed.verdict(), () -> keyed.findings().toString());
            }
        }
        // The log tells of an item that the copy has no more.
        try (FetchedCopy fetched = FetchedCopy.whole(store)) {
            Files.delete(fetched.directory().resolve("tenants/" + log("acme") + "/backups/00000002.evi"));
            assertEquals(
                    Verdict.FAILED,
                    new DepositVerifier(fetched.directory()).verify().verdict());
        }
    }

    @Test
    void refusesWhatACopyDoesNotHave() throws Exception {
        assertThrows(CopyRefusedException.class, () -> CopiedBackups.open(store, SmallVault.SECRET, "nobody"));
        assertThrows(CopyRefusedException.class, () -> CopiedBackups.open(store, SmallVault.SECRET, null));
        assertThrows(CopyRefusedException.class, () -> CopiedBackups.open(configuration, SmallVault.SECRET, "acme"));
        store.objects.remove("keys/" + log("acme") + ".json");
        assertThrows(CopyRefusedException.class, () -> CopiedBackups.open(store, SmallVault.SECRET, "acme"));
    }

    @Test
    void nothingIsPutIntoACopy() throws Exception {
        Path laidOut = directory.resolve("laid-out");
        store.writeTo(laidOut);
        TenantBackups backups = VaultReader.open(laidOut, SmallVault.SECRET)
                .tenant("acme")
                .orElseThrow()
                .backups();
        assertThrows(CopyIsReadOnlyException.class, () -> put(backups, "third", 10));
        try (CopiedBackups copied = CopiedBackups.open(store, SmallVault.SECRET, "acme")) {
            assertThrows(CopyIsReadOnlyException.class, () -> put(copied.backups(), "third", 10));
        }
        assertEquals(2, backups.catalogue().items().size());
    }
}
