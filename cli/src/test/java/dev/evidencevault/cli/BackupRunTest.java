package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupRunTest {
    @TempDir
    Path directory;

    private Path vault;
    private Path copy;

    @BeforeEach
    void write() {
        vault = directory.resolve("vault");
        copy = directory.resolve("copy");
        Evault.run("init", "--vault", vault).ends(ExitCode.PASSED);
        ingest("acme", "alice", 3);
        ingest("umbrella", "wesker", 2);
    }

    private void ingest(String tenant, String host, int events) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < events; i++) {
            lines.append("<34>1 2026-05-01T00:00:0")
                    .append(i)
                    .append("Z ")
                    .append(host)
                    .append(" su - ID47 - hello\n");
        }
        Evault.run(
                        Evault.ENVIRONMENT,
                        lines.toString(),
                        "ingest",
                        "--vault",
                        vault,
                        "--format",
                        "syslog",
                        "--tenant",
                        tenant,
                        "-")
                .ends(ExitCode.PASSED);
    }

    private Path order() throws IOException {
        Path order = directory.resolve("order.json");
        Files.writeString(
                order,
                "{\"order\":\"1\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 9\",\"tenant\":\"acme\","
                        + "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-06-01T00:00:00Z\","
                        + "\"requestedBy\":\"a\",\"approvedBy\":\"b\"}",
                StandardCharsets.UTF_8);
        return order;
    }

    @Test
    void copiesSearchesExportsVerifiesAndGoesOn() throws Exception {
        assertTrue(Evault.run("backup", "run", "--vault", vault, "--to", copy, "--json")
                        .ends(ExitCode.PASSED)
                        .json()
                        .path("objects")
                        .longValue()
                > 5);
        assertEquals(
                0,
                Evault.run("backup", "run", "--vault", vault, "--to", copy, "--json")
                        .ends(ExitCode.PASSED)
                        .json()
                        .path("objects")
                        .longValue());
        Evault.run(Map.of(), "", "verify", copy).ends(ExitCode.PASSED);
        Evault.run("verify", copy).ends(ExitCode.PASSED);
        // The vault is gone.
        Files.move(vault, directory.resolve("seized"));
        assertEquals(
                "3",
                Evault.run("search", "--copy", copy, "--tenant", "acme", "--count")
                        .ends(ExitCode.PASSED)
                        .out()
                        .strip());
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--copy", copy, "--order", order(), "--out", bundle)
                .ends(ExitCode.PASSED);
        Evault.run(Map.of(), "", "verify", bundle).ends(ExitCode.PASSED);
        Evault refused = Evault.run("ingest", "--vault", copy, "--tenant", "acme", "--format", "syslog", order())
                .ends(ExitCode.REFUSED);
        assertTrue(refused.err().contains("init --continues"), refused.err());
        Evault.run("index", "rebuild", "--vault", copy, "--tenant", "acme").ends(ExitCode.REFUSED);
        Evault.run("verify", copy).ends(ExitCode.PASSED);
        Path next = directory.resolve("next");
        Evault.run("init", "--vault", next, "--continues", copy).ends(ExitCode.PASSED);
        Evault.run("verify", next).ends(ExitCode.PASSED);
        assertTrue(Evault.run("tenants", "--vault", next)
                .ends(ExitCode.PASSED)
                .out()
                .contains("umbrella"));
    }

    @Test
    void takesTheOldSecretForWhatIsContinued() throws Exception {
        Evault.run("backup", "run", "--vault", vault, "--to", copy).ends(ExitCode.PASSED);
        Path old = Files.writeString(directory.resolve("old"), "correct horse\n", StandardCharsets.UTF_8);
        Path fresh = Files.writeString(directory.resolve("fresh"), "battery staple\n", StandardCharsets.UTF_8);
        Path next = directory.resolve("next");
        Evault.run("init", "--vault", next, "--passphrase-file", fresh, "--continues", copy)
                .ends(ExitCode.KEY_UNAVAILABLE);
        assertFalse(Files.exists(next));
        Evault.run(
                        "init",
                        "--vault",
                        next,
                        "--passphrase-file",
                        fresh,
                        "--continues",
                        copy,
                        "--continues-passphrase-file",
                        old)
                .ends(ExitCode.PASSED);
        Evault.run("tenants", "--vault", next, "--passphrase-file", fresh).ends(ExitCode.PASSED);
    }

    @Test
    void saysWhatIsWrongWithItsOptions() throws Exception {
        Evault.run("backup", "run", "--vault", vault, "--to", copy, "--tenant", "nobody")
                .ends(ExitCode.REFUSED);
        Evault.run("backup", "run", "--vault", vault, "--to", copy, "--tenant", "acme", "--configuration")
                .ends(ExitCode.USAGE);
        Evault.run("backup", "run", "--vault", vault, "--to", copy, "--retain-days", "0")
                .ends(ExitCode.USAGE);
        Evault.run("backup", "run", "--vault", vault, "--to", copy, "--retain-days", "5")
                .ends(ExitCode.REFUSED);
        Evault.run("backup", "run", "--vault", vault, "--to", "s3://bucket/x").ends(ExitCode.USAGE);
        Evault.run("backup", "run", "--vault", vault, "--to", "other://bucket/x")
                .ends(ExitCode.USAGE);
        Evault.run("search", "--tenant", "acme").ends(ExitCode.USAGE);
        Evault.run("search", "--copy", vault, "--tenant", "acme").ends(ExitCode.USAGE);
        Evault.run("search", "--copy", copy, "--vault", vault, "--tenant", "acme")
                .ends(ExitCode.USAGE);
        Evault.run(Map.of(), "", "backup", "run", "--vault", vault, "--to", copy)
                .ends(ExitCode.KEY_UNAVAILABLE);
        assertFalse(Files.exists(copy));
        Evault.run("backup", "run", "--vault", vault, "--to", copy).ends(ExitCode.PASSED);
        Evault.run("backup", "run", "--vault", vault, "--to", copy, "--configuration")
                .ends(ExitCode.REFUSED);
    }
}
