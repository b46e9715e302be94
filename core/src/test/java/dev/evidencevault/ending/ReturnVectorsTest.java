package dev.evidencevault.ending;

import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.bundle.BagManifest;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists of a return that were not written by this code, and what is like a signed text and is none. */
class ReturnVectorsTest {
    @TempDir
    private Path directory;

    private JsonNode layOut() throws Exception {
        JsonNode vector = read("return.json");
        for (Map.Entry<String, JsonNode> file : vector.path("files").properties()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(Storage.directoryOf(path));
            Files.write(path, utf8(file.getValue()));
        }
        for (Map.Entry<String, JsonNode> link : vector.path("links").properties()) {
            Files.createSymbolicLink(
                    directory.resolve(link.getKey()), Path.of(link.getValue().textValue()));
        }
        return vector;
    }

    @Test
    void listsNameEveryFileAndLink() throws Exception {
        JsonNode vector = layOut();
        assertArrayEquals(utf8(vector.path("linksTxt")), ReturnManifest.links(directory));
        Files.write(directory.resolve(ReturnManifest.LINKS), utf8(vector.path("linksTxt")));
        byte[] manifest = utf8(vector.path("manifest"));
        assertArrayEquals(manifest, ReturnManifest.of(directory).format());
        assertEquals(
                ReturnManifest.of(directory).digests(),
                BagManifest.parse(manifest).digests());
    }

    @Test
    void theVaultSignsTheList() throws Exception {
        JsonNode vector = read("return.json");
        byte[] manifest = utf8(vector.path("manifest"));
        SignedNote note = SignedNote.parse(utf8(vector.path("note")));
        assertEquals(vector.path("text").textValue(), note.text());
        assertTrue(NoteVerifier.parse(vector.path("verifierKey").textValue()).verifies(note));
        assertTrue(ReturnManifest.isOf(note.text(), manifest));
        int refused = 0;
        for (JsonNode each : vector.path("refused")) {
            assertFalse(
                    isOf(each.path("text").textValue(), manifest),
                    () -> each.path("why").textValue());
            refused++;
        }
        assertEquals(8, refused);
    }

    private static boolean isOf(String text, byte[] manifest) {
        try {
            return ReturnManifest.isOf(text, manifest);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
