package dev.evidencevault.kms;

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
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.reader.VaultReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransitKeySourceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TransitServer server;

    @TempDir
    private Path folder;

    TransitKeySourceTest() throws IOException {
        server = new TransitServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private VaultSecret secret() {
        return VaultSecret.keySource(new TransitKeySource(server.address(), TransitServer.TOKEN, TIMEOUT));
    }

    private static void append(Vault vault, String action) throws Exception {
        vault.tenant("acme").append(Event.of(action).build()).join();
    }

    private long events() throws Exception {
        return VaultReader.open(folder, secret()).tenant("acme").orElseThrow().eventCount();
    }

    @Test
    void aVaultAsksOnceWhenItIsCreatedAndOnceWhenItIsOpened() throws Exception {
        try (Vault vault = Vault.create(folder, secret(), VaultOptions.defaults())) {
            assertEquals(2, server.calls.get(), "the key is wrapped, and unwrapped to see that it can be");
            for (int i = 0; i < 100; i++) {
                append(vault, "a");
            }
            vault.tenant("other");
        }
        assertEquals(2, server.calls.get());
        Vault.open(folder, secret(), VaultOptions.defaults()).close();
        assertEquals(3, server.calls.get());
        assertEquals(100, events());
        assertFalse(Files.readString(folder.resolve("vault.json")).contains(TransitServer.TOKEN));
    }

    @Test
    void anOutageStopsNothingThatRunsAndOpensNothingNew() throws Exception {
        try (Vault vault = Vault.create(folder, secret(), VaultOptions.defaults())) {
            append(vault, "before");
            server.outage = 503;
            append(vault, "meanwhile");
            vault.tenant("new").append(Event.of("meanwhile").build()).join();
            vault.seal();
            KeySourceException sealed =
                    assertThrows(KeySourceException.class, () -> VaultReader.open(folder, secret()));
            assertTrue(String.valueOf(sealed.getMessage()).contains("503: [\"Vault is sealed\"]"), sealed.getMessage());
        }
        assertThrows(KeySourceException.class, () -> Vault.open(folder, secret(), VaultOptions.defaults()));
        server.outage = 0;
        assertEquals(2, events());
    }

    @Test
    void creatingAVaultDuringAnOutageLeavesNone() throws Exception {
        server.outage = 500;
        assertThrows(KeySourceException.class, () -> Vault.create(folder, secret(), VaultOptions.defaults()));
        assertFalse(Files.exists(folder.resolve("vault.json")));
        server.outage = 0;
        Vault.create(folder, secret(), VaultOptions.defaults()).close();
    }

    @Test
    void noOtherKeyOrVaultIsOpened() throws Exception {
        Vault.create(folder, secret(), VaultOptions.defaults()).close();
        assertThrows(WrongKeyException.class, () -> VaultReader.open(folder, VaultSecret.passphrase("p")));
        try (TransitServer other = new TransitServer()) {
            VaultSecret elsewhere =
                    VaultSecret.keySource(new TransitKeySource(other.address(), TransitServer.TOKEN, TIMEOUT));
            assertThrows(WrongKeyException.class, () -> VaultReader.open(folder, elsewhere));
        }
        KeySource source = new TransitKeySource(server.address(), TransitServer.TOKEN, TIMEOUT);
        byte[] wrapped = source.wrap(new byte[32], new byte[] {1});
        assertEquals(32, source.unwrap(wrapped, new byte[] {1}).length);
        assertThrows(WrongKeyException.class, () -> source.unwrap(wrapped, new byte[] {2}));
        assertThrows(WrongKeyException.class, () -> source.unwrap(new byte[] {'x'}, new byte[] {1}));
    }

    @Test
    void theWrappedKeyCannotBeExchanged() throws Exception {
        Vault.create(folder, secret(), VaultOptions.defaults()).close();
        Path settings = folder.resolve("vault.json");
        String text = Files.readString(settings);
        assertTrue(
                text.contains("\"keySource\":{\"type\":\"wrapped\",\"uri\":\"" + server.address() + "\",\"key\":\""));
        Files.writeString(settings, text.replace("/keys/evault", "/keys/other1"));
        assertThrows(CorruptFileException.class, () -> VaultReader.open(folder, secret()));
    }

    @Test
    void refusalsAndSilenceAreSaid() throws Exception {
        KeySource stranger = new TransitKeySource(server.address(), "hvs.stranger", TIMEOUT);
        KeySourceException refused =
                assertThrows(KeySourceException.class, () -> stranger.wrap(new byte[32], new byte[0]));
        assertTrue(String.valueOf(refused.getMessage()).contains("403: [\"permission denied\"]"), refused.getMessage());
        KeySource unknown =
                new TransitKeySource(server.address().replace("evault", "none"), TransitServer.TOKEN, TIMEOUT);
        assertThrows(KeySourceException.class, () -> unknown.wrap(new byte[32], new byte[0]));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KeySource source = new TransitKeySource(
                    "http://127.0.0.1:" + silent.getLocalPort() + "/v1/transit/keys/k", "t", Duration.ofMillis(200));
            KeySourceException late =
                    assertThrows(KeySourceException.class, () -> source.wrap(new byte[32], new byte[0]));
            assertTrue(String.valueOf(late.getMessage()).contains("within 200 ms"), late.getMessage());
        }
        server.close();
        KeySourceException gone = assertThrows(
                KeySourceException.class,
                () -> new TransitKeySource(server.address(), "t", TIMEOUT).wrap(new byte[32], new byte[0]));
        assertTrue(String.valueOf(gone.getMessage()).contains("cannot be reached"), gone.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"data\":{}}",
                "{\"data\":{\"ciphertext\":7,\"plaintext\":7}}",
                "{\"data\":{\"ciphertext\":\"\",\"plaintext\":\"no base64\"}}"
            })
    void answersOfAnotherFormAreRefused(String answer) {
        KeySource source = new TransitKeySource(server.address(), TransitServer.TOKEN, TIMEOUT);
        server.answer = answer;
        assertThrows(KeySourceException.class, () -> source.wrap(new byte[32], new byte[0]));
        assertThrows(KeySourceException.class, () -> source.unwrap(new byte[] {'x'}, new byte[0]));
    }

    @Test
    void noMoreIsReadThanAnAnswerCanHave() {
        KeySource source = new TransitKeySource(server.address(), TransitServer.TOKEN, TIMEOUT);
        server.answer = "{\"data\":{\"ciphertext\":\"" + "x".repeat(17 << 10) + "\"}}";
        KeySourceException tooLong =
                assertThrows(KeySourceException.class, () -> source.wrap(new byte[32], new byte[0]));
        assertTrue(String.valueOf(tooLong.getMessage()).contains("1 to 16384 bytes"), tooLong.getMessage());
        server.answer = " ".repeat(1 << 20);
        KeySourceException longer =
                assertThrows(KeySourceException.class, () -> source.wrap(new byte[32], new byte[0]));
        assertTrue(String.valueOf(longer.getMessage()).contains("at most 65536 bytes"), longer.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "transit/keys/k",
                "https://h/v1/transit/encrypt/k",
                "https://h/v1/transit/keys/",
                "https://h/v1/transit/keys/a b",
                "https://user:secret@h/v1/transit/keys/k",
                "https://h/v1/transit/keys/k?x=1",
                "ftp://h/v1/transit/keys/k"
            })
    void addressesOfAnotherFormAreRefused(String address) {
        assertThrows(IllegalArgumentException.class, () -> new TransitKeySource(address, "t", TIMEOUT));
    }
}
