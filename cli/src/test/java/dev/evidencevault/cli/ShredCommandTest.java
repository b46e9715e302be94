package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evault shred}, as a user runs it. */
class ShredCommandTest {
    private static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");

    @TempDir
    private Path directory;

    private Path vault;
    private Map<String, String> environment;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        environment = new HashMap<>(Evault.ENVIRONMENT);
        environment.put(PersonSecretOption.VARIABLE, "my own");
        try (Vault created = Vault.create(vault, SECRET, VaultOptions.defaults().withArgon2MemoryKib(64))) {
            for (String tenant : List.of("acme", "initech")) {
                created.tenant(tenant).appendAndWait(Event.of("document.read").build());
            }
        }
        person("hayashi", "H. Hayashi", "operator");
        person("sato", "K. Sato", "approver");
    }

    private void person(String id, String name, String role) throws Exception {
        String text = PersonKeyFile.create(directory.resolve(id + ".key"), id, VaultSecret.passphrase("my own"), 64)
                .text();
        Path file = Files.writeString(directory.resolve(id + ".pub"), text);
        run("case", "person", "add", "--vault", vault, "--public-key", file, "--name", name, "--role", role)
                .ends(0);
    }

    private Evault run(Object... args) {
        return Evault.run(environment, "", args);
    }

    private Evault as(String person, Object... args) {
        List<Object> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--vault", vault, "--sign-with", directory.resolve(person + ".key")));
        return run(all.toArray());
    }

    private Path approved() {
        Path request = directory.resolve("request.note");
        as("hayashi", "shred", "request", "--tenant", "acme", "--reason", "contract 17 ended", "--out", request)
                .ends(0);
        Path approved = directory.resolve("approved.note");
        Evault approval =
                as("sato", "shred", "approve", request, "--out", approved).ends(0);
        assertTrue(approval.out().contains("approved by sato"), approval.out());
        return approved;
    }

    @Test
    void fromTheRequestToTheCertificate() throws Exception {
        Path copy = directory.resolve("copy");
        run("places", "add", "--vault", vault, "--name", "main", "--kind", "vault", "--jurisdiction", "JP")
                .ends(0);
        Files.createDirectory(copy);
        run(
                        "places",
                        "add",
                        "--vault",
                        vault,
                        "--name",
                        "osaka",
                        "--kind",
                        "logs",
                        "--jurisdiction",
                        "JP",
                        "--at",
                        copy)
                .ends(0);
        run("backup", "run", "--vault", vault, "--to", "osaka").ends(0);
        run("search", "--copy", copy, "--tenant", "acme", "--count").ends(0);
        Path approved = approved();
        Evault dry =
                run("shred", "run", approved, "--vault", vault, "--dry-run").ends(0);
        assertTrue(dry.out().contains("osaka") && dry.out().contains("Nothing was destroyed."), dry.out());
        run("search", "--vault", vault, "--tenant", "acme", "--count").ends(0);
        run("shred", "run", approved, "--vault", vault).ends(2);

        Path certificate = directory.resolve("certificate");
        Path gone = directory.resolve("not-there");
        Evault ran = run("shred", "run", approved, "--vault", vault, "--to", gone, "--out", certificate)
                .ends(5);
        assertTrue(ran.out().contains("osaka: the keys are gone"), ran.out());
        assertTrue(ran.out().contains("not-there: not reached"), ran.out());
        run("shred", "verify", certificate, "--vault", vault).ends(0);
        Evault verified = run("verify", vault).ends(0);
        assertTrue(verified.out().contains("the keys of this log were destroyed"), verified.out());
        run("verify", copy).ends(0);
        assertEquals(
                "initech",
                run("tenants", "--vault", vault, "--json")
                        .json()
                        .path(0)
                        .path("tenant")
                        .asText());
        run("search", "--vault", vault, "--tenant", "acme", "--count").ends(2);
        run("search", "--copy", copy, "--tenant", "acme", "--count").ends(2);
        run("search", "--vault", vault, "--tenant", "initech", "--count").ends(0);
        run("keys", "list", "--vault", vault).ends(0);
        JsonNode report =
                run("keys", "report", "--vault", vault, "--json").ends(0).json();
        assertEquals(1, report.path("destroyed").size(), report.toString());
        run("backup", "run", "--vault", vault, "--to", "osaka").ends(0);
        JsonNode listed = run("shred", "list", "--vault", vault, "--json").json();
        assertEquals(1, listed.size());
        assertFalse(listed.toString().contains("acme"));

        // The same command once more: what is done stays done, and is certified anew.
        Path second = directory.resolve("second");
        run("shred", "run", approved, "--vault", vault, "--out", second).ends(0);
        run("shred", "verify", second, "--vault", vault).ends(0);
        run("shred", "verify", certificate, "--vault", vault).ends(0);
        Files.writeString(second.resolve("certificate.md"), "another page");
        run("shred", "verify", second, "--vault", vault).ends(3);
    }

    @Test
    void whatIsRefusedEndsWithSixAndDestroysNothing() throws Exception {
        Path request = directory.resolve("request.note");
        as("hayashi", "shred", "request", "--tenant", "nobody", "--reason", "x", "--out", request)
                .ends(6);
        as(
                        "hayashi",
                        "shred",
                        "request",
                        "--tenant",
                        "acme",
                        "--reason",
                        "x",
                        "--expires",
                        "2000-01-01",
                        "--out",
                        request)
                .ends(2);
        assertFalse(Files.exists(request));
        Path approved = approved();
        as("hayashi", "shred", "approve", request, "--out", directory.resolve("own.note"))
                .ends(6);
        Path out = directory.resolve("certificate");
        run("shred", "run", request, "--vault", vault, "--out", out).ends(6);
        run("shred", "run", directory.resolve("sato.pub"), "--vault", vault, "--out", out)
                .ends(2);
        try (Vault writer = Vault.open(vault, SECRET, VaultOptions.defaults())) {
            run("shred", "run", approved, "--vault", vault, "--out", out).ends(6);
            writer.tenant("acme").appendAndWait(Event.of("document.read").build());
        }
        run("case", "person", "end", "--vault", vault, "--id", "sato", "--reason", "left")
                .ends(0);
        Evault ended =
                run("shred", "run", approved, "--vault", vault, "--out", out).ends(6);
        assertTrue(ended.err().contains("nobody is registered as \"sato\" any more"), ended.err());
        run("shred", "run", approved, "--vault", vault, "--dry-run").ends(6);
        assertFalse(Files.exists(out));
        assertEquals(
                "2",
                run("search", "--vault", vault, "--tenant", "acme", "--count")
                        .out()
                        .strip());
        run("verify", vault).ends(0);
    }
}
