package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vault of each suite on the command line, from its creation to what is proven of it. */
class SuiteCommandsTest {
    @TempDir
    private Path directory;

    private Path vault;

    private Evault ingest(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-05-0")
                    .append(1 + i % 5)
                    .append("T12:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\",")
                    .append("\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"alice\"},\"eventID\":\"e")
                    .append(i)
                    .append("\"}\n");
        }
        return Evault.run(
                        Evault.ENVIRONMENT,
                        lines.toString(),
                        "ingest",
                        "--vault",
                        vault,
                        "--tenant",
                        "acme",
                        "--format",
                        "cloudtrail",
                        "-")
                .ends(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AES-256-GCM+SHA-256+Ed25519",
                "ChaCha20-Poly1305+SHA-256+Ed25519",
                "AES-256-GCM+SHA-256+ECDSA-P384",
                "ChaCha20-Poly1305+SHA-256+ECDSA-P384"
            })
    void everyCommandWorks(String suite) throws Exception {
        vault = directory.resolve("vault");
        Evault made =
                Evault.run("init", "--json", "--vault", vault, "--suite", suite).ends(0);
        assertEquals(suite, made.json().path("suite").asText());
        String key = made.json().path("verifierKey").asText();
        ingest(0, 300);
        Path kept = Files.copy(vault.resolve("anchors/checkpoint"), directory.resolve("kept"));
        ingest(300, 600);
        assertEquals(
                600,
                Evault.run("search", "--vault", vault, "--tenant", "acme", "-q", "actor:alice", "--limit", 1000)
                        .ends(0)
                        .out()
                        .lines()
                        .count());
        Evault.run("index", "merge", "--vault", vault, "--tenant", "acme").ends(0);
        Evault.run("index", "check", "--vault", vault, "--tenant", "acme").ends(0);
        assertEquals(
                1,
                Evault.run("search", "--vault", vault, "--tenant", "acme", "-q", "e77", "--limit", 10)
                        .ends(0)
                        .out()
                        .lines()
                        .count());
        Path order = Files.writeString(
                directory.resolve("order.json"),
                "{\"order\":\"417\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                        + "\"actors\":[\"alice\"],\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\"K. Sato\"}");
        Path bundle = directory.resolve("bundle.zip");
        Evault.run("export", "--vault", vault, "--order", order, "--out", bundle)
                .ends(0);
        Evault.run("verify", bundle, "--key", key).ends(0);
        Path proof = directory.resolve("proof.json");
        Evault.run("prove", "--vault", vault, "--tenant", "acme", "--seq", "3", "--out", proof)
                .ends(0);
        Evault.run("verify", proof, "--key", key).ends(0);
        Evault.run("verify", vault, "--key", key, "--checkpoint", kept).ends(0);
        Evault.run("compare", kept, vault, "--key", key).ends(0);
        Evault.run("compare", bundle, kept, "--key", key).ends(4);
        Evault.run("compare", bundle, vault, "--key", key).ends(0);
        Evault.run("report", bundle, "--out", directory.resolve("report.html")).ends(0);
        Path other = directory.resolve("other");
        String otherKey = Evault.run("init", "--json", "--vault", other, "--suite", suite)
                .ends(0)
                .json()
                .path("verifierKey")
                .asText();
        assertFalse(otherKey.equals(key));
        Evault.run("verify", bundle, "--key", otherKey).ends(3);
    }

    @Test
    void aSuiteThatThereIsNotIsAQuestionOfUsage() {
        vault = directory.resolve("vault");
        Evault refused =
                Evault.run("init", "--vault", vault, "--suite", "ROT13").ends(2);
        assertTrue(refused.err().contains("ChaCha20-Poly1305+SHA-256+ECDSA-P384"), refused.err());
        assertFalse(Files.exists(vault));
    }
}
