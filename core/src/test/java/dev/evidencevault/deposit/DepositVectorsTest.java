package dev.evidencevault.deposit;

import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.DepositRecord;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deposits that were not written by this code, and what is like one and is none. */
class DepositVectorsTest {
    @TempDir
    private Path directory;

    private JsonNode vector;
    private Depositor depositor;
    private TenantBackups backups;

    @BeforeEach
    void layOut() throws Exception {
        vector = read("deposit.json");
        Layout layout = new Layout(directory.resolve("vault"));
        LogId logId = LogId.parse(vector.path("logId").textValue());
        Files.createDirectories(layout.tenant(logId).backups());
        Files.write(layout.settings(), utf8(vector.path("vaultJson")));
        Files.write(layout.settingsSignature(), utf8(vector.path("vaultSig")));
        Files.write(layout.tenant(logId).keys(), utf8(vector.path("keysJson")));
        UnlockedVault vault = UnlockedVault.unlock(layout.root(), FormatVectors.secret());
        depositor = new Depositor(DepositKind.TENANT, logId, layout.tenant(logId), vault.keys(layout.tenant(logId)));
        backups = new TenantBackups(depositor, new LocalStorage(), Clock.systemUTC(), null);
        put(vector.path("pack"), vector.path("item"));
    }

    private void put(JsonNode pack, JsonNode item) throws Exception {
        Files.write(depositor.directory().pack(1), hex(pack));
        Files.write(depositor.directory().item(1), hex(item));
    }

    @Test
    void anItemIsReadAndRestored() throws Exception {
        Item item = backups.catalogue().item(1).orElseThrow();
        assertEquals(vector.path("head").textValue(), new String(Json.bytes(item.toJson()), StandardCharsets.UTF_8));
        assertEquals(Digest.sha256(hex(vector.path("list"))), item.content());
        assertEquals(Map.of(1L, Digest.sha256(hex(vector.path("pack")))), backups.packs(item));
        Path out = directory.resolve("out");
        backups.restore(item, out, DepositProgress.NONE);
        Map<String, String> found = new TreeMap<>();
        for (ItemEntry entry : backups.entries(item)) {
            Path file = entry.path().isEmpty() ? out : out.resolve(entry.path());
            if (entry.type() == ItemEntry.Type.FILE) {
                found.put(entry.path(), Files.readString(file));
            } else if (entry.type() == ItemEntry.Type.LINK) {
                assertEquals("a.txt", Files.readSymbolicLink(file).toString());
            }
        }
        Map<String, String> expected = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : vector.path("files").properties()) {
            expected.put(file.getKey(), file.getValue().textValue());
        }
        assertEquals(expected, found);
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(out)));
        assertEquals(
                "1969-12-31T23:59:59Z",
                Files.getLastModifiedTime(out.resolve("sub/東京")).toInstant().toString());
        assertEquals(List.of(), backups.checkPacks(DepositProgress.NONE));
        backups.check(item, DepositProgress.NONE);
    }

    @Test
    void theLogTellsOfItInOneSpelling() throws Exception {
        DepositRecord record = backups.record(1);
        String text = vector.path("record").textValue();
        assertEquals(text, record.toChange().after());
        assertEquals(record, DepositRecord.of(new Change(Change.What.DEPOSIT, null, text, null)));
        ByteBuffer recorded = ByteBuffer.wrap(hex(vector.path("recorded")));
        assertEquals("EVDRC\0\0\1", new String(recorded.array(), 0, 8, StandardCharsets.ISO_8859_1));
        assertEquals(vector.path("recordedSeq").longValue(), recorded.getLong(8));
    }

    @Test
    void chunksHaveTheirIdsAndEndWhereTheyShould() {
        assertEquals(
                vector.path("gearSha256").textValue(),
                Digest.sha256(depositor.keys().chunkGear()).hex());
        assertArrayEquals(hex(vector.path("chunkIdKey")), depositor.keys().chunkIdKey());
        ChunkIds ids = new ChunkIds(depositor.keys().chunkIdKey());
        for (JsonNode chunk : vector.path("chunks")) {
            byte[] bytes = utf8(chunk.path("text"));
            assertEquals(
                    chunk.path("id").textValue(), ids.of(bytes, 0, bytes.length).hex());
        }
        ByteBuffer row = ByteBuffer.allocate(vector.path("cut").path("bytes").intValue());
        for (long i = 0; row.hasRemaining(); i++) {
            row.put(Digest.sha256(ByteBuffer.allocate(8).putLong(i).array()).bytes());
        }
        ChunkCutter cutter = new ChunkCutter(depositor.keys().chunkGear());
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < row.capacity(); at += lengths.get(lengths.size() - 1)) {
            lengths.add(cutter.cut(row.array(), at, row.capacity()));
        }
        List<Integer> expected = new ArrayList<>();
        vector.path("cut").path("lengths").forEach(length -> expected.add(length.intValue()));
        assertTrue(expected.size() > 2, expected::toString);
        assertEquals(expected, lengths);
        vector.path("padme")
                .forEach(each -> assertEquals(
                        each.path("padded").longValue(),
                        Padding.padded(each.path("bytes").longValue())));
    }

    @Test
    void whatIsNoItemIsRefused() throws Exception {
        int refused = 0;
        for (JsonNode each : vector.path("refusedItems")) {
            put(vector.path("pack"), each.path("item"));
            String why = each.path("why").textValue();
            List<CorruptFileException> broken = backups.catalogue().broken();
            if (broken.isEmpty()) {
                Item item = backups.catalogue().item(1).orElseThrow();
                Path out = directory.resolve("out");
                assertThrows(CorruptFileException.class, () -> backups.restore(item, out, DepositProgress.NONE), why);
                assertTrue(Files.notExists(out), why);
            }
            refused++;
        }
        assertEquals(25, refused);
    }

    @Test
    void whatIsNoPackIsRefused() throws Exception {
        int refused = 0;
        for (JsonNode each : vector.path("refusedPacks")) {
            put(each.path("pack"), vector.path("item"));
            assertEquals(
                    1,
                    backups.checkPacks(DepositProgress.NONE).size(),
                    () -> each.path("why").textValue());
            refused++;
        }
        assertEquals(11, refused);
    }
}
