package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.format.LogId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where the parts of a journal file stand. Big-endian; {@code docs/formats/journal.md} is the specification.
 *
 * <pre>
 * header   magic 8 | number 8 | salt 32 | crc32c 4
 * frame *  magic 4 | frame number 8 | commit 8 | frames of the commit 4 | synced commit 8 | log id 16
 *          | first seq 8 | count 4 | cipher bytes 4 | crc32c 4 | ciphertext
 * </pre>
 */
final class JournalFormat {
    static final byte[] FILE_MAGIC = "EVJRN\0\0\1".getBytes(StandardCharsets.ISO_8859_1);
    static final int FRAME_MAGIC = 0x45564652;

    /** The magic of a frame whose plaintext is compressed. */
    static final int COMPRESSED_MAGIC = 0x4556465A;

    static final int SALT_BYTES = 32;
    static final int HEADER_BYTES = 8 + 8 + SALT_BYTES + 4;
    static final int FRAME_HEADER_BYTES = 4 + 8 + 8 + 4 + 8 + LogId.BYTES + 8 + 4 + 4 + 4;

    /** The most plaintext of a frame. */
    static final int FRAME_PLAIN_BYTES_MAX = 64 << 20;

    private JournalFormat() {}

    /**
     * The header of a frame.
     *
     * @param compressed whether the plaintext is its length uncompressed, 4, and a Zstandard frame (RFC 8878)
     * @param frame its number in the file, from 0; also its nonce
     * @param commit the commit that it belongs to, from 1
     * @param commitFrames how many frames the commit has
     * @param synced the last commit that was known to be on disk when this one was written
     * @param logId the log
     * @param firstSeq the seq of its first record
     * @param count how many records
     * @param cipherBytes the length of the ciphertext
     */
    record FrameHeader(
            boolean compressed,
            long frame,
            long commit,
            int commitFrames,
            long synced,
            LogId logId,
            long firstSeq,
            int count,
            int cipherBytes) {
        byte[] encode() {
            ByteBuffer buffer = ByteBuffer.allocate(FRAME_HEADER_BYTES)
                    .putInt(compressed ? COMPRESSED_MAGIC : FRAME_MAGIC)
                    .putLong(frame)
                    .putLong(commit)
                    .putInt(commitFrames)
                    .putLong(synced)
                    .put(logId.bytes())
                    .putLong(firstSeq)
                    .putInt(count)
                    .putInt(cipherBytes);
            return buffer.putInt(crc(buffer.array(), FRAME_HEADER_BYTES - 4)).array();
        }

        /** Decodes a header whose magic, checksum and bounds are right; null if they are not. */
        static @org.jspecify.annotations.Nullable FrameHeader decode(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int magic = buffer.getInt();
            if (magic != FRAME_MAGIC && magic != COMPRESSED_MAGIC
                    || buffer.getInt(FRAME_HEADER_BYTES - 4) != crc(bytes, FRAME_HEADER_BYTES - 4)) {
                return null;
            }
            FrameHeader header = new FrameHeader(
                    magic == COMPRESSED_MAGIC,
                    buffer.getLong(),
                    buffer.getLong(),
                    buffer.getInt(),
                    buffer.getLong(),
                    LogId.read(buffer),
                    buffer.getLong(),
                    buffer.getInt(),
                    buffer.getInt());
            return header.count < 1
                            || header.commitFrames < 1
                            || header.cipherBytes < DataKey.OVERHEAD_BYTES
                            || header.cipherBytes > FRAME_PLAIN_BYTES_MAX + DataKey.OVERHEAD_BYTES
                    ? null
                    : header;
        }
    }

    static byte[] header(long number, byte[] salt) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES)
                .put(FILE_MAGIC)
                .putLong(number)
                .put(salt);
        return buffer.putInt(crc(buffer.array(), HEADER_BYTES - 4)).array();
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
