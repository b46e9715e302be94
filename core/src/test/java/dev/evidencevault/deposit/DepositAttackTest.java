package dev.evidencevault.deposit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.deposit.TenantBackups.Put;
import dev.evidencevault.deposit.TenantBackups.PutOptions;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.verify.Claim;
import dev.evidencevault.verify.DepositVerifier;
import dev.evidencevault.verify.Verdict;
import dev.evidencevault.verify.VerificationReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changes, removes or puts in place is found without a key, and costs nothing else. */
class DepositAttackTest {
    private static final PutOptions DEFAULTS = PutOptions.defaults();

    @TempDir
    private Path directory;

    private DepositedVault vault;
    private Path backups;
    private final byte[] first = DepositedVault.random(1, 300_000);
    private final byte[] second = DepositedVault.text(2, 300_000);

    @BeforeEach
    void makeVault() throws Exception {
        vault = new DepositedVault(directory.resolve("vault"));
        backups = vault.directory("acme").backups();
        put("first", first);
        put("second", second);
        record();
        assertEquals(Verdict.PASSED, vault.verify().verdict());
    }

    private Put put(String name, byte[] content) throws Exception {
        return vault.backups("acme").put(new ByteArrayInputStream(content), Deposit.of(name, "files"), DEFAULTS);
    }

    private void record() throws Exception {
        Vault.open(vault.root, SmallVault.SECRET, SmallVault.options()).close();
    }

