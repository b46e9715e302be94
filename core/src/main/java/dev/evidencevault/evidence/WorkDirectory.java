package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where a bundle is put together: a directory beside the file that it becomes, readable by its owner alone. It is removed
 * in the end, also when the process is told to stop; what a killed process leaves carries the bundle's name and
 * {@code .tmp}.
 */
final class WorkDirectory implements AutoCloseable {
    private final Path directory;
    private final Thread onShutdown = new Thread(this::remove, "evault-export-cleanup");

    private WorkDirectory(Path directory) {
        this.directory = directory;
    }

    static WorkDirectory create(Path out) throws IOException {
        Path directory = Storage.temporary(out);
        try {
            if (out.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    directory.toString(), null, "an export to this file is running, or was killed: then remove it");
        }
        WorkDirectory work = new WorkDirectory(directory);
        Runtime.getRuntime().addShutdownHook(work.onShutdown);
        return work;
    }

    /** Returns the place of the finished bundle. */
    Path bundle() {
        return directory.resolve("bundle.zip");
    }

    /** Returns the directory of the bag. */
    Path bag() {
        return directory.resolve(BundleLayout.BAG);
    }

    /** Returns the place of a file of the bag. */
    Path file(String name) {
        return bag().resolve(name);
    }

    /** Says whether the bag has a file by now. */
    boolean has(String name) {
        return Files.exists(file(name));
    }

    InputStream open(String name) throws IOException {
        return Files.newInputStream(file(name));
    }

    OutputStream create(String name) throws IOException {
        Path file = file(name);
        Files.createDirectories(Storage.directoryOf(file));
        return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
    }

    void write(String name, byte[] content) throws IOException {
        try (OutputStream out = create(name)) {
            out.write(content);
        }
    }

    static void syncParent(Path file) throws IOException {
        try (FileChannel parent = FileChannel.open(Storage.directoryOf(file), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot remove " + directory, e);
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            // The process is stopping: the hook runs now and finds nothing.
            return;
        }
    }
}
