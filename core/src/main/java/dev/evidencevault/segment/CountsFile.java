package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LeafHeader.Tag;
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
 * How many records each pseudonym had up to a segment, encrypted: what the writer needs to go on counting when it cannot read
 * the segments before. Format: {@code docs/formats/vault.md}.
 *
 * <pre>magic 8 (its seventh byte is the cipher) | log id 16 | segment number 8 | salt 32 | key commitment 32 | ciphertext of
 *     (pseudonym 16, count 8) for each, ascending</pre>
 */
public final class CountsFile {
    private static final FileMagic MAGIC = new FileMagic("EVCNT\0\0\1");
    private static final int SALT_BYTES = 32;
    private static final int SALT_AT = FileMagic.BYTES + LogId.BYTES + 8;
    private static final int HEADER_BYTES = SALT_AT + SALT_BYTES + Digest.BYTES;
    private static final int ENTRY_BYTES = Tag.BYTES + 8;
    private static final long FILE_BYTES_MAX = 1L << 30;

    private CountsFile() {}

    /**
     * Returns the bytes of a file.
     *
     * @param segment the last one that is counted
     * @throws IllegalArgumentException if there are too many pseudonyms for a file of 1 GiB
     */
    public static byte[] seal(SealedLog log, long segment, TagCounts counts, SecureRandom random) {
        var all = counts.asMap();
        if ((long) all.size() * ENTRY_BYTES > FILE_BYTES_MAX - HEADER_BYTES - DataKey.OVERHEAD_BYTES) {
            throw new IllegalArgumentException("the counts of " + all.size() + " actors are too many for a file");
        }
        ByteBuffer plain = ByteBuffer.allocate(all.size() * ENTRY_BYTES);
        all.forEach((tag, count) -> {
            tag.write(plain);
            plain.putLong(count);
        });
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        DataKey key = log.keys().countsKey(segment, salt);
        byte[] header = header(log.logId(), segment, salt, key);
        byte[] ciphertext = key.seal(plain.array(), header);
        byte[] file = Arrays.copyOf(header, HEADER_BYTES + ciphertext.length);
        System.arraycopy(ciphertext, 0, file, HEADER_BYTES, ciphertext.length);
        return file;
    }

    private static byte[] header(LogId logId, long segment, byte[] salt, DataKey key) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(logId.bytes())
                .putLong(segment)
                .put(salt)
                .put(key.commitment().bytes())
                .array();
    }

    /**
     * Adds what the file of a log says to counts.
     *
     * @param segment the last one that is counted
     * @param expected SHA-256 of the file
     * @throws CorruptFileException if the file is missing or not that one
     */
    public static void read(SealedLog log, long segment, Digest expected, TagCounts counts) throws IOException {
        Path file = log.directory().counts(segment);
        byte[] bytes = bytes(file, expected);
        byte[] header = Arrays.copyOf(bytes, Math.min(bytes.length, HEADER_BYTES));
        if (bytes.length < HEADER_BYTES + DataKey.OVERHEAD_BYTES) {
            throw new CorruptFileException(file, bytes.length, "the file ends inside its header");
        }
        byte[] salt = Arrays.copyOfRange(bytes, SALT_AT, SALT_AT + SALT_BYTES);
        DataKey key = log.keys()
                .countsKey(segment, salt, Digest.read(bytes, SALT_AT + SALT_BYTES))
                .orElseThrow(() -> new CorruptFileException(file, 0, "the counts are not under this tenant's key"));
        if (!Arrays.equals(header, header(log.logId(), segment, salt, key))) {
            throw new CorruptFileException(file, 0, "the header is not that of segment " + segment);
        }
        try {
            ByteBuffer plain =
                    ByteBuffer.wrap(key.open(0, Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length), header));
            if (plain.remaining() % ENTRY_BYTES != 0) {
                throw new CorruptFileException(file, HEADER_BYTES, "the counts are not whole");
            }
            while (plain.hasRemaining()) {
                counts.set(Tag.read(plain), plain.getLong());
            }
        } catch (GeneralSecurityException e) {
            throw new CorruptFileException(file, HEADER_BYTES, "the content does not decrypt");
        }
    }

    /**
     * Requires that the file is there and unchanged; no key is needed for that.
     *
     * @throws CorruptFileException if it is not
     */
    public static void require(Path file, Digest expected) throws IOException {
        bytes(file, expected);
    }

    private static byte[] bytes(Path file, Digest expected) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > FILE_BYTES_MAX) {
            throw new CorruptFileException(file, 0, "expected a file of counts, found none");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!Digest.sha256(bytes).equals(expected)) {
            throw new CorruptFileException(file, 0, "the counts are not those that the keys of the log name");
        }
        return bytes;
    }
}
