package dev.evidencevault.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackupProgramTest {
    @TempDir
    private Path directory;

    /** Whichever is installed. */
    @ParameterizedTest
    @EnumSource
    void backsUpTwiceAndRestores(BackupProgram program) throws Exception {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        assumeTrue(BackupProgram.on(path).contains(program), () -> "skipped: no " + program.label() + " on the path");
        Path data = directory.resolve("data");
        Files.createDirectories(data.resolve("sub"));
        Files.writeString(data.resolve("sub/text"), "what is kept\n".repeat(1000));
        for (int round = 0; round < 2; round++) {
            program.init(directory);
            assertTrue(program.put(directory) >= 0);
            Files.writeString(data.resolve("later"), "round " + round);
            program.put(directory);
            Path restored = Files.createDirectory(directory.resolve("restored"));
            program.restore(directory);
            assertEquals("round " + round, Files.readString(restored.resolve("data/later")));
            assertEquals(
                    Files.readString(data.resolve("sub/text")), Files.readString(restored.resolve("data/sub/text")));
            assertTrue(FileTree.bytes(directory.resolve("repository")) > 100);
            FileTree.purge(restored);
        }
    }

    @Test
    void isFoundOnThePathIfItCanBeRun() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path empty = Files.createDirectory(directory.resolve("empty"));
        String path = empty + File.pathSeparator + File.pathSeparator + bin;
        assertEquals(List.of(), BackupProgram.on(path));
        Path borg = Files.createFile(bin.resolve("borg"));
        assertEquals(List.of(), BackupProgram.on(path));
        assertTrue(borg.toFile().setExecutable(true));
        assertEquals(List.of(BackupProgram.BORG), BackupProgram.on(path));
    }

    @Test
    void saysWhatACommandSaidThatFailed() {
        IOException failed =
                assertThrows(IOException.class, () -> BackupProgram.shell(directory, "echo no room; false"));
        assertTrue(String.valueOf(failed.getMessage()).contains("no room"), failed.getMessage());
    }
}
