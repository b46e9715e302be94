package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Layout.SegmentRange;
import dev.evidencevault.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The encrypted search index of several segments, as a file of parts that are read one without the other. It can be made of
 * the segments at any time, proves nothing and is named by no seal. Format: {@code docs/formats/index.md}.
 *
 * <pre>magic 8 (its seventh byte is the cipher) | log id 16 | first segment 8 | last segment 8 | salt 32 | key commitment 32
 *      | part length 4 * 2 | part * 2, each as ciphertext</pre>
 */
public final class MergedIndexFile {
    /** How many parts there are. */
    public static final int PARTS = 2;

    /** The largest part, in bytes of plaintext. */
    public static final int PART_BYTES_MAX = 1 << 28;

    private static final FileMagic MAGIC = new FileMagic("EVIDM\0\0\1");
    private static final int SALT_BYTES = 32;
    private static final int SALT_AT = 8 + LogId.BYTES + 8 + 8;
    private static final int HEADER_BYTES = SALT_AT + SALT_BYTES + Digest.BYTES + 4 * PARTS;

    private MergedIndexFile() {}

    /**
     * Puts an index in place: it is there whole or not at all. Two who do this at once do not meet. The rename is the commit
     * point; nothing is lost if it does not last.
     *
     * @param keyAge how many of the log's keys are newer than the one that the segments are under
     * @param parts its {@value #PARTS} parts
     */
    public static void write(
            SealedLog log, SegmentRange range, int keyAge, List<byte[]> parts, Storage storage, SecureRandom random)
            throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        DataKey key = log.keys().mergedIndexKey(keyAge, range.from(), range.last(), salt);
        byte[] header = header(log.logId(), range, salt, key, parts.get(0).length, parts.get(1).length);
        Path file = log.directory().merged(range);
        byte[] unique = new byte[8];
        random.nextBytes(unique);
        Path temporary = Storage.temporary(
                file.resolveSibling(file.getFileName() + "." + HexFormat.of().formatHex(unique)));
        try {
            try (Storage.Appender out = storage.create(temporary)) {
                out.append(ByteBuffer.wrap(header));
                for (byte[] part : parts) {
                    out.append(ByteBuffer.wrap(key.seal(part, header)));
                }
                out.sync();
            }
            storage.rename(temporary, file);
        } catch (IOException e) {
            try {
                storage.delete(temporary);
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
        storage.syncDirectory(log.directory().indexes());
    }

    private static byte[] header(LogId logId, SegmentRange range, byte[] salt, DataKey key, int first, int second) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(logId.bytes())
                .putLong(range.from())
                .putLong(range.last())
                .put(salt)
                .put(key.commitment().bytes())
                .putInt(first)
                .putInt(second)
                .array();
    }

    /**
     * Reads and decrypts one part.
     *
     * @param part from 0
     * @throws CorruptFileException if the file is not the index of these segments, whole and unchanged
     */
    public static byte[] open(SealedLog log, SegmentRange range, int part) throws IOException {
        Path file = log.directory().merged(range);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptFileException(file, 0, "expected an index, found no regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            byte[] header = read(file, channel, 0, HEADER_BYTES);
            byte[] salt = Arrays.copyOfRange(header, SALT_AT, SALT_AT + SALT_BYTES);
            DataKey key = log.keys()
                    .mergedIndexKey(range.from(), range.last(), salt, Digest.read(header, SALT_AT + SALT_BYTES))
                    .orElseThrow(() -> new CorruptFileException(
                            file, 0, "the header is not that of segments " + range.from() + " to " + range.last()));
            List<Integer> lengths = new ArrayList<>(PARTS);
            ByteBuffer rest = ByteBuffer.wrap(header, HEADER_BYTES - 4 * PARTS, 4 * PARTS);
            long end = HEADER_BYTES;
            while (rest.hasRemaining()) {
                int length = rest.getInt();
                if (length < 0 || length > PART_BYTES_MAX) {
                    throw new CorruptFileException(file, 0, "a part of an index cannot have " + length + " bytes");
                }
                lengths.add(length);
                end += length + DataKey.OVERHEAD_BYTES;
            }
            if (!Arrays.equals(header, header(log.logId(), range, salt, key, lengths.get(0), lengths.get(1)))
                    || channel.size() != end) {
                throw new CorruptFileException(
                        file, 0, "the header is not that of segments " + range.from() + " to " + range.last());
            }
            long at = HEADER_BYTES;
            for (int before = 0; before < part; before++) {
                at += lengths.get(before) + DataKey.OVERHEAD_BYTES;
            }
            try {
                return key.open(part, read(file, channel, at, lengths.get(part) + DataKey.OVERHEAD_BYTES), header);
            } catch (GeneralSecurityException e) {
                throw new CorruptFileException(file, at, "the content does not decrypt");
            }
        }
    }

    private static byte[] read(Path file, FileChannel channel, long at, int length) throws IOException {
        if (at + length > channel.size()) {
            throw new CorruptFileException(file, channel.size(), "the file ends too early");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new CorruptFileException(file, at + buffer.position(), "the file ends too early");
            }
        }
        return buffer.array();
    }
}
