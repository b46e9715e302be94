package dev.evidencevault.crypto.note;

import static dev.evidencevault.crypto.SharedFiles.shared;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.NodeKeys;
import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteTest {
    private static final List<String> NOTES =
            List.of("vectors/signed-note/go-example-1.note", "vectors/signed-note/go-example-2.note");

    @Test
    void theNotesOfTheGoLibraryVerifyAndComeBackByteForByte() throws IOException {
        List<String> keys = Files.readAllLines(shared("vectors/signed-note/go-keys.txt"));
        NoteVerifier peter = NoteVerifier.parse(keys.stream()
                .filter(key -> key.startsWith("PeterNeumann+c74f20a3"))
                .findFirst()
                .orElseThrow());
        NoteVerifier enoch = NoteVerifier.parse(keys.get(0));
        for (String file : NOTES) {
            byte[] bytes = Files.readAllBytes(shared(file));
            SignedNote note = SignedNote.parse(bytes);
            assertTrue(peter.verifies(note));
            assertEquals(file.contains("2"), enoch.verifies(note));
            assertArrayEquals(bytes, note.format());
        }
    }

    @Test
    void keysThatAreNotTheirIdAreRefused() throws IOException {
        List<String> refused = Files.readAllLines(shared("vectors/signed-note/go-keys.txt")).stream()
                .filter(key -> key.startsWith("PeterNeumann+173116ae") || key.startsWith("PeterNeumann+cc469956"))
                .toList();
        assertEquals(2, refused.size());
        refused.forEach(key -> assertThrows(IllegalArgumentException.class, () -> NoteVerifier.parse(key)));
    }

    @Test
    void everyChangedByteOfANoteIsNoticed() {
        NoteSigner signer = NodeKeys.generate("test").signer("example.org/log");
        byte[] note = signer.sign(new Checkpoint("example.org/log", 7, Digest.sha256()).format())
                .format();
        assertTrue(signer.verifier().verifies(SignedNote.parse(note)));
        for (int i = 0; i < note.length; i++) {
            byte[] changed = note.clone();
            changed[i] ^= 1;
            assertFalse(verifies(signer.verifier(), changed), "byte " + i);
        }
    }

    private static boolean verifies(NoteVerifier verifier, byte[] note) {
        try {
            return verifier.verifies(SignedNote.parse(note));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void aCheckpointHasOneSpelling() {
        Checkpoint checkpoint = new Checkpoint("example.org/log", 42, Digest.sha256());
        assertEquals(checkpoint, Checkpoint.parse(checkpoint.format()));
        for (String bad : List.of(
                checkpoint.format() + "extension\n",
                checkpoint.format().replace("42", "042"),
                checkpoint.format().replace("42", "-42"),
                checkpoint.format().replace("\n42", "\n\n42"),
                checkpoint.format().strip())) {
            assertThrows(IllegalArgumentException.class, () -> Checkpoint.parse(bad));
        }
    }

    @Test
    void malformedNotesAreRefused() {
        for (String bad : List.of(
                "",
                "\n",
                "text\n",
                "text\n\n",
                "text\n\n\u2014 name\n",
                "text\n\n\u2014 n x\n",
                "te\txt\n\n\u2014 n AAAAAAA=\n")) {
            assertThrows(
                    IllegalArgumentException.class, () -> SignedNote.parse(bad.getBytes(StandardCharsets.UTF_8)), bad);
        }
    }
}
