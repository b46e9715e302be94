package dev.evidencevault.journal;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LogId;
import dev.evidencevault.storage.Storage.BlockFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a journal file stand. Big-endian; {@code docs/formats/journal.md} is the specification.
 *
 * <pre>
 * header     magic 8 (its seventh byte is the cipher) | number 8 | life 16 | salt 32 | crc32c 4, padded with zeros to 4096
 * commit *   magic 4 | file tag 8 | commit 8 | synced commit 8 | nonce 8 | frames 4 | payload bytes 4
 *            | crc32c of the payload 4 | crc32c 4 | payload, padded with zeros to a multiple of 4096
 * payload    (log id 16 | first seq 8 | count 4 | plain bytes 4) * frames, then the ciphertexts in the same order
 * </pre>
 */
final class JournalFormat {
    static final int BLOCK_BYTES = BlockFile.BLOCK_BYTES;

    static final FileMagic MAGIC = new FileMagic("EVJRN\0\0\2");
    static final int COMMIT_MAGIC = 0x4556434D;

    static final int LIFE_BYTES = 16;
    static final int SALT_BYTES = 32;
    static final int FILE_HEADER_BYTES = 8 + 8 + LIFE_BYTES + SALT_BYTES + 4;
    static final int COMMIT_HEADER_BYTES = 4 + 8 + 8 + 8 + 8 + 4 + 4 + 4 + 4;
    static final int FRAME_ENTRY_BYTES = LogId.BYTES + 8 + 4 + 4;

    /** The most payload of a commit. */
    static final int PAYLOAD_BYTES_MAX = 256 << 20;

    /** The most plaintext of a frame. */
    static final int FRAME_PLAIN_BYTES_MAX = 128 << 20;

    private JournalFormat() {}

    /**
     * The header of a file.
     *
     * @param cipher what its frames are encrypted with
     * @param number the number in its name
     * @param life whose life wrote it: random, the same for all files of one opening of a vault
     * @param salt what its keys are derived from: random
     */
    record FileHeader(FileCipher cipher, long number, ByteBuffer life, ByteBuffer salt) {
        byte[] encode() {
            ByteBuffer buffer = ByteBuffer.allocate(BLOCK_BYTES)
                    .put(MAGIC.of(cipher))
                    .putLong(number)
                    .put(life.duplicate())
                    .put(salt.duplicate());
            return buffer.putInt(crc(buffer.array(), 0, FILE_HEADER_BYTES - 4)).array();
        }

        /** Decodes a block that is a header in its one spelling; null if it is not. */
        static @Nullable FileHeader decode(byte[] block) {
            FileCipher cipher = MAGIC.cipher(Arrays.copyOf(block, FileMagic.BYTES));
            if (cipher == null) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.wrap(block, FileMagic.BYTES, block.length - FileMagic.BYTES);
            long number = buffer.getLong();
            byte[] life = new byte[LIFE_BYTES];
            byte[] salt = new byte[SALT_BYTES];
            buffer.get(life).get(salt);
            FileHeader header = new FileHeader(cipher, number, ByteBuffer.wrap(life), ByteBuffer.wrap(salt));
            return Arrays.equals(header.encode(), block) ? header : null;
        }

        /** What a commit of this file begins with, so that what an earlier life left is told from it. */
        long tag() {
            return salt.getLong(salt.position());
        }
    }

    /**
     * The header of a commit.
     *
     * @param tag the file's
     * @param commit its number in the writer's life, from 1
     * @param synced the last commit that was known to be on disk when this one was made
     * @param nonce what the nonces of its frames begin with: random
     * @param frames how many frames
     * @param payloadBytes the length of what follows
     * @param payloadCrc the checksum of what follows
     */
    record CommitHeader(long tag, long commit, long synced, long nonce, int frames, int payloadBytes, int payloadCrc) {
        void encode(byte[] target) {
            ByteBuffer.wrap(target)
                    .putInt(COMMIT_MAGIC)
                    .putLong(tag)
                    .putLong(commit)
                    .putLong(synced)
                    .putLong(nonce)
                    .putInt(frames)
                    .putInt(payloadBytes)
                    .putInt(payloadCrc)
                    .putInt(crc(target, 0, COMMIT_HEADER_BYTES - 4));
        }

        /** Decodes a header whose magic, checksum and bounds are right; null if they are not. */
        static @Nullable CommitHeader decode(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (buffer.getInt() != COMMIT_MAGIC
                    || buffer.getInt(COMMIT_HEADER_BYTES - 4) != crc(bytes, 0, COMMIT_HEADER_BYTES - 4)) {
                return null;
            }
            long tag = buffer.getLong();
            long commit = buffer.getLong();
            long synced = buffer.getLong();
            CommitHeader header = new CommitHeader(
                    tag, commit, synced, buffer.getLong(), buffer.getInt(), buffer.getInt(), buffer.getInt());
            return header.commit < 1
                            || header.synced < 0
                            || header.synced >= header.commit
                            || header.frames < 1
                            || header.payloadBytes > PAYLOAD_BYTES_MAX
                            || header.payloadBytes < (long) header.frames * (FRAME_ENTRY_BYTES + DataKey.OVERHEAD_BYTES)
                    ? null
                    : header;
        }

        /** The length of the commit with its header and padding. */
        long paddedBytes() {
            return padded((long) COMMIT_HEADER_BYTES + payloadBytes);
        }
    }

    /**
     * A frame's entry in the directory of its commit.
     *
     * @param logId the log
     * @param firstSeq the seq of its first record
     * @param count how many records
     * @param plainBytes the length of its plaintext
     */
    record FrameEntry(LogId logId, long firstSeq, int count, int plainBytes) {
        void encode(ByteBuffer target) {
            target.putLong(logId.high())
                    .putLong(logId.low())
                    .putLong(firstSeq)
                    .putInt(count)
                    .putInt(plainBytes);
        }

        /** Decodes an entry whose bounds are right; null if they are not. */
        static @Nullable FrameEntry decode(ByteBuffer source) {
            FrameEntry entry = new FrameEntry(LogId.read(source), source.getLong(), source.getInt(), source.getInt());
            return entry.firstSeq < 0
                            || entry.count < 1
                            || entry.plainBytes < 4L * entry.count
                            || entry.plainBytes > FRAME_PLAIN_BYTES_MAX
                    ? null
                    : entry;
        }
    }

    /** What a frame's ciphertext is bound to: its place, and all that its commit's header and its entry say. */
    static byte[] associatedData(long tag, long commit, long synced, int frames, int frame, FrameEntry entry) {
        ByteBuffer buffer = ByteBuffer.allocate(8 + 8 + 8 + 4 + 4 + FRAME_ENTRY_BYTES)
                .putLong(tag)
                .putLong(commit)
                .putLong(synced)
                .putInt(frames)
                .putInt(frame);
        entry.encode(buffer);
        return buffer.array();
    }

    /** The nonce of a frame: 8 bytes that all frames of its commit share, and its number. */
    static byte[] nonce(long commitNonce, int frame) {
        return ByteBuffer.allocate(DataKey.NONCE_BYTES)
                .putLong(commitNonce)
                .putInt(frame)
                .array();
    }

    static long padded(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
