package dev.evidencevault.crypto.merkle;

import static dev.evidencevault.crypto.SharedFiles.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The inclusion and consistency vectors of transparency-dev/merkle, good and bad. */
class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void inclusionVectorsAreAcceptedAndRefusedAsTheySay() throws IOException {
        assertEquals(98, checkAll("vectors/merkle-rfc6962/inclusion", VectorsTest::inclusionHolds));
    }

    @Test
    void consistencyVectorsAreAcceptedAndRefusedAsTheySay() throws IOException {
        assertEquals(98, checkAll("vectors/merkle-rfc6962/consistency", VectorsTest::consistencyHolds));
    }

    private static int checkAll(String folder, Predicate<JsonNode> holds) throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        try (Stream<Path> files = Files.walk(shared(folder))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                JsonNode vector = JSON.readTree(file.toFile());
                checked++;
                if (holds.test(vector) == vector.path("wantErr").asBoolean()) {
                    wrong.add(file.getFileName() + ": " + vector.path("desc").asText());
                }
            }
        }
        assertTrue(wrong.isEmpty(), wrong.toString());
        return checked;
    }

    private static boolean inclusionHolds(JsonNode vector) {
        try {
            return TreeProofs.checkInclusion(
                    digest(vector.path("leafHash")),
                    vector.path("leafIdx").asLong(),
                    vector.path("treeSize").asLong(),
                    proof(vector),
                    digest(vector.path("root")));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean consistencyHolds(JsonNode vector) {
        try {
            return TreeProofs.checkConsistency(
                    vector.path("size1").asLong(),
                    rootOrText(vector.path("root1")),
                    vector.path("size2").asLong(),
                    rootOrText(vector.path("root2")),
                    proof(vector));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<Digest> proof(JsonNode vector) {
        List<Digest> proof = new ArrayList<>();
        vector.path("proof").forEach(hash -> proof.add(digest(hash)));
        return proof;
    }

    private static Digest digest(JsonNode text) {
        return Digest.parseBase64(text.asText());
    }

    /** Some consistency vectors have a text for a root whose content does not matter; equal texts stay equal. */
    private static Digest rootOrText(JsonNode text) {
        byte[] bytes = Base64.getDecoder().decode(text.asText());
        return bytes.length == Digest.BYTES ? Digest.of(bytes) : Digest.sha256(bytes);
    }
}
