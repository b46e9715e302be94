package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.PaperFiles;
import dev.evidencevault.cases.PersonKeyFile;
import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases as a user meets them: what is refused, beside a live writer, and what is read of them afterwards. */
class CaseCommandTest {
    private static final VaultSecret VAULT_SECRET = VaultSecret.passphrase("correct horse");

    @TempDir
    private Path directory;

    private Path vault;
    private Map<String, String> environment;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        environment = new HashMap<>(Evault.ENVIRONMENT);
        environment.put(PersonSecretOption.VARIABLE, "my own");
        try (Vault created = Vault.create(vault, VAULT_SECRET, options())) {
            for (int day = 1; day <= 4; day++) {
                created.tenant("acme")
                        .appendAndWait(Event.of("document.read")
                                .occurredAt(Instant.parse("2026-04-0" + day + "T12:00:00Z"))
                                .actor(Actor.tenant(day % 2 == 0 ? "alice" : "bob"))
                                .build());
            }
        }
        Files.writeString(directory.resolve("order.pdf"), "the order");
        Files.writeString(directory.resolve("scope.json"), scope("K. Sato"));
        registerAll();
    }

    private void registerAll() throws Exception {
        person("mori", "A. Mori", "officer");
        person("ito", "C. Ito", "counsel");
        person("hayashi", "H. Hayashi", "operator");
        person("sato", "K. Sato", "approver");
    }

    private static VaultOptions options() {
        return VaultOptions.defaults().withArgon2MemoryKib(64);
    }

    private static String scope(String approver) {
        return "{\"order\":\"417\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                + "\"actors\":[\"alice\"],\"to\":\"2026-05-01\",\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\""
                + approver + "\"}";
    }

    private Evault run(Object... args) {
        return Evault.run(environment, "", args);
    }

    private void person(String id, String name, String role) throws Exception {
        Path key = directory.resolve(id + ".key");
        String text = PersonKeyFile.create(key, id, VaultSecret.passphrase("my own"), 64)
                .text();
        Files.writeString(directory.resolve(id + ".pub"), text);
        run(
                        "case",
                        "person",
                        "add",
                        "--vault",
                        vault,
                        "--public-key",
                        directory.resolve(id + ".pub"),
                        "--name",
                        name,
                        "--role",
                        role)
                .ends(0);
    }

    /** Runs a command of the case 417 as a person. */
    private Evault step(String person, String command, Object... more) {
        List<Object> args = new ArrayList<>(List.of("case"));
        args.addAll(List.of(command.split(" ")));
        args.addAll(List.of("--vault", vault, "--sign-with", directory.resolve(person + ".key")));
        if (!command.equals("open")) {
            args.addAll(List.of("--case", "417"));
        }
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    private static String in(int days) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).toString();
    }

    private void open() {
        step(
                        "mori",
                        "open",
                        "--tenant",
                        "acme",
                        "--order",
                        "417",
                        "--issuer",
                        "Court",
                        "--type",
                        "order",
                        "--jurisdiction",
                        "JP",
                        "--deadline",
                        in(9),
                        "--document",
                        directory.resolve("order.pdf"))
                .ends(0);
    }

    private void scoped() throws Exception {
        open();
        step("ito", "review", "--legal-basis", "Art. 99", "--notice", "allowed").ends(0);
        step("hayashi", "scope", "--order", directory.resolve("scope.json")).ends(0);
    }

    private Evault approve(String person) throws Exception {
        String digest = step("hayashi", "scope", "--json", "--order", directory.resolve("scope.json"))
                .ends(0)
                .json()
                .path("scope")
                .textValue();
        return step(person, "approve", "--scope-sha256", digest, "--expires", in(7), "--purpose", "to answer");
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(vault)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(vault.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void whatIsRefusedEndsWithSixAndIsRecorded() throws Exception {
        open();
        Evault early =
                step("hayashi", "export", "--out", directory.resolve("x.zip")).ends(6);
        assertTrue(
                early.err().contains("refused: the case is opened: expected review next, found export"), early.err());
        assertFalse(Files.exists(directory.resolve("x.zip")));
        step("mori", "review", "--legal-basis", "x", "--notice", "allowed").ends(6);
        Evault redacted = step("mori", "redact", "--path", "/reason", "--reason", "health")
                .ends(6);
        assertTrue(redacted.err().contains("evault init --redactable"), redacted.err());
        Evault twice = step(
                        "mori",
                        "open",
                        "--tenant",
                        "acme",
                        "--order",
                        "417",
                        "--issuer",
                        "Court",
                        "--type",
                        "order",
                        "--jurisdiction",
                        "JP",
                        "--document",
                        directory.resolve("order.pdf"))
                .ends(6);
        assertTrue(twice.err().contains("answers this order already"));
        JsonNode shown = run("case", "show", "--json", "--vault", vault, "--case", "417")
                .ends(0)
                .json();
        assertEquals("opened", shown.path("state").textValue());
        assertEquals(4, shown.path("steps").size());
        for (int i = 1; i < 4; i++) {
            assertEquals("refused", shown.path("steps").path(i).path("kind").textValue());
            assertTrue(shown.path("steps").path(i).has("recordedAt"));
        }
        assertEquals("redact", shown.at("/steps/3/body/attempt").textValue());
        run("verify", vault).ends(0);
    }

    @Test
    void whoApprovesDoesNotExport() throws Exception {
        scoped();
        assertTrue(approve("hayashi").ends(6).err().contains("needs the role approver"));
        approve("sato").ends(0);
        Path bundle = directory.resolve("evidence.zip");
        assertTrue(step("sato", "export", "--out", bundle).ends(6).err().contains("sato approved in this case"));
        assertFalse(Files.exists(bundle));
        assertTrue(step("hayashi", "export", "--no-views", "--out", bundle)
                .ends(0)
                .out()
                .startsWith("2 records of acme are in"));
        run("verify", bundle).ends(0);
        try (BundleFiles files = BundleFiles.open(bundle)) {
            assertTrue(files.sizes().containsKey(PaperFiles.SUMMARY));
            assertFalse(files.sizes().containsKey(PaperFiles.RECORDS_VIEW));
        }
        assertTrue(step("hayashi", "export", "--out", bundle).ends(2).err().contains("never overwritten"));
        Evault report =
                run("access-report", "--vault", vault, "--tenant", "acme").ends(0);
        assertTrue(report.out().contains("* hayashi (H. Hayashi)"), report.out());
        assertTrue(report.out().contains("export: 2 records"), report.out());
        report.out().lines().skip(1).forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void whatIsWithheldIsApprovedWithTheScope() throws Exception {
        vault = directory.resolve("redactable");
        run("init", "--redactable", "--vault", vault).ends(0);
        try (Vault writer = Vault.open(vault, VAULT_SECRET, options())) {
            writer.tenant("acme")
                    .appendAndWait(Event.of("record.read")
                            .occurredAt(Instant.parse("2026-04-02T12:00:00Z"))
                            .actor(Actor.tenant("alice"))
                            .details("{\"patient\":\"canary 4711\",\"ward\":3}")
                            .build());
        }
        for (String id : List.of("mori", "ito", "hayashi", "sato")) {
            Files.delete(directory.resolve(id + ".key"));
        }
        registerAll();
        scoped();
        step("hayashi", "redact", "--path", "/tenant", "--reason", "health").ends(2);
        step("hayashi", "redact", "--path", "/details/patient").ends(2);
        JsonNode redacted = step("hayashi", "redact", "--json", "--path", "/details/patient", "--reason", "health")
                .ends(0)
                .json();
        Evault more = step("mori", "redact", "--path", "/reason", "--seq", "0", "--seq", "7", "--reason", "health")
                .ends(0);
        String digest = more.out()
                .lines()
                .reduce((before, after) -> after)
                .orElseThrow()
                .strip();
        String scope = redacted.path("scope").textValue();
        List<Object> approval = new ArrayList<>(
                List.of("--scope-sha256", scope, "--expires", in(7), "--purpose", "to answer", "--redaction-sha256"));
        Evault stale = step(
                        "sato",
                        "approve",
                        with(approval, redacted.path("redaction").textValue()))
                .ends(6);
        assertTrue(stale.err().contains("is not of the redaction of this case"), stale.err());
        step("sato", "approve", approval.subList(0, 6).toArray()).ends(6);
        step("sato", "approve", with(approval, digest)).ends(0);
        Path bundle = directory.resolve("evidence.zip");
        step("hayashi", "export", "--out", bundle).ends(0);
        Evault verified = run("verify", bundle).ends(0);
        assertTrue(verified.out().contains("1 field of 1 record"), verified.out());
        assertFalse(Files.readString(bundle, StandardCharsets.ISO_8859_1).contains("canary"));
        String shown =
                run("case", "show", "--vault", vault, "--case", "417").ends(0).out();
        assertTrue(shown.contains("paths: [\"/details/patient\"]"), shown);
        assertTrue(shown.contains("records: [0,7]"), shown);
        run("verify", vault).ends(0);
    }

    private static Object[] with(List<Object> options, String last) {
        List<Object> all = new ArrayList<>(options);
        all.add(last);
        return all.toArray();
    }

    @Test
    void besideALiveWriterNothingButTheCaseChanges() throws Exception {
        scoped();
        approve("sato").ends(0);
        Path bundle = directory.resolve("evidence.zip");
        try (Vault writer = Vault.open(vault, VAULT_SECRET, options())) {
            writer.tenant("acme").appendAndWait(Event.of("x").build());
            writer.seal();
            writer.recordCases();
            writer.seal();
            Map<String, byte[]> before = contents();
            Evault export = step("hayashi", "export", "--out", bundle).ends(0);
            assertTrue(export.err().contains("records the step at the next anchor"), export.err());
            Map<String, byte[]> after = contents();
            before.forEach((name, bytes) -> {
                if (!name.equals("cases/lock")) {
                    assertArrayEquals(bytes, after.remove(name), name);
                }
            });
            after.remove("cases/lock");
            assertEquals(1, after.size(), after.keySet().toString());
            assertTrue(after.keySet().iterator().next().matches("cases/[0-9a-f]{12}/0000000[0-9]\\.evc"));
            assertTrue(run("case", "show", "--vault", vault, "--case", "417")
                    .ends(0)
                    .out()
                    .contains("not recorded yet"));
            writer.recordCases();
        }
        assertFalse(run("case", "show", "--vault", vault, "--case", "417")
                .ends(0)
                .out()
                .contains("not recorded yet"));
        run("verify", vault).ends(0);
        assertEquals(
                1,
                run("search", "--json", "--vault", vault, "--tenant", "acme", "--action", "x")
                        .ends(0)
                        .out()
                        .lines()
                        .count());
    }

    @Test
    void anEmergencyIsConfirmedBySomebodyElse() throws Exception {
        Files.writeString(directory.resolve("scope.json"), scope("A. Mori"));
        scoped();
        String digest = step("hayashi", "scope", "--json", "--order", directory.resolve("scope.json"))
                .ends(0)
                .json()
                .path("scope")
                .textValue();
        String soon = Instant.now().plusSeconds(3600).toString();
        step("mori", "approve", "--scope-sha256", digest, "--expires", soon, "--purpose", "danger")
                .ends(6);
        step("mori", "approve", "--emergency", "--scope-sha256", digest, "--expires", soon, "--purpose", "danger")
                .ends(0);
        step("hayashi", "export", "--out", directory.resolve("evidence.zip")).ends(0);
        assertTrue(run("case", "list", "--vault", vault).ends(0).out().contains("confirm by "));
        step("mori", "confirm").ends(6);
        step("sato", "confirm").ends(0);
        step("sato", "confirm").ends(2);
    }

    @Test
    void holdsKeepACaseOpen() throws Exception {
        open();
        step("mori", "hold place", "--until", in(30), "--secret", "--reason", "preservation")
                .ends(0);
        assertTrue(step("mori", "close", "--reason", "withdrawn").ends(6).err().contains("release it first"));
        step("mori", "hold extend", "--hold", "2", "--until", in(60), "--reason", "once more")
                .ends(0);
        step("mori", "hold release", "--hold", "2", "--reason", "withdrawn").ends(0);
        step("mori", "hold grant", "--hold", "2", "--release", "5").ends(6);
        step("sato", "hold grant", "--hold", "2", "--release", "5").ends(0);
        step("mori", "close", "--reason", "withdrawn").ends(0);
        assertTrue(run("case", "show", "--vault", vault, "--case", "417")
                .ends(0)
                .out()
                .contains("hold      step 2, released, secret"));
    }

    @Test
    void anEstimateNeedsNobodysSignature() throws Exception {
        open();
        JsonNode estimate = run(
                        "case",
                        "scope",
                        "--json",
                        "--estimate",
                        "--vault",
                        vault,
                        "--case",
                        "417",
                        "--order",
                        directory.resolve("scope.json"))
                .ends(0)
                .json();
        assertEquals(4, estimate.path("recordsMax").asLong());
        assertEquals(1, estimate.path("actorsMax").asLong());
        run("case", "scope", "--estimate", "--vault", vault, "--case", "417").ends(2);
        run("case", "scope", "--vault", vault, "--case", "417", "--order", directory.resolve("scope.json"))
                .ends(2);
        Files.writeString(directory.resolve("scope.json"), scope("K. Sato").replace("acme", "other"));
        run(
                        "case",
                        "scope",
                        "--estimate",
                        "--vault",
                        vault,
                        "--case",
                        "417",
                        "--order",
                        directory.resolve("scope.json"))
                .ends(6);
    }

    @Test
    void aCaseInAFileVerifiesWithoutTheVault() throws Exception {
        scoped();
        Path file = directory.resolve("case.json");
        run("case", "show", "--vault", vault, "--case", "417", "--out", file).ends(0);
        Evault good = Evault.run(Map.of(), "", "case", "verify", file).ends(0);
        assertTrue(good.out().endsWith("PASSED" + System.lineSeparator()));
        String key = Json.mapper()
                .readTree(Files.readAllBytes(file))
                .path("verifierKey")
                .textValue();
        Evault.run(Map.of(), "", "case", "verify", file, "--key", key).ends(0);
        String other = PersonKeyFile.create(directory.resolve("other"), "other", VAULT_SECRET, 64)
                .text();
        assertTrue(Evault.run(Map.of(), "", "case", "verify", file, "--key", other)
                .ends(3)
                .err()
                .contains("expected the key"));
        run("case", "show", "--vault", vault, "--case", "417", "--out", file).ends(2);
        Files.writeString(file, Files.readString(file).replace("Art. 99", "Art. 98"));
        assertTrue(
                Evault.run(Map.of(), "", "case", "verify", file).ends(3).err().contains("step 2"));
        Files.writeString(file, "{}");
        Evault.run(Map.of(), "", "case", "verify", file).ends(3);
    }

    @Test
    void aCaseThatWasTamperedWithIsPointedOut() throws Exception {
        open();
        Path step;
        try (Stream<Path> files = Files.walk(vault.resolve("cases"))) {
            step = files.filter(path -> path.toString().matches(".*/[0-9a-f]{12}/00000001.evc"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(step);
        bytes[20] ^= 1;
        Files.write(step, bytes);
        assertTrue(run("case", "list", "--vault", vault).ends(3).err().contains("cannot be trusted"));
        assertTrue(run("verify", vault).ends(3).out().contains("does not decrypt here"));
        run("case", "show", "--vault", vault, "--case", step.getParent().getFileName())
                .ends(3);
    }

    @Test
    void whatIsWrittenWronglyIsAQuestionOfUsageAndLeavesNothing() throws Exception {
        open();
        Map<String, byte[]> before = contents();
        run("case").ends(2);
        run("case", "hold").ends(2);
        step("ito", "review", "--legal-basis", "x", "--notice", "perhaps").ends(2);
        step("ito", "review", "--legal-basis", "x", "--notice", "deferred").ends(2);
        step("ito", "review", "--legal-basis", " ", "--notice", "allowed").ends(2);
        step("mori", "hold place", "--until", "tomorrow", "--reason", "x").ends(2);
        run("case", "show", "--vault", vault, "--case", "418").ends(2);
        run("access-report", "--vault", vault, "--tenant", "nobody").ends(2);
        run(
                        "case",
                        "person",
                        "add",
                        "--vault",
                        vault,
                        "--public-key",
                        directory.resolve("order.pdf"),
                        "--name",
                        "x",
                        "--role",
                        "officer")
                .ends(2);
        environment.put(PersonSecretOption.VARIABLE, "not mine");
        assertTrue(step("mori", "close", "--reason", "x").ends(7).err().contains("does not open this key"));
        environment.remove(PersonSecretOption.VARIABLE);
        assertTrue(step("mori", "close", "--reason", "x").ends(7).err().contains(PersonSecretOption.VARIABLE));
        run("help", "case").ends(0);
        Map<String, byte[]> after = contents();
        before.remove("cases/lock");
        after.remove("cases/lock");
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    }

    @Test
    void onePersonHasOneId() throws Exception {
        Path key = directory.resolve("second.key");
        Files.writeString(
                directory.resolve("second.pub"),
                PersonKeyFile.create(key, "second", VaultSecret.passphrase("my own"), 64)
                        .text());
        assertTrue(run(
                        "case",
                        "person",
                        "add",
                        "--vault",
                        vault,
                        "--public-key",
                        directory.resolve("second.pub"),
                        "--name",
                        "k.  sato",
                        "--role",
                        "operator")
                .ends(6)
                .err()
                .contains("is registered as \"sato\""));
        run("case", "person", "end", "--vault", vault, "--id", "sato", "--reason", "left")
                .ends(0);
        run("case", "person", "end", "--vault", vault, "--id", "sato", "--reason", "left")
                .ends(6);
        JsonNode persons = run("case", "person", "list", "--json", "--vault", vault)
                .ends(0)
                .json();
        assertEquals(3, persons.size());
        run("verify", vault).ends(0);
    }

    @Test
    void aPersonSignsWithACertificate() throws Exception {
        Path key = PersonalCertificates.key(directory, "tanaka");
        Path certificate = PersonalCertificates.certificate(key);
        environment.put(PersonSecretOption.VARIABLE, PersonalCertificates.PASSPHRASE);
        Object[] open = {
            "case",
            "open",
            "--vault",
            vault,
            "--sign-with",
            key,
            "--sign-as",
            "tanaka",
            "--tenant",
            "acme",
            "--order",
            "9",
            "--issuer",
            "Court",
            "--type",
            "order",
            "--jurisdiction",
            "JP",
            "--document",
            directory.resolve("order.pdf")
        };
        run(open).ends(6);
        String said = run(
                        "case",
                        "person",
                        "add",
                        "--vault",
                        vault,
                        "--cert",
                        certificate,
                        "--id",
                        "tanaka",
                        "--name",
                        "T. Tanaka",
                        "--role",
                        "officer")
                .ends(0)
                .out();
        assertTrue(said.contains("Compare the fingerprint"), said);
        run(open).ends(0);
        Path file = directory.resolve("case.json");
        run("case", "show", "--vault", vault, "--case", "9", "--out", file).ends(0);
        run("case", "verify", file).ends(0);
        String forged = Files.readString(file).replace("\\\"jurisdiction\\\":\\\"JP", "\\\"jurisdiction\\\":\\\"US");
        assertNotEquals(Files.readString(file), forged);
        run("case", "verify", Files.writeString(directory.resolve("forged.json"), forged))
                .ends(3);
        open[7] = "ito";
        run(open).ends(6);
    }

    @Test
    void theBundleIsSealedToItsRecipient() throws Exception {
        scoped();
        approve("sato").ends(0);
        Path bundle = directory.resolve("evidence.zip");
        step("hayashi", "export", "--out", bundle).ends(0);
        Path court = PersonalCertificates.key(directory, "court");
        Path signed = directory.resolve("evidence.asice");
        Path passphrase = Files.writeString(directory.resolve("passphrase"), PersonalCertificates.PASSPHRASE);
        run("sign", bundle, "--out", signed, "--cert", court, "--cert-passphrase-file", passphrase)
                .ends(0);
        Path sealed = directory.resolve("evidence.p7m");
        Path certificate = PersonalCertificates.certificate(PersonalCertificates.key(directory, "clerk"));
        step("mori", "seal", "--bundle", directory.resolve("order.pdf"), "--to", certificate, "--out", sealed)
                .ends(6);
        assertFalse(Files.exists(sealed));
        step("mori", "seal", "--bundle", signed, "--to", certificate, "--out", sealed, "--sealed", sealed)
                .ends(2);
        step("mori", "seal", "--bundle", signed, "--out", sealed).ends(2);
        String said = step("mori", "seal", "--bundle", signed, "--to", certificate, "--out", sealed)
                .ends(0)
                .out();
        assertTrue(said.contains("sealed to CN=clerk, certificate "), said);
        Path opened = directory.resolve("opened.asice");
        run(
                        "unseal",
                        sealed,
                        "--out",
                        opened,
                        "--cert",
                        directory.resolve("clerk.p12"),
                        "--cert-passphrase-file",
                        passphrase)
                .ends(0);
        assertArrayEquals(Files.readAllBytes(signed), Files.readAllBytes(opened));
        step("mori", "handover", "--sealed", sealed, "--to", "Clerk Ono", "--channel", "medium")
                .ends(0);
    }
}
