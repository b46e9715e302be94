package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.CryptoSuite;
import dev.evidencevault.crypto.keys.KeySource;
import dev.evidencevault.crypto.keys.KeySourceException;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.storage.Layout;
import dev.evidencevault.storage.Layout.LogDirectory;
import dev.evidencevault.storage.UnlockedVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evault keys}, as a user runs it. */
class KeysCommandTest {
    private static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");

    @TempDir
    private Path directory;

    private Path vault;

    @BeforeEach
    void write() throws Exception {
        vault = directory.resolve("vault");
        try (Vault created = Vault.create(vault, SECRET, options())) {
            for (String tenant : List.of("acme", "initech")) {
                created.tenant(tenant).appendAndWait(Event.of("act").build());
            }
        }
    }

    private static VaultOptions options() {
        return VaultOptions.defaults().withArgon2MemoryKib(64);
    }

    private Evault keys(String command, Object... more) {
        Object[] args = new Object[4 + more.length];
        args[0] = "keys";
        args[1] = command;
        args[2] = "--vault";
        args[3] = vault;
        System.arraycopy(more, 0, args, 4, more.length);
        return Evault.run(args);
    }

    private LogDirectory log(String tenant) throws Exception {
        return new Layout(vault)
                .tenant(UnlockedVault.unlock(vault, SECRET).tenants().get(tenant));
    }

