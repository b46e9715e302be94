package dev.evidencevault.anchor;

import static dev.evidencevault.docs.FormatVectors.fixed;
import static dev.evidencevault.docs.FormatVectors.hex;
import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.AnchorFile;
import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.Checkpoint;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.docs.FormatVectors;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Settings;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anchors and their proofs against {@code docs/formats/vectors/anchor.json}. */
class AnchorVectorsTest {
    @TempDir
    private Path directory;

    private UnlockedVault vault() throws Exception {
        JsonNode vector = read("vault.json");
        Files.write(directory.resolve("vault.json"), utf8(vector.path("vaultJson")));
        Files.write(directory.resolve("vault.sig"), utf8(vector.path("vaultSig")));
        Files.createDirectories(directory.resolve("anchors"));
        return UnlockedVault.unlock(directory, FormatVectors.secret());
    }

    /** Returns a log of as many leaves that has this root: one subtree, since only the root goes into an anchor. */
    private static CompactRange log(JsonNode entry) {
        return CompactRange.of(
                0,
                entry.path("size").longValue(),
                List.of(Digest.parseHex(entry.path("root").textValue())));
    }

    @Test
    void anchorsAreWrittenAndReadAsTheyStand() throws Exception {
        JsonNode vector = read("anchor.json");
        UnlockedVault vault = vault();
        Layout layout = vault.layout();
        NodeKeys nodeKeys = vault.nodeKeys();
        NoteVerifier verifier = NoteVerifier.parse(vector.path("verifierKey").textValue());
        assertEquals(verifier, vault.settings().verifier());
        assertEquals(Settings.keyName(vault.settings().vaultId()), verifier.name());
        AnchorWriter writer = new AnchorWriter(
                layout,
                nodeKeys,
                vault.checkpointSigner(),
                vault.settings().keys(),
                new LocalStorage(),
                fixed(new byte[0], 0xabcde, 0xabcde, 0));
        for (JsonNode expected : vector.path("anchors")) {
            long number = expected.path("index").longValue() + 1;
            Map<LogId, CompactRange> heads = new HashMap<>();
            for (JsonNode entry : expected.path("entries")) {
                heads.put(LogId.parse(entry.path("logId").textValue()), log(entry));
            }
            writer.write(heads, expected.path("time").longValue());
            assertArrayEquals(hex(expected.path("file")), Files.readAllBytes(layout.anchor(number)));
            assertArrayEquals(utf8(expected.path("note")), Files.readAllBytes(layout.checkpoint()));

            Anchor anchor = Anchor.read(layout, number, KeyHistory.of(CheckpointKeys.of(verifier)));
            assertArrayEquals(hex(expected.path("head")), anchor.head().encode());
            assertEquals(anchor.head(), Anchor.Head.decode(hex(expected.path("head"))));
            assertEquals(
                    expected.path("leafHash").textValue(),
                    anchor.head().leafHash().hex());
            assertArrayEquals(hex(expected.path("blindingKey")), nodeKeys.blinding(number - 1));
            assertTrue(anchor.hasSuperRootOf(nodeKeys));
            checkProof(
                    expected, anchor, nodeKeys, LogId.parse(vector.path("logId").textValue()), verifier);
        }
    }

    private static void checkProof(
            JsonNode expected, Anchor anchor, NodeKeys nodeKeys, LogId logId, NoteVerifier verifier) {
        AnchorProof proof = AnchorProof.of(anchor, logId, nodeKeys).orElseThrow();
        assertArrayEquals(utf8(expected.path("proof")), AnchorFile.format(proof));
        AnchorProof parsed = AnchorFile.parse(utf8(expected.path("proof")), anchor.note());
        assertEquals(proof, parsed);
        assertTrue(parsed.check(
                Checkpoint.parse(expected.path("logCheckpoint").textValue()),
                KeyHistory.of(CheckpointKeys.of(verifier))));
    }

    @Test
    void theSuperTreeHasItsRootAndPaths() throws Exception {
        for (JsonNode expected : read("anchor.json").path("anchors")) {
            SuperTree tree = new SuperTree(hex(expected.path("blindingKey")));
            for (JsonNode entry : expected.path("entries")) {
                LogId logId = LogId.parse(entry.path("logId").textValue());
                tree.put(
                        entry.path("slot").intValue(),
                        new Checkpoint(
                                logId.origin(),
                                entry.path("size").longValue(),
                                Digest.parseHex(entry.path("root").textValue())));
            }
            assertEquals(expected.path("superRoot").textValue(), tree.root().hex());
        }
    }
}
