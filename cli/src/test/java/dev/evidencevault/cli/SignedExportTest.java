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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export that the organisation signs in one go, and a further signature of who approved it. */
class SignedExportTest {
    @TempDir
    private Path directory;

    private Path vault;
    private Path order;
    private Path company;
    private Path passphrase;

    @BeforeEach
    void makeVault() throws Exception {
        vault = directory.resolve("vault");
        try (Vault created = Vault.create(
                vault,
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64))) {
            created.tenant("acme")
                    .appendAndWait(Event.of("document.read")
                            .actor(Actor.tenant("alice"))
                            .build());
        }
        order = Files.writeString(
                directory.resolve("order.json"),
                "{\"order\":\"417\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                        + "\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\"K. Sato\"}");
        company = PersonalCertificates.key(directory, "Company");
        passphrase = Files.writeString(directory.resolve("passphrase"), PersonalCertificates.PASSPHRASE + "\n");
    }

    private Evault export(Path out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("export", "--vault", vault, "--order", order, "--out", out));
        args.addAll(List.of("--cert-passphrase-file", passphrase));
        args.addAll(List.of(more));
        return Evault.run(args.toArray());
    }

    private List<String> left() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("out"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theOrganisationSignsAndTheApproverAfterIt() throws Exception {
        Path out = directory.resolve("out.asice");
        Path root = PersonalCertificates.certificate(company);
        Path both = directory.resolve("both.asice");
        try (TimeStampServer server = new TimeStampServer()) {
            Path authority = server.root(directory.resolve("tsa.pem"));
            String tsa = server.address() + "/tsa";
            String said = export(out, "--cert", company, "--tsa", tsa, "--tsa-root", authority)
                    .ends(0)
                    .out();
            assertTrue(said.contains("1 records of acme are in"), said);
            assertTrue(said.contains("signed by CN=Company"), said);
            assertEquals(List.of("out.asice"), left());
            // The checkpoint has no time stamp, so that the claim of the time stays open: the signature's is judged.
            String findings = Evault.run("verify", out, "--signer-root", root, "--tsa-root", authority)
                    .ends(4)
                    .out();
            assertTrue(findings.replaceAll("\\s+", " ").contains("the signature existed by"), findings);
        }
        Path sato = PersonalCertificates.key(directory, "Sato");
        Evault.run("sign", out, "--out", both, "--cert", sato, "--cert-passphrase-file", passphrase)
                .ends(0);
        String findings = Evault.run(
                        "verify", both, "--signer-root", root, "--signer-root", PersonalCertificates.certificate(sato))
                .ends(0)
                .out();
        for (String signature : List.of("signature001.p7s", "signature002.p7s")) {
            assertTrue(findings.contains("passed         signers       META-INF/" + signature), findings);
        }
    }

    @Test
    void aProgramIsToldWhoSigned() throws Exception {
        JsonNode said = export(directory.resolve("out.asice"), "--cert", company, "--json")
                .ends(0)
                .json();
        assertEquals("CN=Company", said.path("signer").textValue());
        assertEquals("passed", said.path("verdict").textValue());
        assertTrue(said.path("certificate").textValue().length() > 64, said.toString());
    }

    @Test
    void whatCannotBeSignedDoesNotComeOut() throws Exception {
        Path out = directory.resolve("out.asice");
        try (TimeStampServer server = new TimeStampServer()) {
            export(out, "--cert", company, "--tsa", server.address() + "/nosuch")
                    .ends(1);
        }
        assertEquals(List.of(), left());
        export(out, "--cert", directory.resolve("none.p12")).ends(2);
        export(out).ends(2);
        Files.writeString(passphrase, "wrong\n");
        export(out, "--cert", company).ends(7);
        assertEquals(List.of(), left());
    }

    /** A log that holds records of another tenant, sealed and anchored as if they belonged there (MixedVault in core). */
    @Test
    void recordsOfAnotherTenantEndTheExportAsFailed() throws Exception {
        Path mixed = directory.resolve("mixed");
        Path kept = Path.of(Objects.requireNonNull(SignedExportTest.class.getResource("/mixed-vault"))
                .toURI());
        try (Stream<Path> files = Files.walk(kept)) {
            for (Path file : files.toList()) {
                Files.copy(file, mixed.resolve(kept.relativize(file).toString()));
            }
        }
        String said = Evault.run("export", "--vault", mixed, "--order", order, "--out", directory.resolve("out.zip"))
                .ends(3)
                .err();
        assertTrue(said.contains("expected a record that names the order's tenant"), said);
        assertEquals(List.of(), left());
    }

    /** What was read of the log stays, and the same command goes on from there, when the authority is back. */
    @Test
    void anInterruptedOneIsSignedWhenItGoesOn() throws Exception {
        Path out = directory.resolve("out.asice");
        try (TimeStampServer server = new TimeStampServer()) {
            export(out, "--resume", "--cert", company, "--tsa", server.address() + "/nosuch")
                    .ends(1);
            assertFalse(Files.exists(out));
            export(out, "--resume", "--cert", company, "--tsa", server.address() + "/tsa")
                    .ends(0);
        }
        assertEquals(List.of("out.asice"), left());
        Evault.run("verify", out, "--signer-root", PersonalCertificates.certificate(company))
                .ends(0);
    }
}
