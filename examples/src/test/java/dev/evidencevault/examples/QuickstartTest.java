package dev.evidencevault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
    @Test
    void everyRunAddsAnEvent(@TempDir Path parent) throws Exception {
        Path directory = parent.resolve("vault");
        VaultSecret secret = VaultSecret.passphrase("correct horse");

        Quickstart.run(directory, secret);
        Quickstart.run(directory, secret);

        assertEquals(
                2,
                VaultReader.open(directory, secret).tenant("acme").orElseThrow().eventCount());
    }
}
