package dev.evidencevault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.keys.VaultSecret;
import dev.evidencevault.reader.VaultReader;
import java.nio.file.Files;
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

    @Test
    void theReadmeShowsThisCode() throws Exception {
        Path root = Path.of(System.getProperty("evidencevault.root", "."));
        String source =
                Files.readString(root.resolve("examples/src/main/java/dev/evidencevault/examples/Quickstart.java"));
        String body = source.substring(source.indexOf("        VaultOptions options"), source.lastIndexOf("    }"));
        String readme = Files.readString(root.resolve("README.md"));
        assertTrue(
                readme.contains(body.stripTrailing().stripIndent()),
                "README.md does not show the code of Quickstart.run");
    }
}