    private void requireRestored(long number, byte[] content) throws Exception {
        TenantBackups handle = vault.backups("acme");
        Path target = directory.resolve("restored-" + number);
        Files.deleteIfExists(target);
        handle.restore(handle.catalogue().item(number).orElseThrow(), target, DepositProgress.NONE);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    private void requireNotRestored(long number) throws Exception {
        TenantBackups handle = vault.backups("acme");
        Path target = Files.createDirectories(directory.resolve("empty")).resolve("target");
        Item item = handle.catalogue().item(number).orElseThrow();
        assertThrows(CorruptFileException.class, () -> handle.restore(item, target, DepositProgress.NONE));
        assertThrows(CorruptFileException.class, () -> handle.check(item, DepositProgress.NONE));
        assertEquals(Map.of(), SmallVault.contents(target.getParent()), "nothing is left");
    }

    /** Both verifications fail without a key and name the file. */
    private void requireFound(String name) throws Exception {
        for (VerificationReport report : List.of(vault.verify(), new DepositVerifier(vault.root).verify())) {
            assertEquals(Verdict.FAILED, report.verdict(), report.toString());
            assertTrue(
                    report.with(Verdict.FAILED).stream()
                            .anyMatch(finding -> finding.claim() == Claim.BACKUPS
                                    && finding.where().endsWith(name)),
                    report.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40, 70, 97, 5_000, 150_000, -40, -5, -1})
    void aChangedPackIsFoundAndCostsItsItemOnly(int place) throws Exception {
        Path pack = backups.resolve("00000001.evb");
        byte[] bytes = Files.readAllBytes(pack);
        bytes[place < 0 ? bytes.length + place : place] ^= 4;
        Files.write(pack, bytes);
        requireFound("00000001.evb");
        requireNotRestored(1);
        requireRestored(2, second);
        assertEquals(Verdict.FAILED, vault.verifyWithKeys().verdict());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 96, 97, 1000, 200_000})
    void aHalfWrittenPackIsFoundAndPassedOverByTheNextDeposit(int length) throws Exception {
        Path pack = backups.resolve("00000001.evb");
        Files.write(pack, Arrays.copyOf(Files.readAllBytes(pack), length));
        requireFound("00000001.evb");
        requireNotRestored(1);
        requireRestored(2, second);
        Put again = put("again", first);
        assertEquals(1, again.passedOver().size());
        assertEquals(first.length, again.newBytes(), "what the broken pack held is put again");
        requireRestored(3, first);
    }

    @Test
    void aMissingPackIsFoundAndCostsItsItemOnly() throws Exception {
        Files.delete(backups.resolve("00000001.evb"));
        requireFound("00000001.evb");
        requireNotRestored(1);
        requireRestored(2, second);
        Put again = put("again", first);
        assertEquals(first.length, again.newBytes());
        requireRestored(3, first);
    }

    @Test
    void everyChangeOfAnItemIsFoundAndCostsThatItemOnly() throws Exception {
        Path item = backups.resolve("00000001.evi");
        byte[] good = Files.readAllBytes(item);
        for (int i = 0; i < good.length; i += 1 + good.length / 97) {
            byte[] bytes = good.clone();
            bytes[i] ^= 1;
            Files.write(item, bytes);
            VerificationReport report = new DepositVerifier(vault.root).verify();
            assertEquals(Verdict.FAILED, report.verdict(), "byte " + i + ": " + report);
            Catalogue catalogue = vault.backups("acme").catalogue();
            assertTrue(catalogue.item(2).isPresent());
            TenantBackups handle = vault.backups("acme");
            int at = i;
            catalogue
                    .item(1)
                    .ifPresent(each -> assertThrows(
                            CorruptFileException.class, () -> handle.check(each, DepositProgress.NONE), "byte " + at));
        }
        Files.write(item, Arrays.copyOf(good, good.length - 1));
        requireFound("00000001.evi");
        requireRestored(2, second);
        Files.write(item, good);
        assertEquals(Verdict.PASSED, vault.verify().verdict());
    }

    /** As an administrator would do it: with everything that belongs to the item, the last or one before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aRemovedItemIsFoundWithoutAKey(long number) throws Exception {
        for (String suffix : List.of("evi", "evr", "evb")) {
            Files.delete(backups.resolve("0000000" + number + "." + suffix));
        }
        VerificationReport report = vault.verify();
        assertEquals(Verdict.FAILED, report.verdict());
        assertTrue(report.toString().contains("it is not there any more"), report.toString());
        requireRestored(3 - number, number == 1 ? second : first);
        assertEquals(
                number == 1 ? 1 : 0, vault.backups("acme").catalogue().broken().size());
    }

    @Test
    void allThatIsRemovedIsFoundWithoutAKey() throws Exception {
        for (String name : SmallVault.contents(backups).keySet()) {
            Files.delete(backups.resolve(name));
        }
        Files.delete(backups);
        VerificationReport report = vault.verify();
        assertEquals(Verdict.FAILED, report.verdict());
        assertEquals(2, report.with(Verdict.FAILED).size(), report.toString());
    }

    @Test
    void itemsInEachOthersPlaceAreFound() throws Exception {
        Path one = backups.resolve("00000001.evi");
        Path two = backups.resolve("00000002.evi");
        byte[] bytes = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(two));
        Files.write(two, bytes);
        requireFound("00000001.evi");
        assertEquals(2, vault.backups("acme").catalogue().broken().size());
    }

    @Test
    void anotherTenantsFilesAreNone() throws Exception {
        Path other = vault.directory(SmallVault.OTHER_TENANT).backups();
        vault.backups(SmallVault.OTHER_TENANT)
                .put(new ByteArrayInputStream(first), Deposit.of("theirs", "files"), DEFAULTS);
        for (String name : List.of("00000001.evi", "00000001.evb")) {
            byte[] theirs = Files.readAllBytes(other.resolve(name));
            byte[] ours = Files.readAllBytes(backups.resolve(name));
            Files.write(backups.resolve(name), theirs);
            requireFound(name);
            if (name.endsWith("evb")) {
                requireNotRestored(1);
            } else {
                assertEquals(1, vault.backups("acme").catalogue().broken().size());
            }
            Files.write(backups.resolve(name), ours);
        }
    }

    @Test
    void filesOfOtherNamesAreFound() throws Exception {
        Files.write(backups.resolve("notes.txt"), new byte[1]);
        assertEquals(Verdict.FAILED, vault.verify().verdict());
        Files.delete(backups.resolve("notes.txt"));
        Files.write(backups.resolve("00000009.evb.tmp"), new byte[1]);
        assertEquals(Verdict.PASSED, vault.verify().verdict(), "what a killed deposit left is no sign of tampering");
    }

    /** Whoever holds the keys can write what nobody put; a reader still believes nothing that does not fit. */
    @Test
    void anItemThatLiesIsRefused() throws Exception {
        Depositor acme = vault.depositor("acme");
        ItemContent.Encoder content = new ItemContent.Encoder();
        content.add(new ItemEntry(ItemEntry.Type.FILE, "", 0600, 0, 5, Digest.sha256(new byte[5]), null));
        content.add(Digest.sha256(new byte[9]), 5);
        plant(acme, 3, content.bytes(), Digest.sha256(content.bytes()), 5, 1);
        assertTrue(refusal(3).contains("a chunk that is in none of the packs"));
        plant(acme, 4, content.bytes(), Digest.sha256(new byte[1]), 5, 1);
        assertTrue(refusal(4).contains("not what its head says"));
        plant(acme, 5, content.bytes(), Digest.sha256(content.bytes()), 6, 1);
        assertTrue(refusal(5).contains("other entries than its head says"));
        byte[] outside = entries(new byte[][] {entry(2, ""), entry(2, "a"), entry(2, "a/../../evil")});
        plant(acme, 6, outside, Digest.sha256(outside), 0, 3);
        assertTrue(refusal(6).contains("expected names joined by /"));
        // The digest of a file is another than that of its bytes.
        ItemFile good = ItemFile.read(acme.directory(), DepositKind.TENANT, acme.logId(), 1);
        Item item = good.item(acme);
        ItemContent.Encoder lying = new ItemContent.Encoder();
        lying.add(new ItemEntry(ItemEntry.Type.FILE, "", 0600, 0, item.bytes(), Digest.sha256(new byte[7]), null));
        for (ItemContent.ChunkRef chunk : good.content(acme, item).chunks()) {
            lying.add(chunk.id(), chunk.bytes());
        }
        Item named = new Item(
                DepositKind.TENANT,
                7,
                Deposit.of("x", "files"),
                Item.Type.STREAM,
                0,
                item.bytes(),
                1,
                Digest.sha256(lying.bytes()));
        Files.write(
                acme.directory().item(7), ItemFile.seal(acme, new SecureRandom(), named, lying.bytes(), good.packs()));
        assertTrue(refusal(7).contains("is not what was put"));
        requireRestored(1, first);
        requireRestored(2, second);
    }

    private static void plant(Depositor acme, long number, byte[] content, Digest digest, long bytes, long entries)
            throws Exception {
        Item item = new Item(
                DepositKind.TENANT,
                number,
                Deposit.of("planted", "files"),
                entries == 1 ? Item.Type.STREAM : Item.Type.DIRECTORY,
                0,
                bytes,
                entries,
                digest);
        Files.write(
                acme.directory().item(number), ItemFile.seal(acme, new SecureRandom(), item, content, new TreeMap<>()));
    }

    private String refusal(long number) throws Exception {
        TenantBackups handle = vault.backups("acme");
        Item item = handle.catalogue().item(number).orElseThrow();
        Path target = directory.resolve("lies");
        CorruptFileException e =
                assertThrows(CorruptFileException.class, () -> handle.restore(item, target, DepositProgress.NONE));
        assertFalse(Files.exists(target));
        return String.valueOf(e.getMessage());
    }

    private static byte[] entry(int type, String path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        out.writeByte(type);
        out.writeShort(name.length);
        out.write(name);
        out.writeShort(0700);
        out.writeLong(0);
        if (type == 1) {
            out.writeLong(0);
            out.write(Digest.sha256().bytes());
        } else if (type == 3) {
            out.writeShort(1);
            out.write('x');
        }
        return bytes.toByteArray();
    }

    private static byte[] entries(byte[]... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8).putLong(entries.length).array());
        for (byte[] entry : entries) {
            out.writeBytes(entry);
        }
        out.writeBytes(new byte[8]);
        return out.toByteArray();
    }

    /** No list leads a restore out of its target, through a link, or to one name twice. */
    @Test
    void listsThatLeadElsewhereAreRefused() throws Exception {
        ItemContent.decode(entries(entry(2, ""), entry(2, "a"), entry(1, "a/b"), entry(1, "a-")));
        Map<String, byte[]> refused = new TreeMap<>();
        for (String path : List.of("/etc", "a//b", "..", "a/..", ".", "./a", "a/", "a\0b")) {
            refused.put("path " + path, entries(entry(2, ""), entry(1, path)));
        }
        refused.put("through a link", entries(entry(2, ""), entry(3, "a"), entry(1, "a/b")));
        refused.put("through a file", entries(entry(2, ""), entry(1, "a"), entry(1, "a/b")));
        refused.put("no directory", entries(entry(2, ""), entry(1, "a/b")));
        refused.put("twice", entries(entry(2, ""), entry(1, "a"), entry(3, "a")));
        refused.put("order", entries(entry(2, ""), entry(1, "b"), entry(1, "a")));
        refused.put("no root", entries(entry(1, "a")));
        refused.put("nothing", entries());
        refused.put("type", entries(entry(2, ""), entry(4, "a")));
        refused.put("count", Arrays.copyOf(entries(entry(2, "")), 20));
        refused.put("more", Arrays.copyOf(entries(entry(2, "")), 100));
        for (Map.Entry<String, byte[]> each : refused.entrySet()) {
            if (each.getKey().equals("no root")) {
                // A single file is no wrong list, but no item's: its path is not empty.
                continue;
            }
            assertThrows(IllegalArgumentException.class, () -> ItemContent.decode(each.getValue()), each.getKey());
        }
    }

    @Test
    void aSetIsRestoredWithoutWhatIsBroken() throws Exception {
        put("..", second);
        put("a/b", second);
        byte[] bytes = Files.readAllBytes(backups.resolve("00000001.evb"));
        bytes[2000] ^= 1;
        Files.write(backups.resolve("00000001.evb"), bytes);
        TenantBackups handle = vault.backups("acme");
        Path target = directory.resolve("set");
        RestoredSet set =
                RestoredSet.restore(handle, handle.catalogue().latest(ItemQuery.all()), target, DepositProgress.NONE);
        assertEquals(1, set.broken().size());
        assertEquals(3, set.restored().size());
        assertEquals(
                List.of("files/%2E.", "files/a%2Fb", "files/second"),
                SmallVault.contents(target).keySet().stream().toList());
        assertArrayEquals(second, Files.readAllBytes(target.resolve("files/second")));
    }
}
