package dev.evidencevault.docs;

import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.format.Succession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessionVectorsTest {
    @Test
    void theKeysSignWhatTheyMay() throws Exception {
        JsonNode vector = read("succession.json");
        List<NoteVerifier> keys = new ArrayList<>();
        vector.path("keys").forEach(key -> keys.add(NoteVerifier.parse(key.textValue())));
        byte[] file = utf8(vector.path("file"));
        KeyHistory history = KeyHistory.parse(file);
        assertArrayEquals(file, history.format());
        assertEquals(keys.get(0), history.first().verifier());
        assertEquals(keys.get(0), history.at(1).verifier());
        assertEquals(keys.get(1), history.at(2).verifier());
        assertEquals(keys.get(2), history.at(3).verifier());
        assertEquals(keys.get(2), history.current().verifier());
        assertTrue(keys.stream().allMatch(history::knows));
        Succession first = Succession.parse(SignedNote.parse(utf8(vector.path("succession"))));
        assertEquals(history.successions().get(0), first);
        KeyHistory shorter = KeyHistory.from(first.before(), List.of(first));
        assertEquals(history, shorter.joined(history).orElseThrow());
        assertEquals(history, history.joined(shorter).orElseThrow());
        assertFalse(shorter.knows(keys.get(2)));
        assertTrue(KeyHistory.of(history.current()).joined(history).isEmpty());
        assertEquals(history, KeyHistory.of(history.first()).joined(history).orElseThrow());
    }

    @Test
    void whatIsNoneIsRefused() throws Exception {
        for (JsonNode refused : read("succession.json").path("refused")) {
            ObjectNode file = Json.object().put("format", "evidence-vault-successions/1");
            file.set("successions", refused.path("successions"));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> KeyHistory.parse(Json.bytes(file)),
                    refused.path("why").textValue());
        }
    }
}
