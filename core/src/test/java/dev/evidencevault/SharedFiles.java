package dev.evidencevault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of test vectors and logs that others wrote, which stands beside the project where it is developed. */
public final class SharedFiles {
    private SharedFiles() {}

    /** Returns a file or folder in it; the test is skipped where it is absent. */
    public static Path shared(String path) {
        Path root = Path.of(System.getProperty("evidencevault.root", "."), "..", "shared");
        Path file = root.resolve(path).normalize();
        assumeTrue(Files.exists(file), "skipped: " + path + " is not beside the project (folder ../shared)");
        return file;
    }
}
