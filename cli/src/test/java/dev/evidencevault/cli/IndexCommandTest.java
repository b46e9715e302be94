package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The care for a search index, as a user types it. */
class IndexCommandTest {
    @TempDir
    private Path directory;

    private List<Path> indexFiles(Path vault) throws Exception {
        try (Stream<Path> files = Files.walk(vault.resolve("tenants"))) {
            return files.filter(file -> file.toString().matches(".*\\.ev[xm]")).toList();
        }
    }

    @Test
    void anIndexIsMergedCheckedDamagedFoundAndMadeAnew() throws Exception {
        Path vault = directory.resolve("vault");
        Evault.run("init", "--vault", vault).ends(0);
        for (int i = 0; i < 3; i++) {
            String log = "<13>1 2026-05-01T00:00:0" + i + "Z host app - - - hello " + i + "\n";
            Evault.run(Evault.ENVIRONMENT, log, "ingest", "--vault", vault, "--format", "syslog", "--tenant", "t", "-")
                    .ends(0);
        }
        assertEquals(List.of(), indexFiles(vault), "segments of one block have none");
        assertEquals(
                "1 index files written\n",
                Evault.run("index", "merge", "--vault", vault, "--tenant", "t")
                        .ends(0)
                        .out());
        Path file = indexFiles(vault).getFirst();
        assertEquals(
                "the index leads to all 3 sealed events\n",
                Evault.run("index", "check", "--vault", vault, "--tenant", "t")
                        .ends(0)
                        .out());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Evault damaged =
                Evault.run("index", "check", "--vault", vault, "--tenant", "t").ends(5);
        assertTrue(damaged.out().contains("cannot be used"), damaged::toString);
        Evault search = Evault.run("search", "--vault", vault, "--tenant", "t", "--text", "hello", "--count")
                .ends(0);
        assertEquals("3\n", search.out());
        assertTrue(search.err().contains("cannot be used"), search::toString);
        Evault.run("verify", vault).ends(0);
        assertEquals(
                1,
                Evault.run("index", "rebuild", "--json", "--vault", vault, "--tenant", "t")
                        .ends(0)
                        .json()
                        .path("filesWritten")
                        .asInt());
        assertEquals(
                3,
                Evault.run("index", "check", "--json", "--vault", vault, "--tenant", "t")
                        .ends(0)
                        .json()
                        .path("events")
                        .asInt());
        Evault.run("index", "check", "--vault", vault, "--tenant", "nobody").ends(2);
    }
}