    @Test
    void theListTellsOfEachLogAndOfOneTenantAlone() throws Exception {
        JsonNode all = keys("list", "--json").ends(0).json();
        assertEquals(3, all.size());
        assertEquals("(service)", all.path(0).path("tenant").textValue());
        assertEquals("acme", all.path(1).path("tenant").textValue());
        assertEquals(1, all.path(1).path("epoch").intValue());
        assertEquals("vault", all.path(1).path("source").textValue());
        assertEquals(1, all.path(1).path("keys").path("backup").intValue());
        assertTrue(all.path(1).path("since").isTextual());
        String one = keys("list", "--tenant", "acme").ends(0).out();
        assertTrue(one.contains("acme: epoch 1, wrapped by vault"), one);
        assertFalse(one.contains("initech"), one);
        keys("list", "--tenant", "nobody").ends(2);
        one.lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void aRotationIsListedAndReported() throws Exception {
        JsonNode rotated = keys("rotate", "--json", "--tenant", "acme", "--reason", "an | operator\nleft")
                .ends(0)
                .json();
        assertEquals(2, rotated.path("epochs").path("acme").intValue());
        assertFalse(rotated.path("epochs").has("initech"));
        keys("rotate", "--all", "--reason", "yearly").ends(0);
        JsonNode report = keys("report", "--json").ends(0).json();
        assertEquals("passphrase", report.path("vault").path("secret").textValue());
        JsonNode acme = report.path("logs").path(1);
        assertEquals(3, acme.path("epoch").intValue());
        assertEquals(3, acme.path("keys").path("content").intValue());
        assertEquals(1, acme.path("keys").path("salt").intValue());
        assertEquals(2, acme.path("rotations").size());
        assertEquals(
                "an | operator\nleft",
                acme.path("rotations").path(0).path("reason").textValue());
        assertEquals(acme.path("since"), acme.path("rotations").path(1).path("at"));
        for (JsonNode kind : report.path("kinds")) {
            assertTrue(kind.path("bits").intValue() >= 256, kind.toString());
            for (String member : List.of("name", "algorithm", "use", "kept", "lifetime")) {
                assertFalse(kind.path(member).asText().isBlank(), kind.toString());
            }
        }
        String page = keys("report").ends(0).out();
        assertTrue(page.contains("an \\| operator left"), page);
        keys("check").ends(0);
        Evault.run("verify", vault, "--passphrase-file", passphrase()).ends(0);
    }

    private Path passphrase() throws Exception {
        return Files.writeString(directory.resolve("passphrase"), "correct horse\n");
    }

    @Test
    void theReportNamesTheAlgorithmsOfTheSuite() throws Exception {
        Path other = directory.resolve("other");
        Vault.create(other, SECRET, options().withSuite(CryptoSuite.CHACHA_P384))
                .close();
        JsonNode kinds = Evault.run("keys", "report", "--json", "--vault", other)
                .ends(0)
                .json()
                .path("kinds");
        Map<String, String> expected =
                Map.of("signing", "ECDSA-P384", "file", "ChaCha20-Poly1305", "names", "ChaCha20-Poly1305");
        int found = 0;
        for (JsonNode kind : kinds) {
            String algorithm = expected.get(kind.path("name").textValue());
            if (algorithm != null) {
                assertEquals(algorithm, kind.path("algorithm").textValue());
                found++;
            }
        }
        assertEquals(expected.size(), found);
    }

    @Test
    void theReportForATenantShowsNothingOfOthersAndNoSecret() throws Exception {
        keys("rotate", "--all", "--reason", "yearly").ends(0);
        Path page = directory.resolve("acme.md");
        String json = keys("report", "--tenant", "acme", "--json", "--out", page)
                .ends(0)
                .out();
        String keyFile = Files.readString(log("acme").keys());
        keyFile = keyFile.substring(keyFile.indexOf("keysets"));
        for (String text : List.of(json, Files.readString(page))) {
            assertTrue(text.contains("acme"), text);
            assertFalse(text.contains("initech"), text);
            assertFalse(text.contains("(service)"), text);
            assertFalse(text.contains("passphrase"), text);
            for (int at = 0; at + 24 <= keyFile.length(); at += 12) {
                String part = keyFile.substring(at, at + 24);
                assertFalse(part.matches("[A-Za-z0-9+/]{24}") && text.contains(part), part);
            }
        }
        keys("report", "--out", page).ends(2);
    }

    @Test
    void theCheckFindsWhatNoKeyOpens() throws Exception {
        JsonNode checked = keys("check", "--json").ends(0).json();
        assertEquals(3, checked.size());
        assertEquals(1, checked.path(1).path("segments").intValue());
        byte[] keysOfAcme = Files.readAllBytes(log("acme").keys());
        Path segment = log("acme").segment(1);
        byte[] bytes = Files.readAllBytes(segment);
        byte[] changed = bytes.clone();
        changed[60] ^= 1;
        Files.write(segment, changed);
        String found = keys("check").ends(3).out();
        assertTrue(found.contains("does not open"), found);
        keys("check", "--tenant", "initech").ends(0);
        Files.write(segment, bytes);
        String text = Files.readString(log("acme").keys());
        int at = text.indexOf("\"content\":\"") + 60;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Files.writeString(log("acme").keys(), text.substring(0, at) + other + text.substring(at + 1));
        keys("check", "--tenant", "acme").ends(3);
        Files.write(log("acme").keys(), keysOfAcme);
        keys("check").ends(0);
    }

    @Test
    void anotherSecretOpensTheVaultAndTheOldOneDoesNot() throws Exception {
        Path next = Files.writeString(directory.resolve("next"), "staple battery\n");
        keys("rewrap").ends(2);
        keys("rewrap", "--new-passphrase-file", next, "--new-key-file", next).ends(2);
        keys("rewrap", "--new-key-file", Files.writeString(directory.resolve("short"), "short"))
                .ends(7);
        keys("list").ends(0);
        JsonNode said =
                keys("rewrap", "--json", "--new-passphrase-file", next).ends(0).json();
        assertEquals(2, said.path("secretEpoch").intValue());
        keys("list").ends(7);
        keys("rewrap", "--new-passphrase-file", next).ends(7);
        keys("check", "--passphrase-file", next).ends(0);
        Path file = Files.write(directory.resolve("key"), new byte[40]);
        keys("rewrap", "--passphrase-file", next, "--new-key-file", file).ends(0);
        keys("check", "--key-file", file).ends(0);
        Evault.run("verify", vault, "--key-file", file).ends(0);
    }

    @Test
    void aTenantWhoseSourceIsAwayConcernsNoOther() throws Exception {
        KeySource source = plain();
        try (Vault open = Vault.open(
                vault, SECRET.withTenants(tenant -> tenant.equals("acme") ? List.of(source) : List.of()), options())) {
            assertEquals(
                    Map.of("acme", 2),
                    open.rotateKeys(List.of("acme"), "a test").epochs());
        }
        // The address of a server that is not there.
        Path token = Files.writeString(directory.resolve("token"), "s.token\n");
        Path file = tenants("{\"acme\":[{\"transit\":\"http://127.0.0.1:1/v1/transit/keys/acme\",\"tokenFile\":\""
                + token + "\"}]}");
        for (Object[] given : new Object[][] {{}, {"--tenant-keys", file}}) {
            JsonNode list = keys("list", with(given, "--json")).ends(7).json();
            assertTrue(list.path(1).path("unavailable").isTextual(), list.toString());
            assertFalse(list.path(2).has("unavailable"), list.toString());
            keys("list", with(given, "--tenant", "initech")).ends(0);
            keys("report", with(given, "--tenant", "acme")).ends(7);
            keys("check", with(given)).ends(7);
            Evault rotated = keys("rotate", with(given, "--all", "--reason", "yearly", "--json"));
            JsonNode result = rotated.ends(7).json();
            assertTrue(result.path("failures").has("acme"), result.toString());
            assertTrue(result.path("epochs").has("initech"), result.toString());
            Evault.run("search", "--vault", vault, "--tenant", "initech").ends(0);
            Evault.run("search", "--vault", vault, "--tenant", "acme").ends(7);
            Evault tenants = Evault.run("tenants", "--vault", vault).ends(7);
            assertTrue(tenants.out().contains("initech") && tenants.err().contains("acme"), tenants.toString());
        }
        // Of an import, the lines of the others are stored; those of this tenant are kept for later.
        Path log = Files.writeString(directory.resolve("log"), line("acme") + line("initech") + line("acme"));
        Path rejects = directory.resolve("rejects");
        Evault imported =
                Evault.run("ingest", "--json", "--vault", vault, "--format", "cloudtrail", "--rejects", rejects, log);
        JsonNode summary = imported.ends(7).json();
        assertEquals(1, summary.path("stored").intValue());
        assertEquals(2, summary.path("rejected").intValue());
        assertTrue(Files.readString(rejects).contains("key unavailable"), Files.readString(rejects));
    }

    private static String line(String account) {
        return "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-05-01T12:00:00Z\",\"eventSource\":\"s3.amazonaws.com\","
                + "\"eventName\":\"GetObject\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"alice\"},"
                + "\"recipientAccountId\":\"" + account + "\",\"eventID\":\"e-" + account + "\"}\n";
    }

    private Path tenants(String json) throws Exception {
        return Files.writeString(directory.resolve("tenants.json"), "{\"tenants\":" + json + "}");
    }

    private static Object[] with(Object[] given, Object... more) {
        Object[] all = new Object[given.length + more.length];
        System.arraycopy(given, 0, all, 0, given.length);
        System.arraycopy(more, 0, all, given.length, more.length);
        return all;
    }

    @Test
    void aFileOfTenantsKeysIsOfOneForm() throws Exception {
        for (String wrong : List.of(
                "[]",
                "{\"acme\":[]}",
                "{\"acme\":{}}",
                "{\"acme\":[1]}",
                "{\"acme\":[{}]}",
                "{\"acme\":[{\"token\":\"a\",\"label\":\"b\"}]}",
                "{\"acme\":[{\"token\":\"a\",\"label\":\"b\",\"pin\":\"1234\",\"pinFile\":\"c\"}]}",
                "{\"acme\":[{\"transit\":\"a\",\"tokenFile\":\"b\",\"label\":\"c\"}]}")) {
            keys("list", "--tenant-keys", tenants(wrong)).ends(2);
        }
        keys("list", "--tenant-keys", directory.resolve("nowhere")).ends(2);
        keys("list", "--tenant-keys", tenants("{\"acme\":[{\"token\":\"no.cfg\",\"label\":\"b\",\"pinFile\":\"no\"}]}"))
                .ends(0);
        // An address that is none is the fault of one tenant, when its keys are asked for.
        Path wrong = tenants("{\"acme\":[{\"transit\":\"a\",\"tokenFile\":\"tenants.json\"}]}");
        keys("rotate", "--all", "--reason", "a test", "--tenant-keys", wrong).ends(7);
    }

    @Test
    void aKeyOfAServiceIsNamedAndItsCredentialsAreNot() throws Exception {
        String arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        String google = "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k";
        Path other = directory.resolve("other");
        for (List<String> said : List.of(
                List.of("aws-kms://" + arn, "AWS_ACCESS_KEY_ID"),
                List.of(google, "GOOGLE_OAUTH_ACCESS_TOKEN"),
                List.of("aws-kms://k", "arn:aws:kms:REGION"),
                List.of("azure-kv://k", "azure-kv://k"))) {
            Evault init = Evault.run("init", "--vault", other, "--key-kms", said.get(0))
                    .ends(7);
            assertTrue(init.err().contains(said.get(1)), init.toString());
            keys("rewrap", "--new-key-kms", said.get(0)).ends(7);
        }
        assertFalse(Files.exists(other.resolve("vault.json")));
        Evault.run("init", "--vault", other, "--key-kms", google, "--key-file", other)
                .ends(2);
        keys(
                        "rotate",
                        "--all",
                        "--reason",
                        "a test",
                        "--tenant-keys",
                        tenants("{\"acme\":[{\"kms\":\"" + google + "\"}]}"))
                .ends(7);
        keys("list", "--tenant-keys", tenants("{\"acme\":[{\"kms\":\"a\",\"label\":\"b\"}]}"))
                .ends(2);
    }

    /** A source that keeps nothing secret. */
    private static KeySource plain() {
        return new KeySource() {
            @Override
            public String uri() {
                return "http://127.0.0.1:1/v1/transit/keys/acme";
            }

            @Override
            public byte[] wrap(byte[] key, byte[] associatedData) throws KeySourceException {
                return key.clone();
            }

            @Override
            public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws KeySourceException {
                return wrapped.clone();
            }
        };
    }
}
