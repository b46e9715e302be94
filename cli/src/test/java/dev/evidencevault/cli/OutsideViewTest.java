package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs of single records, sinks and the comparison of histories, as a user meets them. */
class OutsideViewTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path sink;
    private String key;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        sink = Files.createDirectory(directory.resolve("sink"));
        key = Evault.run("init", "--vault", vault, "--sink", sink, "--json")
                .ends(0)
                .json()
                .path("verifierKey")
                .textValue();
        ingest(vault, "hello", "--sink", sink).ends(0);
    }

    private Evault ingest(Path into, String text, Object... more) {
        List<Object> arguments =
                new ArrayList<>(List.of("ingest", "--vault", into, "--format", "syslog", "--tenant", "t"));
        arguments.addAll(List.of(more));
        arguments.add("-");
        String log = "<13>1 2026-05-01T00:00:00Z host app - - - " + text + "\n";
        return Evault.run(Evault.ENVIRONMENT, log, arguments.toArray());
    }

    private Path copy(String name) throws IOException {
        Path to = directory.resolve(name);
        List<Path> all;
        try (Stream<Path> files = Files.walk(vault)) {
            all = files.sorted().toList();
        }
        for (Path file : all) {
            Files.copy(file, to.resolve(vault.relativize(file).toString()));
        }
        return to;
    }

    @Test
    void aRecordIsProvenInAFileOfItsOwn() throws Exception {
        Path proof = directory.resolve("proof.json");
        Evault.run("prove", "--vault", vault, "--tenant", "t", "--seq", "0", "--out", proof)
                .ends(0);
        assertTrue(Evault.run("verify", proof, "--key", key).ends(0).out().contains("PASSED"));
        assertTrue(Evault.run("prove", "--vault", vault, "--tenant", "t", "--seq", "0", "--out", proof)
                .ends(2)
                .err()
                .contains("never overwritten"));
        Path none = directory.resolve("none.json");
        assertTrue(Evault.run("prove", "--vault", vault, "--tenant", "t", "--seq", "99", "--out", none)
                .ends(2)
                .err()
                .contains("no record 99"));
        assertTrue(Evault.run("prove", "--vault", vault, "--tenant", "u", "--seq", "0", "--out", none)
                .ends(2)
                .err()
                .contains("no tenant"));
        assertFalse(Files.exists(none));
        Files.writeString(proof, Files.readString(proof).replace("hello", "jello"));
        assertTrue(Evault.run("verify", proof).ends(3).out().contains("FAILED"));
        Files.writeString(proof, "{}");
        Evault.run("verify", proof).ends(3);
        Files.writeString(proof, "{");
        Evault.run("verify", proof).ends(3);
    }

    @Test
    void anOldCopyIsRefusedAndAForkIsProven() throws Exception {
        Path old = copy("old");
        ingest(vault, "more", "--sink", sink).ends(0);
        Evault refused = ingest(old, "x", "--sink", sink).ends(3);
        assertTrue(refused.err().contains("restored from a backup"), refused::toString);
        assertTrue(Evault.run("compare", vault, old).ends(0).out().contains("PASSED"));
        ingest(old, "x").ends(0);
        Path fork = directory.resolve("fork");
        Evault compared = Evault.run("compare", vault, old, "--out", fork).ends(3);
        assertTrue(compared.out().contains("two histories"), compared::toString);
        assertEquals(key, Files.readString(fork.resolve("key.txt")).strip());
        Evault again = Evault.run(
                        "compare",
                        fork.resolve("first.note"),
                        fork.resolve("second.note"),
                        "--key",
                        fork.resolve("key.txt"),
                        "--json")
                .ends(3);
        assertTrue(again.json().path("fork").booleanValue());
        Evault.run("compare", fork.resolve("first.note"), fork.resolve("second.note"))
                .ends(4);
        assertTrue(
                Evault.run("compare", vault, old, "--out", fork).ends(2).err().contains("fork"));
        Evault.run("compare", vault, directory.resolve("nosuch")).ends(2);
        assertTrue(Evault.run("compare", vault, sink).ends(2).err().contains("not a whole bundle"));
    }

    @Test
    void anAnchorOfTheOtherHistoryBesideItsOwnIsFound() throws Exception {
        Path fork = copy("fork");
        ingest(vault, "one", "--sink", sink).ends(0);
        ingest(fork, "another").ends(0);
        ingest(fork, "and another").ends(0);
        Path kept;
        try (Stream<Path> files = Files.list(sink)) {
            kept = files.findFirst().orElseThrow();
        }
        assertTrue(Evault.run("compare", vault, kept).ends(0).out().contains("PASSED"));
        assertTrue(Evault.run("compare", fork, kept).ends(3).out().contains("two histories"));
        List<String> anchors;
        try (Stream<Path> files = Files.list(vault.resolve("anchors"))) {
            anchors = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".eva"))
                    .sorted()
                    .toList();
        }
        String seen = anchors.getLast();
        Files.copy(
                vault.resolve("anchors").resolve(seen),
                fork.resolve("anchors").resolve(seen),
                StandardCopyOption.REPLACE_EXISTING);
        Evault compared = Evault.run("compare", fork, kept).ends(3);
        assertTrue(compared.out().contains("of another history"), compared::toString);
        Evault refused = ingest(fork, "more", "--sink", sink).ends(3);
        assertTrue(refused.err().contains("there are two histories"), refused::toString);
        assertTrue(Evault.run("verify", fork).ends(3).out().contains("FAILED"));
    }

    @Test
    void aSinkThatIsNotThereIsSaid() {
        Evault.run("init", "--vault", directory.resolve("other"), "--sink", directory.resolve("nosuch"))
                .ends(1);
        assertFalse(Files.exists(directory.resolve("other")));
        assertTrue(
                Evault.run("verify", "--witness", "no+key", vault).ends(2).err().contains("--witness"));
    }
}
