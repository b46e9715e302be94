package dev.evidencevault.deposit;

import dev.evidencevault.format.CorruptFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Where the packs of a set are read, any part of one alone. Safe for use by several threads. */
public interface PackSource {
    /** Returns the numbers of the packs that are there, ascending. */
    List<Long> numbers() throws IOException;

    /**
     * Opens a pack.
     *
     * @throws CorruptFileException if it is missing
     */
    Pack open(long number) throws IOException;

    /** A pack that is open. Not safe for use by several threads at once. */
    interface Pack extends Closeable {
        /** Returns what messages call it. */
        Path name();

        /** Returns how many bytes it has. */
        long bytes() throws IOException;

        /**
         * Reads from an offset on until the buffer is full.
         *
         * @throws CorruptFileException if the pack ends before
         */
        void read(long offset, ByteBuffer into) throws IOException;
    }
}
