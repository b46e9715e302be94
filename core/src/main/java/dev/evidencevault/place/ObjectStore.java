package dev.evidencevault.place;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects under keys ({@link ObjectKey}), in a directory or in a store that is reached over a network.
 *
 * <p>An object is there whole or not at all: what was half written when something failed is under no key. When a method
 * that writes returns, what it wrote is durable. A call that fails may or may not have had its effect; doing it again is
 * safe. Implementations are safe for use by several threads; two processes that write the same keys are found at the
 * latest when the second reads back what it wrote.
 */
public interface ObjectStore extends Closeable {
    /** Returns what messages call it: its place as the user gave it, without credentials. */
    String name();

    /** Returns its place in the one spelling that a register has: what opens it again, without credentials. */
    String location();

    /** Says whether this store can keep objects from everybody's deleting them until a time. */
    boolean canRetain() throws IOException;

    /**
     * Says whether this store keeps every new object for a time although nobody asked it to: then wrapped keys, put into it,
     * could not be destroyed.
     */
    boolean retainsByItself() throws IOException;

    /**
     * Keeps an object that will never change. If there is one of that key with the same content, nothing is written. What
     * was written is read back and compared.
     *
     * @param retainUntil until when nobody may delete it, also if it is there already; null for no such time
     * @throws FileAlreadyExistsException if there is one of that key with another content
     * @throws IllegalArgumentException if a time is given and the store cannot retain
     * @throws IOException if it was not kept; also if the content was not what its digest says
     */
    void put(String key, ObjectContent content, @Nullable Instant retainUntil) throws IOException;

    /**
     * Sees to it that nobody may delete an object before a time. One that is retained for longer stays so.
     *
     * @throws IllegalArgumentException if the store cannot retain
     * @throws IOException also if there is no such object
     */
    void retain(String key, Instant until) throws IOException;

    /**
     * Puts a small object in the place of what has its key, and removes for good what was there. It is never retained.
     *
     * @param content at most a few MiB
     */
    void replace(String key, byte[] content) throws IOException;

    /**
     * Opens an object from a byte on.
     *
     * @param offset the first byte, from 0 to its length
     * @param bytes how many at most; fewer if the object ends before
     * @throws NoSuchFileException if there is none
     */
    InputStream get(String key, long offset, long bytes) throws IOException;

    /**
     * Returns the objects whose keys begin with a prefix, in the order of their keys.
     *
     * @param prefix empty, or the beginning of a key up to and with a {@code /}
     */
    List<StoredObject> list(String prefix) throws IOException;

    /**
     * Removes an object for good, with everything that the store remembers of it. Does nothing if there is none.
     *
     * @throws IOException if it is still there, for example because it is retained
     */
    void delete(String key) throws IOException;

    /**
     * Removes for good whatever lies under a prefix beside its objects as they are now: what a write left that was cut short, and
     * what the store remembers of objects that were replaced or deleted. Nobody else may write there meanwhile.
     *
     * @param prefix the beginning of a key up to and with a {@code /}, under which nothing is retained
     */
    void tidy(String prefix) throws IOException;

    /**
     * Reads a whole object.
     *
     * @param bytesMax the most that it may have
     * @throws NoSuchFileException if there is none
     * @throws IOException if it has more
     */
    default byte[] read(String key, int bytesMax) throws IOException {
        try (InputStream in = get(key, 0, bytesMax + 1L)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new IOException(name() + ": " + key + " has more than " + bytesMax + " bytes");
            }
            return bytes;
        }
    }

    /** Returns the digest of an object. */
    default Digest digest(String key) throws IOException {
        try (InputStream in = get(key, 0, Long.MAX_VALUE)) {
            return Digest.sha256(in);
        }
    }
}
