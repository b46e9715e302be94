package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.s3.FakeS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups are listed, searched, verified and restored from copies, in a directory and in a bucket; the vault is gone. */
class BackupFromCopyTest {
    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>(Evault.ENVIRONMENT);
    private Path data;
    private FakeS3 server;

    @BeforeEach
    void copy() throws Exception {
        environment.put("AWS_ACCESS_KEY_ID", "id");
        environment.put("AWS_SECRET_ACCESS_KEY", "key");
        Path vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        try (Vault open = Vault.open(vault, VaultSecret.passphrase("correct horse"), VaultOptions.defaults())) {
            open.tenant("acme").appendAndWait(Event.of("login").build());
            open.tenant("umbrella").appendAndWait(Event.of("login").build());
        }
        data = directory.resolve("data");
        Files.createDirectories(data.resolve("sub"));
        Files.writeString(data.resolve("orders.csv"), "id,price\n1,20\n");
        Files.writeString(data.resolve("sub/note"), "hello");
        for (String whose : List.of("--tenant=acme", "--tenant=umbrella", "--service-config")) {
            Evault.run("backup", "put", "--vault", vault, whose, "--service", "shop", data)
                    .ends(0);
        }
        Evault.run(
                        "backup",
                        "put",
                        "--vault",
                        vault,
                        "--tenant",
                        "acme",
                        "--service",
                        "web",
                        data.resolve("orders.csv"))
                .ends(0);
        server = new FakeS3(true, false);
        for (String to : List.of(logs(), server.location("logs"))) {
            evault("backup", "run", "--vault", vault, "--to", to).ends(0);
        }
        for (String to : List.of(service(), server.location("service"))) {
            evault("backup", "run", "--vault", vault, "--to", to, "--configuration")
                    .ends(0);
        }
        Files.move(vault, directory.resolve("gone"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String logs() {
        return directory.resolve("logs").toString();
    }

    private String service() {
        return directory.resolve("service").toString();
    }

    private Evault evault(Object... args) {
        return Evault.run(environment, "", args);
    }

    @Test
    void aTenantsBackupsComeBack() throws Exception {
        for (String copy : List.of(logs(), server.location("logs"))) {
            String name = copy.startsWith("s3") ? "bucket" : "directory";
            String list = evault("backup", "list", "--copy", copy, "--tenant", "acme")
                    .ends(0)
                    .out();
            assertEquals(2, list.lines().count(), list);
            assertFalse(list.contains("not in the log yet"), list);
            assertTrue(evault("backup", "list", "--copy", copy, "--tenant", "acme", "--item", 1)
                    .ends(0)
                    .out()
                    .contains("sub/note"));
            assertEquals(
                    1,
                    evault("backup", "search", "--copy", copy, "--tenant", "acme", "--path", "note")
                            .ends(0)
                            .out()
                            .lines()
                            .count());
            Path all = directory.resolve(name);
            evault("backup", "restore", "--copy", copy, "--tenant", "acme", "--all", "--out", all)
                    .ends(0);
            assertEquals("hello", Files.readString(all.resolve("shop/data/sub/note")));
            assertEquals("id,price\n1,20\n", Files.readString(all.resolve("web/orders.csv")));
            Path part = directory.resolve(name + "-part");
            evault("backup", "restore", "--copy", copy, "--tenant", "acme", "--item", 1, "--path", "sub", "--out", part)
                    .ends(0);
            assertEquals("hello", Files.readString(part.resolve("note")));
            assertEquals(
                    "id,price\n1,20\n",
                    evault("backup", "restore", "--copy", copy, "--tenant", "acme", "--item", 2, "--out", "-")
                            .ends(0)
                            .out());
            evault("backup", "verify", "--copy", copy).ends(0);
            evault("backup", "verify", "--copy", copy, "--tenant", "acme", "--contents")
                    .ends(0);
            Map<String, String> noSecret = new HashMap<>(environment);
            noSecret.remove(SecretOptions.VARIABLE);
            assertTrue(Evault.run(noSecret, "", "backup", "verify", "--copy", copy)
                    .ends(0)
                    .out()
                    .contains("the 3 backups"));
        }
        for (String copy : List.of(service(), server.location("service"))) {
            Path out = directory.resolve(copy.startsWith("s3") ? "s3-conf" : "conf");
            evault("backup", "restore", "--copy", copy, "--service-config", "--item", 1, "--out", out)
                    .ends(0);
            assertEquals("hello", Files.readString(out.resolve("sub/note")));
            evault("backup", "verify", "--copy", copy, "--service-config", "--contents")
                    .ends(0);
        }
    }

    @Test
    void whatIsNotThereOrNotAllowedHasItsExitCode() throws Exception {
        String bucket = server.location("logs");
        Path out = directory.resolve("out");
        evault("backup", "list", "--tenant", "acme").ends(2);
        evault("backup", "list", "--copy", bucket).ends(2);
        evault("backup", "list", "--copy", bucket, "--vault", logs(), "--tenant", "acme")
                .ends(2);
        evault("backup", "list", "--copy", directory.resolve("gone"), "--tenant", "acme")
                .ends(2);
        evault("backup", "verify", "--copy", bucket, "--contents").ends(2);
        evault("backup", "restore", "--copy", bucket, "--tenant", "acme", "--item", 9, "--out", out)
                .ends(2);
        evault("backup", "restore", "--copy", bucket, "--tenant", "acme", "--all", "--out", data)
                .ends(2);
        evault("backup", "list", "--copy", bucket, "--tenant", "nobody").ends(6);
        evault("backup", "list", "--copy", bucket, "--service-config").ends(6);
        evault("backup", "list", "--copy", server.location("service"), "--tenant", "acme")
                .ends(6);
        evault("backup", "put", "--vault", logs(), "--tenant", "acme", "--service", "shop", data)
                .ends(6);
        Evault.run(Map.of(), "", "backup", "list", "--copy", logs(), "--tenant", "acme")
                .ends(7);
        environment.put(SecretOptions.VARIABLE, "wrong");
        evault("backup", "list", "--copy", bucket, "--tenant", "acme").ends(7);
        assertFalse(Files.exists(out));
    }

    @Test
    void aRestoreThatIsInterruptedLeavesNothing() throws Exception {
        List<Path> before = entries(directory);
        List<Path> temporaryBefore = fetched();
        int answered = 0;
        int interrupted = 0;
        Path out = directory.resolve("out");
        for (int code = 1; code != 0; answered += 3) {
            server.refuseAfter(answered);
            code = evault(
                            "backup",
                            "restore",
                            "--copy",
                            server.location("logs"),
                            "--tenant",
                            "acme",
                            "--all",
                            "--out",
                            out)
                    .exitCode();
            if (code != 0) {
                assertEquals(1, code, "after " + answered + " requests");
                assertEquals(before, entries(directory));
                interrupted++;
            }
            assertEquals(temporaryBefore, fetched());
        }
        assertTrue(interrupted > 5, "only " + interrupted);
        assertEquals("hello", Files.readString(out.resolve("shop/data/sub/note")));
    }

    private static List<Path> entries(Path of) throws IOException {
        try (Stream<Path> entries = Files.list(of)) {
            return entries.sorted().toList();
        }
    }

    private static List<Path> fetched() throws IOException {
        return entries(Path.of(System.getProperty("java.io.tmpdir"))).stream()
                .filter(path -> String.valueOf(path.getFileName()).startsWith("evault-copy-"))
                .toList();
    }

    @Test
    void whatIsDamagedIsFoundAndNothingElseIsLost() throws Exception {
        Path pack;
        try (Stream<Path> files = Files.walk(directory.resolve("logs/tenants"))) {
            pack = files.filter(file -> file.endsWith("00000002.evb"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.delete(pack);
        evault("backup", "verify", "--copy", logs()).ends(3);
        evault("backup", "verify", "--copy", logs(), "--tenant", "acme").ends(3);
        Path out = directory.resolve("out");
        evault("backup", "restore", "--copy", logs(), "--tenant", "acme", "--all", "--out", out)
                .ends(3);
        assertTrue(Files.exists(out.resolve("shop/data/sub/note")));
        assertFalse(Files.exists(out.resolve("web/orders.csv")));
    }
}
