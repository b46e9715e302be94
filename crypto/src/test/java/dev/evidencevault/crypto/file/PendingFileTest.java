package dev.evidencevault.crypto.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFileTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nameAppearsWithTheCommit() throws Exception {
        Path target = folder.resolve("a");
        try (PendingFile file = PendingFile.create(target)) {
            file.out().write(TEXT);
            assertEquals(1, names().size());
            assertEquals(".a-", names().get(0).substring(0, 3));
            file.commit();
            assertEquals(List.of("a"), names());
        }
        assertEquals("text", Files.readString(target));
    }

    @Test
    void whatIsNotCommittedIsGone() throws Exception {
        try (PendingFile file = PendingFile.create(folder.resolve("a"))) {
            file.out().write(TEXT);
        }
        assertEquals(List.of(), names());
    }

    @Test
    void nothingIsReplaced() throws Exception {
        Path target = folder.resolve("a");
        try (PendingFile file = PendingFile.create(target)) {
            file.out().write(TEXT);
            Files.writeString(target, "another");
            assertThrows(FileAlreadyExistsException.class, file::commit);
        }
        assertEquals(List.of("a"), names());
        assertEquals("another", Files.readString(target));
        assertThrows(FileAlreadyExistsException.class, () -> PendingFile.create(target));
        assertThrows(NoSuchFileException.class, () -> PendingFile.create(folder.resolve("none/a")));
    }
}
