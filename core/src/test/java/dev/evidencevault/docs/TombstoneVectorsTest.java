package dev.evidencevault.docs;

import static dev.evidencevault.docs.FormatVectors.read;
import static dev.evidencevault.docs.FormatVectors.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.cases.PersonKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.format.Change;
import dev.evidencevault.format.KeyHistory;
import dev.evidencevault.shred.DestructionCertificate;
import dev.evidencevault.shred.ShredRecord;
import dev.evidencevault.shred.ShredRequest;
import dev.evidencevault.storage.Tombstone;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests, tombstones and certificates of destroyed keys as their document has them, and what is none. */
class TombstoneVectorsTest {
    private static KeyHistory keys(JsonNode vector) {
        return KeyHistory.of(
                CheckpointKeys.of(NoteVerifier.parse(vector.path("verifierKey").textValue())));
    }

    @Test
    void whatIsThereIsRead() throws Exception {
        JsonNode vector = read("tombstone.json");
        ShredRequest request = ShredRequest.parse(utf8(vector.path("request")));
        assertEquals(vector.path("requestSha256").textValue(), request.digest().hex());
        assertArrayEquals(utf8(vector.path("request")), request.format());
        int place = 0;
        for (String person : new String[] {"hayashi", "sato"}) {
            PersonKey key = PersonKey.parse(vector.path("persons").path(person).textValue());
            assertTrue(key.verifies(request.signature(place++)), person);
        }
        Tombstone tombstone = Tombstone.parse(utf8(vector.path("tombstone")), keys(vector));
        assertEquals(request.digest(), tombstone.request());
        assertEquals(request.body().keys(), tombstone.keys());
        assertEquals(14, tombstone.leaves());
        DestructionCertificate certificate = DestructionCertificate.parse(utf8(vector.path("certificate")));
        assertEquals(tombstone, certificate.tombstone());
        assertEquals(Digest.sha256(utf8(vector.path("tombstone"))), certificate.tombstoneFile());
        assertEquals(Optional.empty(), certificate.refusal(request));
        SignedNote note = SignedNote.parse(utf8(vector.path("certificateNote")));
        assertEquals(certificate.signedText(), note.text());
        assertTrue(Tombstone.isSigned(note, keys(vector)));
        ShredRecord.Begun begun = (ShredRecord.Begun) ShredRecord.of(change(vector.path("begun")));
        assertEquals(certificate.keys(), begun.keys());
        ShredRecord.Done done = (ShredRecord.Done) ShredRecord.of(change(vector.path("done")));
        assertEquals(Digest.sha256(utf8(vector.path("certificate"))), done.certificate());
    }

    private static Change change(JsonNode change) {
        return new Change(
                Change.What.SHRED,
                change.path("before").textValue(),
                change.path("after").textValue(),
                change.path("reason").textValue());
    }

    @Test
    void whatIsNoneIsRefused() throws Exception {
        JsonNode vector = read("tombstone.json");
        for (JsonNode refused : vector.path("refusedRequests")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ShredRequest.parse(utf8(refused.path("note"))),
                    refused.path("why").textValue());
        }
        for (JsonNode refused : vector.path("refusedTombstones")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Tombstone.parse(utf8(refused.path("note")), keys(vector)),
                    refused.path("why").textValue());
        }
        for (JsonNode refused : vector.path("refusedCertificates")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> DestructionCertificate.parse(utf8(refused.path("json"))),
                    refused.path("why").textValue());
        }
    }
}
