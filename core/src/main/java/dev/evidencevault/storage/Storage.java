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
    /** How much of a new file is written in one call. */
    int FILL_BYTES = 1 << 20;

    /** After how many such calls what they wrote is synced. */
    int FILLS_PER_SYNC = 4;

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

    /**
     * A file of fixed length whose blocks are overwritten where they stand: no call changes its length or any other
     * metadata that reading it would need.
     */
    interface BlockFile extends Closeable {
        /** Length of a block in bytes: what is written begins and ends at multiples of it. */
        int BLOCK_BYTES = 4096;

        /**
         * Overwrites blocks.
         *
         * @param position where, a multiple of {@link #BLOCK_BYTES}
         * @param blocks what, all that remains: a multiple of {@link #BLOCK_BYTES}, in a direct buffer that is aligned
         *     to it
         */
        void write(long position, ByteBuffer blocks) throws IOException;

        /** Makes what was written durable (fdatasync). */
        void sync() throws IOException;

        /** Closes the file, durable or not. */
        @Override
        void close() throws IOException;
    }

    /** Creates a directory that does not exist yet. */
    void createDirectory(Path directory) throws IOException;

    /** Creates a file that does not exist yet. */
    Appender create(Path file) throws IOException;

    /** Opens a file that exists for overwriting its blocks. */
    BlockFile openBlocks(Path file) throws IOException;

    /**
     * Creates a file that does not exist yet, full of zeros and synced, so that overwriting it later needs no room: a full
     * disk is met here and not there.
     *
     * @param bytes its length, a multiple of {@link BlockFile#BLOCK_BYTES}
     */
    default void createFilled(Path file, long bytes) throws IOException {
        create(file).close();
        ByteBuffer zeros = blockBuffer((int) Math.min(bytes, FILL_BYTES));
        try (BlockFile blocks = openBlocks(file)) {
            long at = 0;
            for (int step = 1; at < bytes; step++) {
                zeros.clear().limit((int) Math.min(bytes - at, zeros.capacity()));
                int length = zeros.remaining();
                blocks.write(at, zeros);
                at += length;
                // In small steps: whoever syncs something else meanwhile would wait for all of it.
                if (step % FILLS_PER_SYNC == 0 || at == bytes) {
                    blocks.sync();
                }
            }
        }
    }

    /** Returns an empty buffer of this many bytes from which blocks can be written. */
    static ByteBuffer blockBuffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BlockFile.BLOCK_BYTES)
                .alignedSlice(BlockFile.BLOCK_BYTES)
                .limit(bytes);
    }

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
        createSynced(temporary, content);
    }

    /** Creates a file that does not exist yet and syncs its content; its name becomes durable with its directory. */
    default void createSynced(Path file, byte[] content) throws IOException {
        try (Appender appender = create(file)) {
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
