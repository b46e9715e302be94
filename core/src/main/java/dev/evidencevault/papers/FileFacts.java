package dev.evidencevault.papers;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * A file of the bundle as papers name it.
 *
 * @param name its name, relative to the bag
 * @param bytes its length
 * @param digest its SHA-256
 */
record FileFacts(String name, long bytes, Digest digest) {
    static FileFacts of(Papers.Source source, String name) throws IOException {
        MessageDigest computation = Digest.computation();
        long bytes = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.open(name)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                computation.update(buffer, 0, read);
                bytes += read;
            }
        }
        return new FileFacts(name, bytes, Digest.of(computation.digest()));
    }
}
