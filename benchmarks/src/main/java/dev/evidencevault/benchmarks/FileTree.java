package dev.evidencevault.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory with all that is in it. */
final class FileTree {
    private static final long ROOM_BYTES_MIN = 24L << 30;

    private FileTree() {}

    /** Returns the sum of the sizes of all files; 0 if there is no such directory. */
    static long bytes(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        long bytes = 0;
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                bytes += sizeOrNone(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return bytes;
    }

    private static long sizeOrNone(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /**
     * Puts a directory aside, to be removed by {@link #purge}: a file system that has just removed many files takes longer
     * to create some, and whoever is measured next would pay for it. Removes it at once where room is scarce.
     */
    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Path aside = directory.resolveSibling("removed");
        if (Files.getFileStore(directory).getUsableSpace() < ROOM_BYTES_MIN) {
            purge(aside);
            purge(directory);
            return;
        }
        Files.createDirectories(aside);
        Files.move(directory, aside.resolve(Long.toString(System.nanoTime())));
    }

    /** Removes a directory with all that is in it, if it is there. */
    static void purge(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
