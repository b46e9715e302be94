package dev.evidencevault.crypto;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of others, that have to read what is written here. A test is skipped where one is not installed. */
public final class Openssl {
    private Openssl() {}

    /** How a program ended and what it said. */
    public record Result(int exit, String text) {}

    /** Skips the test where a program is not on the PATH. */
    public static void require(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program))),
                "skipped: " + program + " is not on the PATH");
    }

    /** Runs {@code openssl} in a folder. */
    public static Result run(Path folder, Object... arguments) throws Exception {
        require("openssl");
        return program(folder, "openssl", arguments);
    }

    /** Runs a program in a folder. */
    public static Result program(Path folder, String name, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(name));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), name + " did not end");
        String text = Files.readString(output);
        Files.delete(output);
        return new Result(process.exitValue(), text);
    }

    /** Returns bytes as PEM (RFC 7468). */
    public static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }

    /** Writes certificates to a PEM file. */
    public static Path pem(Path file, List<X509Certificate> certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return write(file, text.toString());
    }

    private static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }
}
