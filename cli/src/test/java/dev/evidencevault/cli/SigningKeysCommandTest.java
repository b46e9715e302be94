package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing keys that succeed one another, on the command line. */
class SigningKeysCommandTest {
    private static final VaultSecret SECRET = VaultSecret.passphrase("correct horse");
    private static final VaultOptions OPTIONS = VaultOptions.defaults().withArgon2MemoryKib(64);

    @TempDir
    private Path directory;

    private Path vault;
    private Path order;
    private String first;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        Vault.create(vault, SECRET, OPTIONS).close();
        append();
        first = key();
        order = Files.writeString(
                directory.resolve("order.json"),
                "{\"order\":\"417\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                        + "\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\"K. Sato\"}");
    }

    private void append() throws Exception {
        try (Vault open = Vault.open(vault, SECRET, OPTIONS)) {
            open.tenant("acme")
                    .appendAndWait(Event.of("document.read")
                            .actor(Actor.tenant("alice"))
                            .build());
        }
    }

    private String key() throws Exception {
        JsonNode keys = Evault.run("keys", "history", "--json", "--vault", vault)
                .ends(0)
                .json()
                .path("keys");
        return keys.path(keys.size() - 1).path("verifierKey").asText();
    }

    private Path export(String name) {
        Path bundle = directory.resolve(name);
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        return bundle;
    }

    @Test
    void everythingFromBeforeAndAfterVerifiesWithAnyKey() throws Exception {
        Path before = export("before.zip");
        Path kept = Files.copy(vault.resolve("anchors/checkpoint"), directory.resolve("kept"));
        String second = Evault.run("keys", "succeed", "--json", "--vault", vault, "--reason", "planned")
                .ends(0)
                .json()
                .path("verifierKey")
                .asText();
        assertFalse(second.equals(first));
        assertEquals(second, key());
        append();
        Path after = export("after.zip");
        Path successions = directory.resolve("successions.json");
        String shown = Evault.run("keys", "history", "--vault", vault, "--out", successions)
                .ends(0)
                .out();
        assertTrue(shown.contains("checkpoints from 1 to "), shown);
        assertTrue(shown.contains(" on: " + second), shown);
        for (String key : new String[] {first, second}) {
            Evault.run("verify", vault, "--key", key, "--checkpoint", kept).ends(0);
            Evault.run("verify", after, "--key", key).ends(0);
            Evault.run("verify", before, "--key", key, "--successions", successions)
                    .ends(0);
            Evault.run("compare", kept, vault, "--key", key).ends(0);
            Evault.run("compare", before, after, "--key", key).ends(4);
        }
        Evault.run("verify", before, "--key", second).ends(3);
        Path proof = directory.resolve("proof.json");
        Evault.run("prove", "--vault", vault, "--tenant", "acme", "--seq", "0", "--out", proof)
                .ends(0);
        Evault.run("verify", proof, "--key", first).ends(0);
        Evault.run("verify", proof, "--key", second).ends(0);
    }

    @Test
    void whatIsWrittenWronglyIsAQuestionOfUsage() throws Exception {
        Path out = directory.resolve("out");
        assertTrue(Evault.run("keys", "history", "--vault", vault, "--out", out)
                .ends(2)
                .err()
                .contains("one key only"));
        assertFalse(Files.exists(out));
        Evault.run("keys", "succeed", "--vault", vault).ends(2);
        Evault.run("keys", "succeed", "--vault", vault, "--reason", " ").ends(2);
        assertEquals(first, key());
        Path bundle = export("bundle.zip");
        assertTrue(Evault.run("verify", bundle, "--successions", order)
                .ends(2)
                .err()
                .contains("--successions needs --key"));
        assertTrue(Evault.run("verify", bundle, "--key", first, "--successions", order)
                .ends(2)
                .err()
                .contains("--successions: "));
    }

    @Test
    void besideAWriterNothingIsHandedOver() throws Exception {
        try (Vault open = Vault.open(vault, SECRET, OPTIONS)) {
            assertFalse(open.tenants().isEmpty());
            Evault.run("keys", "succeed", "--vault", vault, "--reason", "planned")
                    .ends(6);
        }
        assertEquals(first, key());
        Evault.run("verify", vault, "--key", first).ends(0);
    }
}
