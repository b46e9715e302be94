package dev.evidencevault.place;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an object is to hold, and its digest, which whoever stores it has to find again. Immutable as long as the source is.
 *
 * @param bytes its length
 * @param digest SHA-256 of all of it
 * @param source gives it from its beginning, each time that it is asked
 */
public record ObjectContent(long bytes, Digest digest, Source source) {
    /** Gives a content from its beginning. */
    @FunctionalInterface
    public interface Source {
        /** Opens the content. */
        InputStream open() throws IOException;
    }

    /** Returns a content of a few bytes. */
    public static ObjectContent of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new ObjectContent(copy.length, Digest.sha256(copy), () -> new ByteArrayInputStream(copy));
    }

    /** Returns the content of a file that does not change; reads it once for its digest. */
    public static ObjectContent of(Path file) throws IOException {
        return new ObjectContent(Files.size(file), Digest.sha256(file), () -> Files.newInputStream(file));
    }
}
