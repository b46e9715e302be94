package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesCommandTest {
    @TempDir
    Path directory;

    private Path vault;

    @BeforeEach
    void write() {
        vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(ExitCode.PASSED);
        Evault.run("places", "add", "--vault", vault, "--name", "main", "--kind", "vault", "--jurisdiction", "JP")
                .ends(ExitCode.PASSED);
        for (String[] place : new String[][] {{"osaka", "JP"}, {"berlin", "DE"}}) {
            Evault.run(
                            "places",
                            "add",
                            "--vault",
                            vault,
                            "--name",
                            place[0],
                            "--kind",
                            "logs",
                            "--jurisdiction",
                            place[1],
                            "--at",
                            directory.resolve(place[0]))
                    .ends(ExitCode.PASSED);
        }
        Evault.run("places", "bind", "--vault", vault, "--tenant", "acme", "--jurisdiction", "JP")
                .ends(ExitCode.PASSED);
        Evault.run(
                        Evault.ENVIRONMENT,
                        "<34>1 2026-05-01T00:00:00Z host su - ID47 - hello\n",
                        "ingest",
                        "--vault",
                        vault,
                        "--format",
                        "syslog",
                        "--tenant",
                        "free",
                        "-")
                .ends(ExitCode.PASSED);
    }

    @Test
    void keepsATenantWhereItIsBoundTo() throws Exception {
        JsonNode listed = Evault.run("places", "list", "--vault", vault, "--json")
                .ends(ExitCode.PASSED)
                .json();
        assertEquals(3, listed.path("places").size());
        assertEquals("acme", listed.path("bound").path(0).path("tenant").asText());
        assertTrue(Evault.run("places", "list", "--vault", vault)
                .ends(ExitCode.PASSED)
                .out()
                .contains("acme is bound to JP"));
        Evault refused =
                Evault.run("backup", "run", "--vault", vault, "--to", "berlin").ends(ExitCode.REFUSED);
        assertTrue(refused.err().contains("bound to JP"), refused.err());
        assertFalse(Files.exists(directory.resolve("berlin")));
        Evault.run("backup", "run", "--vault", vault, "--to", directory.resolve("elsewhere"))
                .ends(ExitCode.REFUSED);
        assertFalse(Files.exists(directory.resolve("elsewhere")));
        Evault.run("backup", "run", "--vault", vault, "--to", "osaka").ends(ExitCode.PASSED);
        assertEquals(
                1,
                Evault.run("backup", "run", "--vault", vault, "--to", "berlin", "--permitted", "--json")
                        .ends(ExitCode.PASSED)
                        .json()
                        .path("leftOut")
                        .intValue());
        for (Path each : List.of(vault, directory.resolve("osaka"), directory.resolve("berlin"))) {
            Evault.run("verify", each).ends(ExitCode.PASSED);
        }
        assertEquals(
                "1",
                Evault.run("search", "--copy", directory.resolve("berlin"), "--tenant", "free", "--count")
                        .ends(ExitCode.PASSED)
                        .out()
                        .strip());
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        Evault.run("places", "bind", "--vault", vault, "--tenant", "new", "--jurisdiction", "DE")
                .ends(ExitCode.REFUSED);
        Evault.run("places", "bind", "--vault", vault, "--tenant", "free", "--jurisdiction", "JP")
                .ends(ExitCode.USAGE);
        Evault.run("places", "bind", "--vault", vault, "--tenant", "free", "--jurisdiction", "XX", "--reason", "r")
                .ends(ExitCode.USAGE);
        Evault.run("places", "add", "--vault", vault, "--name", "moved", "--kind", "vault", "--jurisdiction", "DE")
                .ends(ExitCode.REFUSED);
        Evault.run("places", "add", "--vault", vault, "--name", "x", "--kind", "logs", "--jurisdiction", "DE")
                .ends(ExitCode.USAGE);
        Evault.run("places", "add", "--vault", vault, "--name", "X", "--kind", "vault", "--jurisdiction", "JP")
                .ends(ExitCode.USAGE);
    }
}
