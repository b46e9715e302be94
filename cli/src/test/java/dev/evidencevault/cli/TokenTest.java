package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.crypto.keys.VaultSecret;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that stay in a token (PKCS #11), here of SoftHSM: a person signs a step of a case, and the organisation bundles. */
class TokenTest {
    private static final String PIN = "1234";
    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/libsofthsm2.so");

    @TempDir
    private Path directory;

    private Path vault;
    private Path token;
    private Path pin;
    private Map<String, String> environment;

    @BeforeEach
    void makeTokenAndVault() throws Exception {
        Optional<Path> library =
                LIBRARIES.stream().map(Path::of).filter(Files::exists).findFirst();
        String settings = System.getenv("SOFTHSM2_CONF");
        assumeTrue(
                library.isPresent() && settings != null && isOnThePath("softhsm2-util"),
                "skipped: softhsm2-util, libsofthsm2.so or SOFTHSM2_CONF is not there");
        Files.writeString(
                Path.of(settings),
                "directories.tokendir = " + Files.createDirectory(directory.resolve("tokens"))
                        + "\nobjectstore.backend = file\n");
        run("softhsm2-util", "--init-token", "--free", "--label", "test", "--pin", PIN, "--so-pin", PIN);
        token = Files.writeString(
                directory.resolve("token.cfg"),
                "name=EvaultTest\nlibrary=" + library.get() + "\nslotListIndex=0\n"
                        + "attributes(*,CKO_PRIVATE_KEY,*)={\nCKA_SENSITIVE=true\nCKA_EXTRACTABLE=false\nCKA_SIGN=true\n}\n");
        pin = Files.writeString(directory.resolve("pin"), PIN + "\n");
        keytool("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=Mori", "-validity", "30");
        keytool("-exportcert", "-rfc", "-file", directory.resolve("mori.pem").toString());
        vault = directory.resolve("vault");
        environment = new HashMap<>(Evault.ENVIRONMENT);
        environment.put(PersonSecretOption.VARIABLE, PIN);
        try (Vault created = Vault.create(
                vault,
                VaultSecret.passphrase("correct horse"),
                VaultOptions.defaults().withArgon2MemoryKib(64))) {
            created.tenant("acme").appendAndWait(Event.of("document.read").build());
        }
    }

    private static boolean isOnThePath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    /** Works on the key {@code mori} of the token. */
    private void keytool(String verb, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                verb,
                "-alias",
                "mori",
                "-keystore",
                "NONE",
                "-storetype",
                "PKCS11",
                "-providerclass",
                "sun.security.pkcs11.SunPKCS11",
                "-providerarg",
                token.toString(),
                "-storepass",
                PIN));
        command.addAll(List.of(more));
        run(command.toArray(String[]::new));
    }

    private Evault evault(Object... args) {
        return Evault.run(environment, "", args);
    }

    @Test
    void aKeyInATokenSignsStepsAndBundles() throws Exception {
        Path certificate = directory.resolve("mori.pem");
        evault(
                        "case",
                        "person",
                        "add",
                        "--vault",
                        vault,
                        "--cert",
                        certificate,
                        "--id",
                        "mori",
                        "--name",
                        "A. Mori",
                        "--role",
                        "officer")
                .ends(0);
        Path letter = Files.writeString(directory.resolve("order.pdf"), "the order");
        Object[] open = {
            "case",
            "open",
            "--vault",
            vault,
            "--sign-token",
            token,
            "--sign-as",
            "mori",
            "--tenant",
            "acme",
            "--order",
            "417",
            "--issuer",
            "Court",
            "--type",
            "production order",
            "--jurisdiction",
            "JP",
            "--document",
            letter,
            "--callback",
            "called"
        };
        // Before the token is open in this process: afterwards no PIN is asked for.
        environment.put(PersonSecretOption.VARIABLE, "9999");
        String refused = evault(open).ends(7).err();
        assertTrue(refused.contains("refuses the PIN"), refused);
        environment.put(PersonSecretOption.VARIABLE, PIN);
        evault(open).ends(0);
        Path file = directory.resolve("case.json");
        evault("case", "show", "--vault", vault, "--case", "417", "--out", file).ends(0);
        evault("case", "verify", file).ends(0);
        Path order = Files.writeString(
                directory.resolve("order.json"),
                "{\"order\":\"418\",\"issuer\":\"Court\",\"legalBasis\":\"Art. 99\",\"tenant\":\"acme\","
                        + "\"requestedBy\":\"H. Hayashi\",\"approvedBy\":\"K. Sato\"}");
        Path out = directory.resolve("out.asice");
        Object[] export = {
            "export",
            "--vault",
            vault,
            "--order",
            order,
            "--out",
            out,
            "--cert-token",
            token,
            "--cert-passphrase-file",
            pin
        };
        String said = evault(export).ends(0).out();
        assertTrue(said.contains("signed by CN=Mori"), said);
        evault("verify", out, "--signer-root", certificate).ends(0);
        Path twice = directory.resolve("twice.asice");
        evault(
                        "sign",
                        out,
                        "--out",
                        twice,
                        "--cert-token",
                        token,
                        "--cert-alias",
                        "mori",
                        "--cert-passphrase-file",
                        pin)
                .ends(0);
        evault("verify", twice, "--signer-root", certificate).ends(0);
        Path none = directory.resolve("none.asice");
        evault("sign", out, "--out", none, "--cert-token", token, "--cert-alias", "sato", "--cert-passphrase-file", pin)
                .ends(7);
        assertFalse(Files.exists(none));
    }
}
