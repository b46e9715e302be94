package dev.evidencevault.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token in software (SoftHSM 2). There is one for all tests: its library reads its settings once in a process. */
public final class SoftToken {
    /** The PIN of the token's user. */
    public static final String PIN = "1234";

    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/libsofthsm2.so");

    private static @Nullable Path configuration;

    private SoftToken() {}

    /** Returns the configuration of the platform's provider for the token; skips the test if there is no SoftHSM. */
    public static synchronized Path configuration() throws Exception {
        if (configuration != null) {
            return configuration;
        }
        Openssl.require("softhsm2-util");
        Optional<Path> library =
                LIBRARIES.stream().map(Path::of).filter(Files::exists).findFirst();
        String settings = System.getenv("SOFTHSM2_CONF");
        assumeTrue(library.isPresent() && settings != null, "skipped: libsofthsm2.so or SOFTHSM2_CONF is not there");
        Path file = Path.of(String.valueOf(settings));
        Path folder = Files.createTempDirectory(file.toAbsolutePath().getParent(), "token");
        Files.writeString(file, "directories.tokendir = " + folder + "\nobjectstore.backend = file\n");
        Openssl.Result made = Openssl.program(
                folder, "softhsm2-util", "--init-token", "--free", "--label", "test", "--pin", PIN, "--so-pin", PIN);
        assertEquals(0, made.exit(), made.text());
        Path written = Files.writeString(
                folder.resolve("token.cfg"),
                "name=EvidenceVaultTest\nlibrary=" + library.get() + "\nslotListIndex=0\n"
                        + "attributes(*,CKO_PRIVATE_KEY,*)={\nCKA_SENSITIVE=true\nCKA_EXTRACTABLE=false\nCKA_SIGN=true\n}\n"
                        + "attributes(*,CKO_PRIVATE_KEY,CKK_EC)={\nCKA_DERIVE=true\n}\n"
                        + "attributes(*,CKO_SECRET_KEY,CKK_GENERIC_SECRET)={\nCKA_SENSITIVE=false\nCKA_EXTRACTABLE=true\n}\n"
                        + "attributes(*,CKO_SECRET_KEY,CKK_AES)={\nCKA_SENSITIVE=true\nCKA_EXTRACTABLE=false\n"
                        + "CKA_ENCRYPT=true\nCKA_DECRYPT=true\n}\n");
        configuration = written;
        return written;
    }
}
