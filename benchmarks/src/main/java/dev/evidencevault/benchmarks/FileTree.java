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
    private static final int BLOCK_BYTES = 4096;
    private static final int COPIED_BYTES = 1 << 20;

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

    /** Copies a directory past the memory in which the system keeps files, so that reading either comes from the disk. */
    static void copyDirectly(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.sorted().toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else if (Files.size(file) < COPIED_BYTES || Files.size(file) % BLOCK_BYTES != 0) {
                Files.copy(file, copy);
            } else {
                copyBlocks(file, copy);
            }
        }
    }

    private static void copyBlocks(Path from, Path to) throws IOException {
        Process dd = new ProcessBuilder("dd", "if=" + from, "of=" + to, "bs=1M", "iflag=direct", "oflag=direct")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (dd.onExit().join().exitValue() != 0) {
            throw new IOException("dd did not copy " + from);
        }
    }
}
