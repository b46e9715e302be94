package dev.evidencevault.segment;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.aead.FileCipher;
import dev.evidencevault.crypto.keys.TenantKeys;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LogId;
import java.nio.ByteBuffer;

/**
 * Where the parts of a segment file stand. Big-endian throughout; {@code docs/formats/segment.md} is the specification.
 *
 * <pre>
 * header   magic 8 (its seventh byte is the cipher) | log id 16 | number 8 | first seq 8 | salt 32 | key commitment 32
 * block *  magic 4 | kind 1 | first seq 8 | count 4 | plain bytes 4 | cipher bytes 4
 *          | leaf hash 32 * count (records), digest 32 * count (deposits), nothing (actors) | ciphertext
 * footer   magic 4 | salt 32 | line bytes 4 | line of the seal | compact range 32 * n | block digest 32 * blocks
 *          | footer bytes 4 | magic 4
 * </pre>
 */
final class SegmentFormat {
    static final FileMagic MAGIC = new FileMagic("EVSEG\0\0\1");
    static final int BLOCK_MAGIC = 0x4556424B;
    static final int FOOTER_MAGIC = 0x4556534C;
    static final int END_MAGIC = 0x4556454E;

    static final int FILE_SALT_BYTES = 32;
    static final int HEADER_BYTES = 8 + LogId.BYTES + 8 + 8 + FILE_SALT_BYTES + Digest.BYTES;
    static final int BLOCK_HEADER_BYTES = 4 + 1 + 8 + 4 + 4 + 4;
    static final int TRAILER_BYTES = 8;
    static final int FOOTER_FIXED_BYTES = 4 + TenantKeys.SALT_BYTES + 4 + TRAILER_BYTES;

    /** A block is closed when its lines reach this many bytes. */
    static final int BLOCK_PLAIN_BYTES = 128 << 10;

    /** The most that a block decompresses to. */
    static final int BLOCK_PLAIN_BYTES_MAX = 16 << 20;

    /** The most records of a block. */
    static final int BLOCK_RECORDS_MAX = 1 << 16;

    /** The most deposits that a segment tells of. */
    static final int DEPOSITS_MAX = 1 << 20;

    /** The longest line of a seal. */
    static final int SEAL_LINE_BYTES_MAX = 4096;

    /** The most blocks of a segment. */
    static final int BLOCKS_MAX = 1 << 20;

    /** The longest footer. */
    static final int FOOTER_BYTES_MAX =
            FOOTER_FIXED_BYTES + SEAL_LINE_BYTES_MAX + Digest.BYTES * (Long.SIZE + BLOCKS_MAX);

    private SegmentFormat() {}

    static byte[] header(LogId logId, long number, long firstSeq, byte[] salt, DataKey key) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(logId.bytes())
                .putLong(number)
                .putLong(firstSeq)
                .put(salt)
                .put(key.commitment().bytes())
                .array();
    }

    static byte[] blockHeader(BlockKind kind, long firstSeq, int count, int plainBytes, int cipherBytes) {
        return ByteBuffer.allocate(BLOCK_HEADER_BYTES)
                .putInt(BLOCK_MAGIC)
                .put(kind.code)
                .putLong(firstSeq)
                .putInt(count)
                .putInt(plainBytes)
                .putInt(cipherBytes)
                .array();
    }

    /** What a block's ciphertext is bound to: its place, and what its header says but for the ciphertext's length. */
    static byte[] associatedData(
            FileCipher cipher,
            LogId logId,
            long number,
            int ordinal,
            BlockKind kind,
            long firstSeq,
            int count,
            int plainBytes) {
        return ByteBuffer.allocate(8 + LogId.BYTES + 8 + 4 + 1 + 8 + 4 + 4)
                .put(MAGIC.of(cipher))
                .put(logId.bytes())
                .putLong(number)
                .putInt(ordinal)
                .put(kind.code)
                .putLong(firstSeq)
                .putInt(count)
                .putInt(plainBytes)
                .array();
    }
}
