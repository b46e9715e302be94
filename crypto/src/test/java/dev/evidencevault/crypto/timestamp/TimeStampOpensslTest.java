package dev.evidencevault.crypto.timestamp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.crypto.timestamp.LocalTimeStampAuthority.KeyType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the client returns is what {@code openssl ts -verify} accepts. */
class TimeStampOpensslTest {
    @TempDir
    private Path folder;

    private int verify(Digest digest, Path response, Path root) throws Exception {
        Openssl.Result result =
                Openssl.run(folder, "ts", "-verify", "-digest", digest.hex(), "-in", response, "-CAfile", root);
        System.out.println(result.text().strip());
        assertEquals(result.exit() == 0, result.text().contains("Verification: OK"), result.text());
        return result.exit();
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
        Path root = Openssl.pem(folder.resolve("root.pem"), List.of(authority.root()));
        assertEquals(0, verify(digest, response, root));
        assertNotEquals(0, verify(Digest.sha256(bytes), response, root));
    }
}
