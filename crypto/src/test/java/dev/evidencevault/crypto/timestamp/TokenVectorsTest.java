package dev.evidencevault.crypto.timestamp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.evidencevault.crypto.merkle.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The tokens of {@code docs/formats/vectors/tokens.json}, which the second verifier judges alike. */
class TokenVectorsTest {
    private static JsonNode vectors() throws Exception {
        return new ObjectMapper()
                .readTree(Files.readAllBytes(Path.of(System.getProperty("evidencevault.root", ".."))
                        .resolve("docs/formats/vectors/tokens.json")));
    }

    private static void requireSigned(JsonNode vectors, JsonNode token) throws GeneralSecurityException {
        Digest digest =
                Digest.sha256(HexFormat.of().parseHex(vectors.path("value").textValue()));
        TimeStamp.ofToken(HexFormat.of().parseHex(token.path("token").textValue()))
                .requireSigned(digest);
    }

    @Test
    void tokensAreJudgedAsTheyAre() throws Exception {
        JsonNode vectors = vectors();
        for (JsonNode good : vectors.path("accepted")) {
            assertDoesNotThrow(
                    () -> requireSigned(vectors, good), good.path("why").textValue());
        }
        for (JsonNode bad : vectors.path("refused")) {
            String why = bad.path("why").textValue();
            Exception refused = assertThrows(Exception.class, () -> requireSigned(vectors, bad), why);
            assertTrue(
                    refused instanceof GeneralSecurityException || refused instanceof IllegalArgumentException,
                    why + ": " + refused);
        }
    }
}
