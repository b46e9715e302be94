package dev.evidencevault.segment;

import static dev.evidencevault.docs.FormatVectors.fixed;
import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.LogId;
import dev.evidencevault.journal.JournalFiles;
import dev.evidencevault.journal.JournalWriter;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vectors of the suites that are not the default: what is encrypted with ChaCha20-Poly1305 and signed with P-384. */
class SuiteVectorsTest {
    @TempDir
    private Path directory;

    private static TenantKeys keys() throws Exception {
        return FormatVectors.tenantKeys().with(FileCipher.CHACHA20_POLY1305);
    }

    private static byte[] salt() throws Exception {
        return hex(read("keys.json").path("fileSalt"));
    }

    @Test
    void theSuitesAreThose() throws Exception {
        List<String> labels = new ArrayList<>();
        read("suites.json").path("suites").forEach(label -> labels.add(label.textValue()));
        assertEquals(Arrays.stream(CryptoSuite.values()).map(CryptoSuite::label).toList(), labels);
    }

    @Test
    void theHeadersAreThoseOfTheCipher() throws Exception {
        JsonNode vector = read("suites.json");
        LogId logId = LogId.parse(vector.path("logId").textValue());
        assertArrayEquals(
                hex(vector.path("segmentHeader")),
                SegmentFormat.header(logId, 1, 0, salt(), keys().segmentKey(1, salt())));
        byte[] random = Arrays.copyOf(hex(vector.path("journalLife")), 48);
        System.arraycopy(salt(), 0, random, 16, 32);
        Path journal = Files.createDirectory(directory.resolve("journal"));
        JournalFiles files = new JournalFiles(
                new Layout(directory),
                new LocalStorage(),
                FormatVectors.inOrder(random),
                FileCipher.CHACHA20_POLY1305,
                1,
                1);
        try (JournalWriter writer = files.open(4096)) {
            assertEquals(
                    keys().journalKey(salt()).commitment(), writer.key(keys()).commitment());
        }
        byte[] header = hex(vector.path("journalHeader"));
        assertArrayEquals(header, Arrays.copyOf(Files.readAllBytes(journal.resolve("00000001.evj")), header.length));
        byte[] derived = hex(vector.path("segmentKey"));
        assertArrayEquals(
                Arrays.copyOfRange(derived, 32, 64),
                keys().segmentKey(1, salt()).commitment().bytes());
        derived = hex(vector.path("journalKey"));
        assertArrayEquals(
                Arrays.copyOfRange(derived, 32, 64),
                keys().journalKey(salt()).commitment().bytes());
    }

    @Test
    void indexesAreWrittenAndReadAsTheyStandAndUnderOneCipherOnly() throws Exception {
        JsonNode vector = read("suites.json");
        LogId logId = LogId.parse(vector.path("logId").textValue());
        byte[] file = hex(vector.path("index").path("file"));
        byte[] content = hex(vector.path("index").path("content"));
        assertArrayEquals(file, IndexFile.seal(logId, 1, keys(), fixed(salt()), content));
        Path path = directory.resolve("00000001.evx");
        Files.write(path, file);
        assertArrayEquals(content, IndexFile.open(path, logId, 1, keys()));
        TenantKeys aes = FormatVectors.tenantKeys();
        assertThrows(CorruptFileException.class, () -> IndexFile.open(path, logId, 1, aes));
        for (int at = 0; at < file.length; at++) {
            byte[] changed = file.clone();
            changed[at] ^= 1;
            Files.write(path, changed);
            assertThrows(CorruptFileException.class, () -> IndexFile.open(path, logId, 1, keys()), "byte " + at);
        }
        JsonNode merged = vector.path("merged");
        List<byte[]> parts = List.of(
                hex(merged.path("parts").path(0)), hex(merged.path("parts").path(1)));
        SegmentRange range = new SegmentRange(1, 3);
        SealedLog log = new SealedLog(logId, new LogDirectory(directory), keys());
        Files.createDirectory(log.directory().indexes());
        MergedIndexFile.write(
                log, range, 0, parts, new LocalStorage(), FormatVectors.inOrder(Arrays.copyOf(salt(), 40)));
        assertArrayEquals(
                hex(merged.path("file")), Files.readAllBytes(log.directory().merged(range)));
        for (int part = 0; part < MergedIndexFile.PARTS; part++) {
            assertArrayEquals(parts.get(part), MergedIndexFile.open(log, range, part));
        }
        SealedLog other = new SealedLog(logId, new LogDirectory(directory), aes);
        assertThrows(CorruptFileException.class, () -> MergedIndexFile.open(other, range, 0));
    }

    @Test
    void theNoteIsGoodAndItsOtherSpellingsAreNot() throws Exception {
        JsonNode vector = read("suites.json");
        NoteVerifier verifier = NoteVerifier.parse(vector.path("verifierKey").textValue());
        assertTrue(verifier.verifies(SignedNote.parse(utf8(vector.path("note")))));
        for (JsonNode refused : vector.path("refusedNotes")) {
            assertFalse(
                    verifier.verifies(SignedNote.parse(utf8(refused.path("note")))),
                    refused.path("reason").textValue());
        }
        for (JsonNode refused : vector.path("refusedKeys")) {
            String key = refused.path("key").textValue();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> NoteVerifier.parse(key),
                    refused.path("reason").textValue());
        }
    }
}
