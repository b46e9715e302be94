package dev.evidencevault.evidence;

import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.storage.LocalStorage;
import dev.evidencevault.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a bundle is put together: a directory beside the file that it becomes, readable by its owner alone. It is removed
 * in the end, also when the process is told to stop; what a killed process leaves carries the bundle's name and
 * {@code .tmp}.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String STATE = "state.json";

    private final Path directory;
    private final Storage storage = new LocalStorage();
    private final @Nullable FileChannel lock;
    private boolean released;
    private final Thread onShutdown = new Thread(this::remove, "evault-export-cleanup");

    private WorkDirectory(Path directory, @Nullable FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
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
        WorkDirectory work = new WorkDirectory(directory, null);
        Runtime.getRuntime().addShutdownHook(work.onShutdown);
        return work;
    }

    /**
     * Creates the directory, or takes up what an export that was interrupted left there. What is saved stays if this one is
     * interrupted, too.
     *
     * @throws FileAlreadyExistsException if one is running
     */
    static WorkDirectory resume(Path out) throws IOException {
        Path directory = Storage.temporary(out);
        if (!Files.isDirectory(directory)) {
            create(out).leave();
        }
        FileChannel lock =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean mine = false;
        try {
            mine = lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            mine = false;
        } finally {
            if (!mine) {
                lock.close();
            }
        }
        if (!mine) {
            throw new FileAlreadyExistsException(directory.toString(), null, "an export to this file is running");
        }
        return new WorkDirectory(directory, lock);
    }

    /** Leaves the directory to whoever takes it up. */
    private void leave() {
        Runtime.getRuntime().removeShutdownHook(onShutdown);
    }

    /** Says whether what is saved stays after an interruption. */
    boolean isResumable() {
        return lock != null;
    }

    /** Returns what was saved; empty if nothing was. */
    Optional<ExtractState> saved() throws IOException {
        Path file = directory.resolve(STATE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(ExtractState.parse(in.readNBytes(ExtractState.BYTES_MAX)));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, e.getMessage() + "; remove the directory and begin anew");
        }
    }

    /** Saves how far the extract is; its files have to be synced. */
    void save(ExtractState state) throws IOException {
        storage.replace(directory.resolve(STATE), state.format());
    }

    /** Removes all files but those that an extract goes on with, and cuts these to their lengths. */
    void cut(Map<String, Long> lengths) throws IOException {
        try (Stream<Path> files = Files.walk(bag())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                boolean kept = Files.isDirectory(file)
                        ? lengths.keySet().stream().anyMatch(name -> file(name).startsWith(file))
                        : lengths.containsKey(bag().relativize(file).toString());
                if (!kept) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(bundle());
        Files.deleteIfExists(container());
        for (Map.Entry<String, Long> length : lengths.entrySet()) {
            Path file = file(length.getKey());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                if (channel.size() < length.getValue()) {
                    throw new CorruptFileException(
                            file,
                            channel.size(),
                            "the file had " + length.getValue() + " bytes; remove the directory and begin anew");
                }
                channel.truncate(length.getValue());
            }
        }
    }

    /** Forgets what an export left that saved nothing. */
    void clear() throws IOException {
        if (Files.exists(bag())) {
            try (Stream<Path> files = Files.walk(bag())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.deleteIfExists(bundle());
        Files.deleteIfExists(container());
    }

    /** Says that the bundle has its name: what is left is of no use. */
    void released() {
        released = true;
    }

    /** Returns the place of the finished bundle. */
    Path bundle() {
        return directory.resolve("bundle.zip");
    }

    /** Returns the place of the container into which the bundle is signed, if it is. */
    Path container() {
        return directory.resolve("bundle.asice");
    }

    /** Returns what gets the name in the end. */
    Path target() {
        return Files.exists(container()) ? container() : bundle();
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

    /** Opens a file at its end, made if it is not there; it is synced when that is asked for. */
    SyncedOutput append(String name) throws IOException {
        Path file = file(name);
        Files.createDirectories(Storage.directoryOf(file));
        return new SyncedOutput(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
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
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            boolean keep = !released && Files.exists(directory.resolve(STATE));
            if (!keep) {
                remove();
            }
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock " + directory, e);
            }
            return;
        }
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            // The process is stopping: the hook runs now and finds nothing.
            return;
        }
    }
}
