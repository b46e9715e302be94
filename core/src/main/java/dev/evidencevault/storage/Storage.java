package dev.evidencevault.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The verbs through which a vault is written.
 *
 * <p>Nothing is durable before the sync that its method names. A call that fails may or may not have had its effect;
 * no caller tries it again. Implementations are safe for use by several threads; an {@link Appender} is not.
 */
public interface Storage {
    /** A file that is being written from its beginning. */
    interface Appender extends Closeable {
        /** Writes all remaining bytes at the end. */
        void append(ByteBuffer bytes) throws IOException;

        /** Makes what was appended durable (fdatasync); the file's name becomes so only with its directory. */
        void sync() throws IOException;

        /** Closes the file, durable or not. */
        @Override
        void close() throws IOException;
    }

    /** Creates a directory that does not exist yet. */
    void createDirectory(Path directory) throws IOException;

    /** Creates a file that does not exist yet. */
    Appender create(Path file) throws IOException;

    /** Renames within a file system, atomically, replacing what has the new name. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, if it exists. */
    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable (fsync). */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Puts a file in place so that it is there whole or not at all: writes a temporary file, syncs it, renames it, syncs
     * the directory. The rename is the commit point.
     */
    default void replace(Path file, byte[] content) throws IOException {
        prepare(file, content);
        rename(temporary(file), file);
        syncDirectory(directoryOf(file));
    }

    /** The first half of {@link #replace}: the temporary file, written and synced. */
    default void prepare(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        delete(temporary);
        try (Appender appender = create(temporary)) {
            appender.append(ByteBuffer.wrap(content));
            appender.sync();
        }
    }

    /** Returns the name under which a file is written before it has its own. */
    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + Layout.TEMPORARY_SUFFIX);
    }

    /** Returns the directory that holds a file. */
    static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " lies in no directory");
        }
        return parent;
    }
}
