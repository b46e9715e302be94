package dev.evidencevault.awskms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.crypto.keys.WrongKeyException;
import dev.evidencevault.kms.KeySources;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsKeySourceTest {
    private static final byte[] KEY = new byte[32];
    private static final String URI = "aws-kms://" + KmsServer.ARN;

    private final KmsServer server;

    @TempDir
    private Path folder;

    AwsKeySourceTest() throws IOException {
        server = new KmsServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private KeySource source() {
        return KeySources.open(URI, server.environment());
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
        assertTrue(settings.contains("\"uri\":\"" + URI + "\""), settings);
        assertFalse(settings.contains(KmsServer.ID));
    }

    @Test
    void itIsBoundToItsPurpose() throws Exception {
        byte[] wrapped = source().wrap(KEY, new byte[] {1});
        assertArrayEquals(KEY, source().unwrap(wrapped, new byte[] {1}));
        assertThrows(WrongKeyException.class, () -> source().unwrap(wrapped, new byte[] {2}));
        assertThrows(WrongKeyException.class, () -> source().unwrap(new byte[] {3}, new byte[] {1}));
        server.refusal = "IncorrectKeyException";
        assertThrows(WrongKeyException.class, () -> source().unwrap(wrapped, new byte[] {1}));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"AccessDeniedException", "DisabledException", "KMSInvalidStateException", "NotFoundException"})
    void aRefusalIsSaidAndIsNoWrongKey(String refusal) throws Exception {
        byte[] wrapped = source().wrap(KEY, new byte[0]);
        server.refusal = refusal;
        assertThrows(KeySourceException.class, () -> source().wrap(KEY, new byte[0]));
        KeySourceException said = assertThrows(KeySourceException.class, () -> source().unwrap(wrapped, new byte[0]));
        assertTrue(String.valueOf(said.getMessage()).contains(URI), said.getMessage());
    }

    @Test
    void anOutageIsNoWrongKey() throws Exception {
        KeySource source = source();
        byte[] wrapped = source.wrap(KEY, new byte[0]);
        server.close();
        assertThrows(KeySourceException.class, () -> source.unwrap(wrapped, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://",
                "aws-kms://alias/k",
                "aws-kms://arn:aws:kms:eu-central-1:1234:key/1",
                "aws-kms://arn:aws:s3:eu-central-1:123456789012:key/1",
                "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/1?x",
                "azure-kv://k"
            })
    void aNameOfAnotherFormIsRefused(String uri) {
        assertThrows(IllegalArgumentException.class, () -> KeySources.open(uri, server.environment()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
    void aMissingCredentialIsSaid(String variable) {
        Map<String, String> without = new HashMap<>(server.environment());
        without.remove(variable);
        IllegalArgumentException said =
                assertThrows(IllegalArgumentException.class, () -> KeySources.open(URI, without));
        assertTrue(String.valueOf(said.getMessage()).contains(variable));
        assertEquals(0, server.calls.get());
    }
}
