package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.age.AgeIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle gets the signatures of two people and is sealed to a third, as these do it. */
class SignAndSealTest {
    private static final Path BUNDLE =
            Path.of(System.getProperty("evidencevault.root", "..")).resolve("docs/formats/vectors/small-bundle.zip");

    @TempDir
    private Path directory;

    private Path passphrase;

    @BeforeEach
    void passphrase() throws Exception {
        passphrase = Files.writeString(directory.resolve("passphrase"), "open sesame\n");
    }

    private Path person(String name) throws Exception {
        return PersonalCertificates.key(directory, name);
    }

    private Path certificate(Path person) throws Exception {
        return PersonalCertificates.certificate(person);
    }

    private Evault sign(Path in, Path out, Path person, Object... more) {
        Object[] args = new Object[8 + more.length];
        List<Object> fixed = List.of("sign", in, "--out", out, "--cert", person, "--cert-passphrase-file", passphrase);
        for (int i = 0; i < args.length; i++) {
            args[i] = i < fixed.size() ? fixed.get(i) : more[i - fixed.size()];
        }
        return Evault.run(args);
    }

    @Test
    void twoPeopleSignAndTheVerifierNamesThem() throws Exception {
        Path mori = person("Mori");
        Path sato = person("Sato");
        Path once = directory.resolve("once.asice");
        Path twice = directory.resolve("twice.asice");
        String said = sign(BUNDLE, once, mori).ends(0).out();
        assertTrue(said.contains("signed by CN=Mori"), said);
        sign(once, twice, sato).ends(0);
        String known = Evault.run("verify", twice).ends(0).out();
        assertTrue(known.replaceAll("\\s+", " ").contains("signed by CN=Sato, by the signature's own word"), known);
        Evault judged =
                Evault.run("verify", twice, "--signer-root", certificate(mori), "--signer-root", certificate(sato));
        String findings = judged.ends(0).out();
        assertTrue(findings.contains("passed         signers       META-INF/signature002.p7s"), findings);
        Evault.run("verify", twice, "--signer-root", certificate(mori)).ends(4);
        Evault.run("verify", BUNDLE, "--signer-root", certificate(mori)).ends(4);
        sign(BUNDLE, once, mori).ends(2);
    }

    @Test
    void anAuthorityStampsTheSignature() throws Exception {
        Path mori = person("Mori");
        Path signed = directory.resolve("signed.asice");
        try (TimeStampServer server = new TimeStampServer()) {
            Path root = server.root(directory.resolve("tsa.pem"));
            sign(BUNDLE, signed, mori, "--tsa", server.address() + "/tsa", "--tsa-root", root)
                    .ends(0);
            // The checkpoint of the small vault has no time stamp, so that the claim of the time stays open.
            String findings = Evault.run("verify", signed, "--signer-root", certificate(mori), "--tsa-root", root)
                    .ends(4)
                    .out();
            assertTrue(findings.replaceAll("\\s+", " ").contains("the signature existed by"), findings);
            Path none = directory.resolve("none.asice");
            sign(BUNDLE, none, mori, "--tsa", server.address() + "/nosuch").ends(1);
            assertFalse(Files.exists(none));
        }
    }

    @Test
    void noByteOfAContainerCanBeChanged() throws Exception {
        Path mori = person("Mori");
        Path signed = directory.resolve("signed.asice");
        sign(BUNDLE, signed, mori).ends(0);
        Path root = certificate(mori);
        byte[] good = Files.readAllBytes(signed);
        Path changed = directory.resolve("changed.asice");
        for (int at = 0; at < good.length; at += 397) {
            byte[] bytes = good.clone();
            bytes[at] ^= 1;
            Files.write(changed, bytes);
            int code = Evault.run("verify", changed, "--signer-root", root).exitCode();
            assertTrue(code == 3 || code == 2, "byte " + at + ": " + code);
        }
    }

    @Test
    void whatDoesNotVerifyIsNotSigned() throws Exception {
        byte[] bytes = Files.readAllBytes(BUNDLE);
        bytes[bytes.length / 2] ^= 1;
        Path changed = Files.write(directory.resolve("changed.zip"), bytes);
        Path out = directory.resolve("signed.asice");
        sign(changed, out, person("Mori")).ends(3);
        assertFalse(Files.exists(out));
    }

    @Test
    void aWrongPassphraseIsSaidToBeThat() throws Exception {
        Path mori = person("Mori");
        Files.writeString(passphrase, "wrong\n");
        Path out = directory.resolve("signed.asice");
        sign(BUNDLE, out, mori).ends(7);
        assertFalse(Files.exists(out));
        Evault.run(
                        "sign",
                        BUNDLE,
                        "--out",
                        out,
                        "--cert",
                        directory.resolve("none.p12"),
                        "--cert-passphrase-file",
                        passphrase)
                .ends(2);
    }

    @Test
    void onlyTheRecipientOpensWhatIsSealed() throws Exception {
        Path court = person("Court");
        Path other = person("Other");
        Path sealed = directory.resolve("bundle.p7m");
        Evault seal = Evault.run("seal", BUNDLE, "--to", certificate(court), "--out", sealed)
                .ends(0);
        assertTrue(seal.out().contains("sealed to CN=Court, certificate"), seal.out());
        Path opened = directory.resolve("opened.zip");
        Evault.run("unseal", sealed, "--out", opened, "--cert", other, "--cert-passphrase-file", passphrase)
                .ends(7);
        assertFalse(Files.exists(opened));
        Evault.run("unseal", sealed, "--out", opened, "--cert", court, "--cert-passphrase-file", passphrase)
                .ends(0);
        assertArrayEquals(Files.readAllBytes(BUNDLE), Files.readAllBytes(opened));
        byte[] bytes = Files.readAllBytes(sealed);
        bytes[bytes.length - 40] ^= 1;
        Path changed = Files.write(directory.resolve("changed.p7m"), bytes);
        Path again = directory.resolve("again.zip");
        Evault.run("unseal", changed, "--out", again, "--cert", court, "--cert-passphrase-file", passphrase)
                .ends(3);
        assertFalse(Files.exists(again));
    }

    @Test
    void anAgeKeyDoesAsWell() throws Exception {
        AgeIdentity court = AgeIdentity.generate(new SecureRandom());
        Path identity = Files.writeString(directory.resolve("identity"), "# of the court\n" + court.text() + "\n");
        Path sealed = directory.resolve("bundle.age");
        Evault.run("seal", BUNDLE, "--to-age", court.recipient(), "--out", sealed)
                .ends(0);
        Path opened = directory.resolve("opened.zip");
        Evault.run("unseal", sealed, "--out", opened, "--identity", identity).ends(0);
        assertArrayEquals(Files.readAllBytes(BUNDLE), Files.readAllBytes(opened));
        Evault.run("seal", BUNDLE, "--out", sealed).ends(2);
        Evault.run("seal", BUNDLE, "--to-age", "age1x", "--out", directory.resolve("x.age"))
                .ends(2);
    }
}
