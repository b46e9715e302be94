package dev.evidencevault.crypto.timestamp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client returns is what {@code openssl ts -verify} accepts. */
class TimeStampOpensslTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void requireOpenssl() {
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "openssl"))),
                "skipped: openssl is not on the PATH");
    }

    private int verify(Digest digest, Path response, Path root) throws Exception {
        Path output = folder.resolve("output.txt");
        Process openssl = new ProcessBuilder(List.of(
                        "openssl",
                        "ts",
                        "-verify",
                        "-digest",
                        HexFormat.of().formatHex(digest.bytes()),
                        "-in",
                        response.toString(),
                        "-CAfile",
                        root.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(openssl.waitFor(60, TimeUnit.SECONDS), "openssl did not end");
        String text = Files.readString(output);
        System.out.println(text.strip());
        assertEquals(openssl.exitValue() == 0, text.contains("Verification: OK"), text);
        return openssl.exitValue();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void opensslAcceptsOurTokens(KeyType keyType) throws Exception {
        LocalTimeStampAuthority authority =
                LocalTimeStampAuthority.create("test", keyType, Clock.systemUTC(), new SecureRandom());
        Digest digest = Digest.sha256("checkpoint".getBytes(StandardCharsets.UTF_8));
        byte[] bytes;
        try (LocalTimeStampServer server = LocalTimeStampServer.answering(authority::answer);
                TimeStampClient client =
                        new TimeStampClient(new SecureRandom(), Duration.ofSeconds(30), Duration.ofSeconds(30))) {
            bytes = client.stamp(authority.at(server.uri()), digest);
        }
        Path response = Files.write(folder.resolve("stamp.tsr"), bytes);
        Path root = Files.writeString(
                folder.resolve("root.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(authority.root().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        assertEquals(0, verify(digest, response, root));
        assertNotEquals(0, verify(Digest.sha256(bytes), response, root));
    }
}
