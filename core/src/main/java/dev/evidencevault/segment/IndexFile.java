package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The encrypted search index of a segment, as a file. Format: {@code docs/formats/index.md}.
 *
 * <pre>magic 8 (its seventh byte is the cipher) | log id 16 | segment number 8 | salt 32 | key commitment 32 | ciphertext</pre>
 */
public final class IndexFile {
    private static final FileMagic MAGIC = new FileMagic("EVIDX\0\0\1");
    private static final int SALT_BYTES = 32;
    private static final int SALT_AT = 8 + LogId.BYTES + 8;
    private static final int HEADER_BYTES = SALT_AT + SALT_BYTES + Digest.BYTES;
    private static final long FILE_BYTES_MAX = 1L << 30;

    /** The largest index that is kept. */
    static final int INDEX_BYTES_MAX = (1 << 30) - 1024;

    private IndexFile() {}

    static byte[] seal(LogId logId, long number, TenantKeys keys, SecureRandom random, byte[] index) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        DataKey key = keys.indexKey(number, salt);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(logId.bytes())
                .putLong(number)
                .put(salt)
                .put(key.commitment().bytes())
                .array();
        byte[] ciphertext = key.seal(index, header);
        byte[] file = Arrays.copyOf(header, HEADER_BYTES + ciphertext.length);
        System.arraycopy(ciphertext, 0, file, HEADER_BYTES, ciphertext.length);
        return file;
    }

    /**
     * Reads and decrypts an index.
     *
     * @throws CorruptFileException if the file is not the index of that segment, whole and unchanged
     */
    public static byte[] open(Path file, LogId logId, long number, TenantKeys keys) throws IOException {
        return open(file, read(file), logId, number, keys);
    }

    /**
     * Reads and decrypts the index that a seal names.
     *
     * @param expected SHA-256 of the file
     * @throws CorruptFileException if the file is not that one
     */
    public static byte[] open(Path file, LogId logId, long number, TenantKeys keys, Digest expected)
            throws IOException {
        byte[] bytes = read(file);
        if (!Digest.sha256(bytes).equals(expected)) {
            throw new CorruptFileException(file, 0, "the index is not the one that the seal names");
        }
        return open(file, bytes, logId, number, keys);
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(file, 0, "expected an index, found no regular file");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, 0, "an index file has at most 1 GiB");
        }
        return Files.readAllBytes(file);
    }

    private static byte[] open(Path file, byte[] bytes, LogId logId, long number, TenantKeys keys)
            throws CorruptFileException {
        if (bytes.length < HEADER_BYTES + DataKey.OVERHEAD_BYTES) {
            throw new CorruptFileException(file, bytes.length, "the file ends inside its header");
        }
        byte[] header = Arrays.copyOf(bytes, HEADER_BYTES);
        DataKey key = keys.indexKey(
                        number,
                        Arrays.copyOfRange(bytes, SALT_AT, SALT_AT + SALT_BYTES),
                        Digest.read(bytes, SALT_AT + SALT_BYTES))
                .orElseThrow(() -> new CorruptFileException(file, 0, "the header is not that of segment " + number));
        byte[] expected = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(logId.bytes())
                .putLong(number)
                .put(bytes, SALT_AT, SALT_BYTES)
                .put(key.commitment().bytes())
                .array();
        if (!Arrays.equals(header, expected)) {
            throw new CorruptFileException(file, 0, "the header is not that of segment " + number);
        }
        try {
            return key.open(0, Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length), header);
        } catch (GeneralSecurityException e) {
            throw new CorruptFileException(file, HEADER_BYTES, "the content does not decrypt");
        }
    }
}
