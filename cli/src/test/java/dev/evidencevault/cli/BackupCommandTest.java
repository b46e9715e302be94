package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as a user makes, finds, verifies and restores them. */
class BackupCommandTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path data;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        try (Vault open = open()) {
            open.tenant("acme").appendAndWait(Event.of("login").build());
            open.tenant("umbrella").appendAndWait(Event.of("login").build());
        }
        data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("orders.csv"), "id,price\n1,20\n");
        Files.createDirectory(data.resolve("sub"));
        Files.write(data.resolve("sub/empty"), new byte[0]);
    }

    private Vault open() throws Exception {
        return Vault.open(vault, VaultSecret.passphrase("correct horse"), VaultOptions.defaults());
    }

    private Evault put(Object... more) {
        Object[] arguments = new Object[8 + more.length];
        System.arraycopy(
                new Object[] {"backup", "put", "--vault", vault, "--tenant", "acme", "--service", "shop"},
                0,
                arguments,
                0,
                8);
        System.arraycopy(more, 0, arguments, 8, more.length);
        return Evault.run(arguments);
    }

    private Evault backup(String command, Object... more) {
        Object[] arguments = new Object[4 + more.length];
        System.arraycopy(new Object[] {"backup", command, "--vault", vault}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Evault.run(arguments);
    }

    @Test
    void aBackupIsPutFoundVerifiedAndRestored() throws Exception {
        JsonNode put = Json.mapper()
                .readTree(put(data, "--label", "host=db-1", "--json").ends(0).out());
        assertEquals(1, put.path("number").asLong());
        assertEquals("data", put.path("name").asText());
        assertTrue(put.path("recorded").asBoolean(), "no writer ran, so the command recorded it");
        assertTrue(put(data, "--name", "again").ends(0).out().contains(" 0 of them new"));
        assertTrue(backup("list", "--tenant", "acme").ends(0).out().contains("again"));
        String entries = backup("list", "--tenant", "acme", "--item", 1).ends(0).out();
        assertTrue(entries.contains("orders.csv") && entries.contains("sub/empty"), entries);
        assertEquals("", backup("list", "--tenant", "umbrella").ends(0).out());
        assertTrue(backup("search", "--tenant", "acme", "--label", "host=db-1")
                .ends(0)
                .out()
                .contains("data"));
        assertEquals(
                "",
                backup("search", "--tenant", "acme", "--service", "files")
                        .ends(0)
                        .out());
        assertEquals(
                2,
                backup("search", "--tenant", "acme", "--path", "orders")
                        .ends(0)
                        .out()
                        .lines()
                        .count());
        assertTrue(backup("verify").ends(0).out().contains("the 2 backups"), "without a passphrase");
        backup("verify", "--tenant", "acme", "--contents").ends(0);
        Evault.run("verify", vault).ends(0);
        Path out = directory.resolve("out");
        backup("restore", "--tenant", "acme", "--item", 1, "--out", out).ends(0);
        assertArrayEquals(
                Files.readAllBytes(data.resolve("orders.csv")), Files.readAllBytes(out.resolve("orders.csv")));
        backup("restore", "--tenant", "acme", "--item", 1, "--out", out).ends(2);
        Path file = directory.resolve("file");
        backup("restore", "--tenant", "acme", "--item", 1, "--path", "orders.csv", "--out", file)
                .ends(0);
        assertEquals(Files.readString(data.resolve("orders.csv")), Files.readString(file));
        Path set = directory.resolve("set");
        backup("restore", "--tenant", "acme", "--service", "shop", "--out", set).ends(0);
        assertTrue(Files.exists(set.resolve("shop/data/orders.csv")));
        assertTrue(Files.exists(set.resolve("shop/again/orders.csv")));
        backup("restore", "--tenant", "acme", "--at", "2020-01-01", "--out", directory.resolve("none"))
                .ends(2);
    }

    @Test
    void theServicesConfigurationIsKeptApart() throws Exception {
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, "worker_processes 2;");
        backup("put", "--service-config", "--service", "web", configuration).ends(0);
        assertTrue(backup("list", "--service-config").ends(0).out().contains("nginx.conf"));
        assertEquals("", backup("list", "--tenant", "acme").ends(0).out());
        backup("list", "--service-config", "--tenant", "acme").ends(2);
        backup("list").ends(2);
        backup("put", "--service-config", "--service", "web", vault).ends(2);
        backup("put", "--service-config", "--service", "web", vault.resolve("tenants"))
                .ends(2);
        backup("put", "--service-config", "--service", "web", vault.resolve("vault.json"))
                .ends(0);
        backup("verify", "--service-config", "--contents").ends(0);
    }

    @Test
    void besideALiveWriterItIsHandedOver() throws Exception {
        try (Vault open = open()) {
            Evault put = put(data).ends(0);
            assertTrue(put.err().contains("records it after its next anchor"), put.err());
            assertFalse(open.tenant("acme")
                    .backups()
                    .isRecorded(
                            open.tenant("acme").backups().catalogue().item(1).orElseThrow()));
            Path out = directory.resolve("out");
            backup("restore", "--tenant", "acme", "--item", 1, "--out", out).ends(0);
        }
        open().close();
        assertFalse(backup("list", "--tenant", "acme").ends(0).out().contains("not in the log yet"));
        backup("verify").ends(0);
    }

    @Test
    void whatIsWrongHasItsExitCode() throws Exception {
        put(data).ends(0);
        put(data, "--name", "second", "--anew").ends(0);
        put(directory.resolve("nothing")).ends(2);
        put("-").ends(2);
        backup("restore", "--tenant", "acme", "--item", 9, "--out", directory.resolve("x"))
                .ends(2);
        backup("restore", "--tenant", "nobody", "--item", 1, "--out", directory.resolve("x"))
                .ends(2);
        Path pack;
        try (var files = Files.walk(vault.resolve("tenants"))) {
            pack = files.filter(file -> file.endsWith("00000001.evb"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(pack);
        assertTrue(backup("restore", "--tenant", "acme", "--item", 1, "--out", directory.resolve("x"))
                .ends(3)
                .err()
                .contains("the pack is missing"));
        assertFalse(Files.exists(directory.resolve("x")));
        backup("restore", "--tenant", "acme", "--item", 2, "--out", directory.resolve("x"))
                .ends(0);
        Path set = directory.resolve("set");
        backup("restore", "--tenant", "acme", "--all", "--out", set).ends(3);
        assertTrue(Files.exists(set.resolve("shop/second/orders.csv")));
        assertFalse(Files.exists(set.resolve("shop/data")));
        backup("verify").ends(3);
        backup("verify", "--tenant", "acme").ends(3);
    }
}
