package dev.evidencevault.deposit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.deposit.TenantBackups.Put;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import dev.evidencevault.format.Change;
import dev.evidencevault.storage.UnlockedVault;
import dev.evidencevault.storage.VaultLock;
import dev.evidencevault.storage.VaultLockedException;
import dev.evidencevault.verify.VaultVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put comes back as it was, once for each tenant and for nobody else. */
class TenantBackupsTest {
    private static final PutOptions DEFAULTS = PutOptions.defaults();

    @TempDir
    private Path directory;

    private DepositedVault vault;

    @BeforeEach
    void makeVault() throws Exception {
        vault = new DepositedVault(directory.resolve("vault"));
    }

    private static Put put(TenantBackups backups, String name, byte[] content) throws IOException {
        return backups.put(new ByteArrayInputStream(content), Deposit.of(name, "files"), DEFAULTS);
    }

    private static byte[] read(TenantBackups backups, Item item) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        backups.copy(item, out, DepositProgress.NONE);
        return out.toByteArray();
    }

    private void record() throws Exception {
        Vault.open(vault.root, SmallVault.SECRET, SmallVault.options()).close();
    }

    private Path tree() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("data"));
        Files.write(tree.resolve("a.bin"), DepositedVault.random(1, 5 << 20));
        Files.write(tree.resolve("empty"), new byte[0]);
        Files.createDirectory(tree.resolve("b"));
        Files.createDirectory(tree.resolve("b/empty directory"));
        Files.write(tree.resolve("b/text"), DepositedVault.text(2, 100_000));
        Files.write(tree.resolve("b-before-slash"), new byte[] {7});
        Files.writeString(tree.resolve("b/日本語.txt"), "caf\u00e9");
        Files.createSymbolicLink(tree.resolve("b/link"), Path.of("../a.bin"));
        Files.createSymbolicLink(tree.resolve("outside"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(tree.resolve("to-directory"), Path.of("b"));
        Files.setPosixFilePermissions(tree.resolve("b/text"), PosixFilePermissions.fromString("r-x-w---x"));
        Files.setPosixFilePermissions(tree.resolve("b/empty directory"), PosixFilePermissions.fromString("r-x------"));
        Files.setLastModifiedTime(
                tree.resolve("b/text"), FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
        Files.setLastModifiedTime(tree.resolve("b"), FileTime.from(Instant.parse("1969-12-31T23:59:59Z")));
        return tree;
    }

    @Test
    void aDirectoryComesBackAsItWas() throws Exception {
        Path tree = tree();
        TenantBackups backups = vault.backups("acme");
        Put put = backups.put(tree, Deposit.of("data", "files"), DEFAULTS);
        assertEquals(Item.Type.DIRECTORY, put.item().type());
        assertEquals(11, put.item().entries());
        assertEquals(List.of(), put.changed());
        Path restored = directory.resolve("restored");
        backups.restore(put.item(), restored, DepositProgress.NONE);
        assertEquals(DepositedVault.tree(tree), DepositedVault.tree(restored));
        backups.check(put.item(), DepositProgress.NONE);
        record();
        VerificationReport report = vault.verifyWithKeys();
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }

    @Test
    void aPartOfADirectoryIsRestoredAlone() throws Exception {
        Path tree = tree();
        TenantBackups backups = vault.backups("acme");
        Item item = backups.put(tree, Deposit.of("data", "files"), DEFAULTS).item();
        backups.restore(item, "b/text", directory.resolve("text"), DepositProgress.NONE);
        assertArrayEquals(Files.readAllBytes(tree.resolve("b/text")), Files.readAllBytes(directory.resolve("text")));
        backups.restore(item, "b", directory.resolve("b"), DepositProgress.NONE);
        assertEquals(DepositedVault.tree(tree.resolve("b")), DepositedVault.tree(directory.resolve("b")));
        backups.restore(item, "outside", directory.resolve("outside"), DepositProgress.NONE);
        assertTrue(Files.isSymbolicLink(directory.resolve("outside")));
        assertThrows(
                java.nio.file.NoSuchFileException.class,
                () -> backups.restore(item, "../a.bin", directory.resolve("x"), DepositProgress.NONE));
        assertFalse(Files.exists(directory.resolve("x")));
    }

    @Test
    void filesAndStreamsOfAllLengthsComeBack() throws Exception {
        TenantBackups backups = vault.backups("acme");
        int[] lengths = {0, 1, 255 << 10, (256 << 10) + 1, 4 << 20, (9 << 20) + 13, 40 << 20};
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            contents.add(i % 2 == 0 ? DepositedVault.random(i, lengths[i]) : DepositedVault.text(i, lengths[i]));
            assertEquals(
                    Item.Type.STREAM,
                    put(backups, "stream " + i, contents.get(i)).item().type());
        }
        Catalogue catalogue = backups.catalogue();
        assertEquals(List.of(), catalogue.broken());
        for (int i = 0; i < lengths.length; i++) {
            Item item = catalogue.item(i + 1).orElseThrow();
            assertEquals("stream " + i, item.name());
            assertArrayEquals(contents.get(i), read(backups, item));
            Path file = directory.resolve("file-" + i);
            backups.restore(item, file, DepositProgress.NONE);
            assertArrayEquals(contents.get(i), Files.readAllBytes(file));
            assertThrows(FileAlreadyExistsException.class, () -> backups.restore(item, file, DepositProgress.NONE));
        }
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws Exception {
        TenantBackups backups = vault.backups("acme");
        byte[] content = DepositedVault.random(3, 24 << 20);
        assertEquals(content.length, put(backups, "a", content).newBytes());
        assertEquals(0, put(backups, "b", content).newBytes());
        byte[] changed = new byte[content.length + 1000];
        System.arraycopy(content, 0, changed, 0, 12 << 20);
        System.arraycopy(content, 12 << 20, changed, (12 << 20) + 1000, 12 << 20);
        Put put = put(backups, "c", changed);
        assertTrue(put.newBytes() < 2 * ChunkCutter.CHUNK_BYTES_MAX, "found " + put.newBytes());
        assertArrayEquals(changed, read(backups, put.item()));
        Put anew = backups.put(
                new ByteArrayInputStream(content),
                Deposit.of("d", "files"),
                new PutOptions(false, DepositProgress.NONE));
        assertEquals(content.length, anew.newBytes());
        assertArrayEquals(content, read(backups, anew.item()));
    }

    /** The same bytes in two tenants: no file, no part of a file, no id and no cut is the same. */
    @Test
    void twoTenantsWithTheSameFileHaveNothingInCommon() throws Exception {
        byte[] content = DepositedVault.text(4, 20 << 20);
        for (String tenant : List.of("acme", SmallVault.OTHER_TENANT)) {
            Put put = put(vault.backups(tenant), "same", content);
            assertEquals(content.length, put.newBytes(), "nothing is shared");
        }
        Depositor acme = vault.depositor("acme");
        Depositor other = vault.depositor(SmallVault.OTHER_TENANT);
        List<PackFile.Chunk> chunks = chunks(acme);
        List<PackFile.Chunk> others = chunks(other);
        for (PackFile.Chunk chunk : chunks) {
            assertTrue(others.stream().noneMatch(each -> each.id().equals(chunk.id())));
        }
        List<Integer> lengths = chunks.stream().map(PackFile.Chunk::plainBytes).toList();
        List<Integer> otherLengths =
                others.stream().map(PackFile.Chunk::plainBytes).toList();
        assertFalse(lengths.equals(otherLengths), "cut at the same places: " + lengths);
        byte[] pack = Files.readAllBytes(acme.directory().pack(1));
        byte[] otherPack = Files.readAllBytes(other.directory().pack(1));
        // Sixteen equal bytes at the same place beyond the headers would be no accident.
        int from = PackFormat.HEADER_BYTES;
        int equal = 0;
        for (int i = from; i < Math.min(pack.length, otherPack.length) - PackFormat.TRAILER_BYTES; i++) {
            equal = pack[i] == otherPack[i] ? equal + 1 : 0;
            assertTrue(equal < 16, "at " + i);
        }
        for (Map.Entry<String, byte[]> file : SmallVault.contents(vault.root).entrySet()) {
            assertEquals(-1, indexOf(file.getValue(), "pieces".getBytes(StandardCharsets.US_ASCII)), file.getKey());
        }
    }

    private static List<PackFile.Chunk> chunks(Depositor depositor) throws IOException {
        try (PackFile pack = new PackFile(depositor, 1)) {
            return pack.chunks();
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Full packs have one length, and of other lengths there are few. */
    @Test
    void lengthsTellLittle() throws Exception {
        TenantBackups backups = vault.backups("acme");
        put(backups, "large", DepositedVault.random(5, 70 << 20));
        assertEquals(PackFormat.PACK_BYTES, Files.size(vault.directory("acme").pack(1)));
        assertEquals(PackFormat.PACK_BYTES, Files.size(vault.directory("acme").pack(2)));
        put(backups, "one", DepositedVault.random(6, 100_000));
        put(backups, "another", DepositedVault.random(7, 100_100));
        assertEquals(
                Files.size(vault.directory("acme").pack(4)),
                Files.size(vault.directory("acme").pack(5)));
        assertEquals(
                Files.size(vault.directory("acme").item(2)),
                Files.size(vault.directory("acme").item(3)));
    }

    @Test
    void theLogHoldsEachItemOnce() throws Exception {
        try (Vault open = Vault.open(vault.root, SmallVault.SECRET, SmallVault.options())) {
            TenantBackups backups = open.tenant("acme").backups();
            Put put = put(backups, "through the writer", new byte[1000]);
            assertTrue(backups.isRecorded(put.item()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> open.tenant("acme").appendChange(new Change(Change.What.DEPOSIT, null, "x", null)));
            Put handedOver = put(vault.backups("acme"), "beside the writer", new byte[2000]);
            assertFalse(backups.isRecorded(handedOver.item()));
            open.tenant("acme").appendAndWait(dev.evidencevault.Event.of("x").build());
            open.seal();
            for (int i = 0; i < 400 && !backups.isRecorded(handedOver.item()); i++) {
                open.seal();
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
            assertTrue(backups.isRecorded(handedOver.item()), "a live writer takes it up after an anchor");
        }
        put(vault.backups("acme"), "without a writer", new byte[3000]);
        assertEquals(Verdict.INDETERMINATE, vault.verify().verdict());
        record();
        for (long number = 1; number <= 3; number++) {
            // As after a crash between record and receipt.
            Files.delete(vault.directory("acme").recorded(number));
        }
        record();
        assertEquals(List.of("through the writer", "beside the writer", "without a writer"), recordedNames());
        VerificationReport report = vault.verify();
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        report = vault.verifyWithKeys();
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
        assertTrue(report.toString().contains("the 3 backups"), report.toString());
    }

    private List<String> recordedNames() throws Exception {
        Depositor acme = vault.depositor("acme");
        return dev.evidencevault.segment.SealedChanges.read(
                        acme.directory(),
                        acme.keys(),
                        Long.MIN_VALUE,
                        Change.What.DEPOSIT,
                        dev.evidencevault.format.DepositRecord::of)
                .stream()
                .map(each -> each.value().name())
                .toList();
    }

    @Test
    void theServicesConfigurationIsASetOfItsOwn() throws Exception {
        put(vault.backups("acme"), "data", new byte[10]);
        try (Vault open = Vault.open(vault.root, SmallVault.SECRET, SmallVault.options())) {
            Put put = put(open.serviceBackups(), "nginx.conf", new byte[20]);
            assertEquals(DepositKind.SERVICE, put.item().kind());
        }
        assertEquals(List.of("data"), names(vault.backups("acme").catalogue().items()));
        TenantBackups service = vault.reader().serviceBackups();
        assertEquals(List.of("nginx.conf"), names(service.catalogue().items()));
        assertTrue(Files.exists(vault.root.resolve("service/backups/00000001.evi")));
        // A file of one set in the place of the other's is none of it.
        Files.copy(
                vault.root.resolve("service/backups/00000001.evi"),
                vault.directory("acme").item(2));
        Files.copy(
                vault.root.resolve("service/backups/00000001.evb"),
                vault.directory("acme").pack(2));
        assertEquals(List.of("data"), names(vault.backups("acme").catalogue().items()));
        assertEquals(1, vault.backups("acme").catalogue().broken().size());
        assertEquals(Verdict.FAILED, vault.verify().verdict());
    }

    private static List<String> names(java.util.Collection<Item> items) {
        return items.stream().map(Item::name).toList();
    }

    @Test
    void theCatalogueIsSearched() throws Exception {
        TenantBackups backups = vault.backups("acme");
        TreeMap<String, String> labels = new TreeMap<>(Map.of("host", "db-1", "kind", "dump"));
        byte[] content = new byte[10];
        backups.put(new ByteArrayInputStream(content), new Deposit("Orders", "shop", labels), DEFAULTS);
        labels.put("host", "db-2");
        Item second = backups.put(new ByteArrayInputStream(content), new Deposit("Orders", "shop", labels), DEFAULTS)
                .item();
        put(backups, "orders of files", content);
        Catalogue catalogue = backups.catalogue();
        ItemQuery all = ItemQuery.all();
        assertEquals(3, catalogue.search(all).size());
        assertEquals(2, catalogue.search(all.withService("shop")).size());
        assertEquals(
                3,
                catalogue
                        .search(new ItemQuery("ORDERS", null, Long.MIN_VALUE, Long.MAX_VALUE, new TreeMap<>()))
                        .size());
        assertEquals(
                List.of(second), catalogue.search(new ItemQuery(null, null, Long.MIN_VALUE, Long.MAX_VALUE, labels)));
        assertEquals(1, catalogue.search(all.withTo(second.takenAt())).size());
        assertEquals(List.of("orders of files", "Orders"), names(catalogue.latest(all)));
        assertEquals(List.of(second), List.copyOf(catalogue.latest(all.withService("shop"))));
        assertEquals(
                1L,
                catalogue.latest(all.withTo(second.takenAt())).iterator().next().number(),
                "the state at that time");
    }

    @Test
    void aSecondDepositAtTheSameTimeIsRefused() throws Exception {
        TenantBackups backups = vault.backups("acme");
        InputStream reentering = new InputStream() {
            private boolean done;

            @Override
            public int read() throws IOException {
                if (done) {
                    return -1;
                }
                done = true;
                VaultLockedException e =
                        assertThrows(VaultLockedException.class, () -> put(backups, "second", new byte[1]));
                assertTrue(String.valueOf(e.getMessage()).contains("another process puts a backup"), e.toString());
                return 'x';
            }
        };
        backups.put(reentering, Deposit.of("first", "files"), DEFAULTS);
        assertEquals(List.of("first"), names(backups.catalogue().items()));
        put(vault.backups(SmallVault.OTHER_TENANT), "another tenant's", new byte[1]);
        VaultLock.acquire(vault.directory("acme").backupsLock()).close();
    }

    @Test
    void aDepositThatIsCutShortLeavesNothingHalfAndIsGoneOnWith() throws Exception {
        TenantBackups backups = vault.backups("acme");
        byte[] content = DepositedVault.random(8, 80 << 20);
        InputStream broken = new java.io.FilterInputStream(new ByteArrayInputStream(content)) {
            private int left = 75 << 20;

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                if (left <= 0) {
                    throw new IOException("the line was cut");
                }
                int read = super.read(b, off, Math.min(len, left));
                left -= read;
                return read;
            }
        };
        IOException e = assertThrows(IOException.class, () -> backups.put(broken, Deposit.of("a", "files"), DEFAULTS));
        assertEquals("the line was cut", e.getMessage());
        assertEquals(List.of(), backups.catalogue().items());
        List<String> left = SmallVault.contents(vault.directory("acme").backups()).keySet().stream()
                .toList();
        assertEquals(List.of("00000001.evb", "00000002.evb", "lock"), left);
        assertEquals(Verdict.PASSED, vault.verify().verdict());
        Put put = put(backups, "a", content);
        assertTrue(put.newBytes() <= 20 << 20, "found " + put.newBytes());
        assertArrayEquals(content, read(backups, put.item()));
        assertEquals(java.util.Set.of(1L, 2L, 3L), backups.packs(put.item()).keySet());
        record();
        assertEquals(Verdict.PASSED, vault.verifyWithKeys().verdict());
    }

    @Test
    void whatCannotBeKeptIsRefused() throws Exception {
        TenantBackups backups = vault.backups("acme");
        Path tree = tree();
        assertTrue(new ProcessBuilder("mkfifo", tree.resolve("pipe").toString())
                        .start()
                        .waitFor()
                == 0);
        IOException e = assertThrows(IOException.class, () -> backups.put(tree, Deposit.of("a", "files"), DEFAULTS));
        assertTrue(String.valueOf(e.getMessage()).contains("pipe, a socket or a device"), e.toString());
        assertThrows(
                IOException.class, () -> backups.put(tree.resolve("to-directory"), Deposit.of("a", "files"), DEFAULTS));
        assertThrows(IllegalArgumentException.class, () -> Deposit.of("", "files"));
        assertThrows(IllegalArgumentException.class, () -> Deposit.of("a\nb", "files"));
        assertThrows(IllegalArgumentException.class, () -> Deposit.of("a", ""));
        assertEquals(List.of(), backups.catalogue().items());
    }

    @ParameterizedTest
    @EnumSource
    void itWorksInEverySuite(CryptoSuite suite) throws Exception {
        Path root = directory.resolve("suite");
        byte[] content = DepositedVault.random(9, 600_000);
        try (Vault open =
                Vault.create(root, SmallVault.SECRET, SmallVault.options().withSuite(suite))) {
            TenantBackups backups = open.tenant("acme").backups();
            assertArrayEquals(content, read(backups, put(backups, "a", content).item()));
        }
        VerificationReport report = new VaultVerifier(null, null).verify(UnlockedVault.unlock(root, SmallVault.SECRET));
        assertEquals(Verdict.PASSED, report.verdict(), report.toString());
    }
}
