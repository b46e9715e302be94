package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keys of people with certificates, made with {@code keytool}. */
final class PersonalCertificates {
    static final String PASSPHRASE = "open sesame";

    private PersonalCertificates() {}

    /** Makes a key with a certificate that signs itself, as {@code keytool} does; returns the PKCS #12 file. */
    static Path key(Path directory, String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSPHRASE,
                "-keystore",
                file.toString());
        return file;
    }

    /** Writes the certificate of such a key into a file of its own (PEM). */
    static Path certificate(Path person) throws Exception {
        Path file = Path.of(person.toString().replace(".p12", ".pem"));
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "key",
                "-file",
                file.toString(),
                "-storepass",
                PASSPHRASE,
                "-keystore",
                person.toString());
        return file;
    }

    private static void keytool(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
