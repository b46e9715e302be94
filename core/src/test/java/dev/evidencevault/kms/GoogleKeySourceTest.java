package dev.evidencevault.kms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleKeySourceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] KEY = new byte[32];

    private final GoogleServer server;

    @TempDir
    private Path folder;

    GoogleKeySourceTest() throws IOException {
        server = new GoogleServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private GoogleKeySource source(Supplier<String> token) {
        return new GoogleKeySource(GoogleServer.NAME, server.endpoint(), token, TIMEOUT);
    }

    private GoogleKeySource source() {
        return source(() -> GoogleServer.TOKEN);
    }

    @Test
    void itOpensAVaultAndStandsInItByItsNameAlone() throws Exception {
        VaultSecret secret = VaultSecret.keySource(source());
        try (Vault vault = Vault.create(folder, secret, VaultOptions.defaults())) {
            vault.tenant("acme").appendAndWait(Event.of("a").build());
        }
        assertEquals(
                1, VaultReader.open(folder, secret).tenant("acme").orElseThrow().eventCount());
        String settings = Files.readString(folder.resolve("vault.json"));
        assertTrue(settings.contains("\"uri\":\"gcp-kms://" + GoogleServer.NAME + "\""), settings);
        assertFalse(settings.contains(GoogleServer.TOKEN) || settings.contains(server.endpoint()));
    }

    @Test
    void itIsBoundToItsPurpose() throws Exception {
        byte[] wrapped = source().wrap(KEY, new byte[] {1});
        assertArrayEquals(KEY, source().unwrap(wrapped, new byte[] {1}));
        assertThrows(WrongKeyException.class, () -> source().unwrap(wrapped, new byte[] {2}));
        assertThrows(WrongKeyException.class, () -> source().unwrap(new byte[] {3}, new byte[] {1}));
    }

    @Test
    void aTokenIsAskedForEachTimeAndRefusalsAreSaid() throws Exception {
        List<String> tokens = new java.util.ArrayList<>(List.of(GoogleServer.TOKEN, "ya29.late"));
        GoogleKeySource expiring = source(() -> tokens.remove(0));
        byte[] wrapped = expiring.wrap(KEY, new byte[0]);
        KeySourceException late = assertThrows(KeySourceException.class, () -> expiring.unwrap(wrapped, new byte[0]));
        assertTrue(String.valueOf(late.getMessage()).contains("401"), late.getMessage());
        assertTrue(String.valueOf(late.getMessage()).contains("UNAUTHENTICATED"), late.getMessage());
        assertThrows(KeySourceException.class, () -> expiring.wrap(KEY, new byte[0]), "no token is left");
        GoogleKeySource unknown =
                new GoogleKeySource(GoogleServer.NAME + "x", server.endpoint(), () -> GoogleServer.TOKEN, TIMEOUT);
        assertThrows(KeySourceException.class, () -> unknown.wrap(KEY, new byte[0]));
        server.close();
        assertThrows(KeySourceException.class, () -> source().wrap(KEY, new byte[0]));
    }

    private static ObjectNode flipped(ObjectNode answer, String member) {
        byte[] bytes = Base64.getDecoder().decode(answer.path(member).asText());
        bytes[0] ^= 1;
        return answer.put(member, Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void whatArrivesChangedIsNotTaken() throws Exception {
        byte[] wrapped = source().wrap(KEY, new byte[0]);
        for (UnaryOperator<ObjectNode> change : List.<UnaryOperator<ObjectNode>>of(
                answer -> flipped(answer, "ciphertext"),
                answer -> answer.put("ciphertextCrc32c", "17"),
                answer -> answer.without("ciphertextCrc32c"),
                answer -> answer.put("verifiedPlaintextCrc32c", false),
                answer -> answer.without("verifiedAdditionalAuthenticatedDataCrc32c"),
                answer -> answer.put("ciphertext", ""),
                answer -> answer.put("ciphertext", "?"),
                answer -> answer.without("ciphertext"))) {
            server.onTheWay = change;
            assertThrows(KeySourceException.class, () -> source().wrap(KEY, new byte[0]));
        }
        for (UnaryOperator<ObjectNode> change : List.<UnaryOperator<ObjectNode>>of(
                answer -> flipped(answer, "plaintext"),
                answer -> answer.put("plaintextCrc32c", "17"),
                answer -> answer.without("plaintextCrc32c"),
                answer -> answer.without("plaintext"))) {
            server.onTheWay = change;
            assertThrows(KeySourceException.class, () -> source().unwrap(wrapped, new byte[0]));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kek",
                "gcp-kms://kek",
                "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
                "projects/p/locations/l/keyRings/r/cryptoKeys/k:encrypt?",
                "projects/../locations/l/keyRings/r/cryptoKeys/k",
                "aws-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k"
            })
    void aNameOfAnotherFormIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new GoogleKeySource(name, () -> "t", TIMEOUT));
    }

    @Test
    void aTokenThatCannotStandInAHeaderIsNotSent() {
        for (String token : List.of("", "a b", "a\r\nX: y", "\u00e9")) {
            assertThrows(KeySourceException.class, () -> source(() -> token).wrap(KEY, new byte[0]));
        }
        assertEquals(0, server.calls.get());
    }
}
