package dev.evidencevault.deposit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A place that does not exist yet, and the one beside it where it is made: under a name that ends in {@code .unfinished},
 * until it is whole. What is not whole is removed; after a kill it is left under that name. For one thread, once.
 */
final class UnfinishedTarget implements Closeable {
    private static final String SUFFIX = ".unfinished";
    private static final int RANDOM_BYTES = 8;
    private static final int DIRECTORY_MODE = 0700;

    private final Path target;
    private final Path unfinished;
    private boolean done;

    /**
     * Creates nothing yet.
     *
     * @throws FileAlreadyExistsException if something is there
     * @throws NoSuchFileException if there is no directory for it
     */
    UnfinishedTarget(Path target) throws IOException {
        this.target = target.toAbsolutePath().normalize();
        Path parent = this.target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new NoSuchFileException(String.valueOf(parent), null, "there is no such directory");
        }
        requireNothing();
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        this.unfinished = this.target.resolveSibling(
                this.target.getFileName() + "." + HexFormat.of().formatHex(random) + SUFFIX);
    }

    private void requireNothing() throws FileAlreadyExistsException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "it is there already, and is not overwritten");
        }
    }

    /** Returns where it is made. */
    Path path() {
        return unfinished;
    }

    /** Gives it its name. */
    void finish() throws IOException {
        requireNothing();
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        done = true;
    }

    /** Removes what is not whole. */
    @Override
    public void close() throws IOException {
        if (done || !Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(unfinished, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                // What came from the item may not be writable.
                TreeWriter.setMode(directory, DIRECTORY_MODE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
