package dev.evidencevault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsDocumentTest {
    @TempDir
    private Path directory;

    @Test
    void everyCommandWorks() throws Exception {
        assertEquals(0, new OperationsDocument(directory).run());
        String report = Files.readString(directory.resolve("keys-of-acme.md"));
        assertTrue(report.contains("acme") && !report.contains("initech"), report);
    }
}
