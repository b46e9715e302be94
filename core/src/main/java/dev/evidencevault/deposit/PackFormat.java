package dev.evidencevault.deposit;

import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.FileMagic;
import dev.evidencevault.format.LogId;
import java.nio.ByteBuffer;

/**
 * Where the parts of a pack stand. Big-endian throughout; {@code docs/formats/deposit.md} is the specification.
 *
 * <pre>
 * header     magic 8 (its seventh byte is the cipher) | kind 1 | log id 16 | number 8 | salt 32 | key commitment 32
 * chunk *    ciphertext
 * padding    ciphertext of zeros
 * directory  ciphertext of: count 4 | (chunk id 32 | plain bytes 4 | cipher bytes 4) * count | zeros
 * trailer    directory's cipher bytes 4 | magic 4
 * </pre>
 */
final class PackFormat {
    static final int SALT_BYTES = 32;
    static final int SALT_AT = 8 + 1 + LogId.BYTES + 8;
    static final int HEADER_BYTES = SALT_AT + SALT_BYTES + Digest.BYTES;
    static final int TRAILER_BYTES = 8;
    static final int END_MAGIC = 0x45564244;

    /** The length of a full pack: all that are full have the same. */
    static final int PACK_BYTES = 32 << 20;

    /** The most chunks of a pack. */
    static final int CHUNKS_MAX = 1 << 16;

    /** The directory's nonce: no chunk has an ordinal as high. */
    static final long DIRECTORY_NONCE = 1L << 32;

    static final int ENTRY_BYTES = Digest.BYTES + 4 + 4;

    /** The directory's length is a multiple of this many bytes, so that it does not tell how many chunks there are. */
    private static final int DIRECTORY_STEP_BYTES = 1 << 12;

    private static final FileMagic MAGIC = new FileMagic("EVDPK\0\0\1");

    private PackFormat() {}

    static byte[] header(Depositor depositor, long number, byte[] salt, DataKey key) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC.of(key.cipher()))
                .put(depositor.kind().code())
                .put(depositor.logId().bytes())
                .putLong(number)
                .put(salt)
                .put(key.commitment().bytes())
                .array();
    }

    /** What a chunk is bound to: its pack, by the header with the pack's salt, and what it is. */
    static byte[] associatedData(byte[] header, Digest id, int plainBytes) {
        return ByteBuffer.allocate(HEADER_BYTES + ENTRY_BYTES - 4)
                .put(header)
                .put(id.bytes())
                .putInt(plainBytes)
                .array();
    }

    /** The length of the directory's plaintext with so many entries. */
    static int directoryBytes(int entries) {
        int needed = 4 + ENTRY_BYTES * entries;
        return Math.ceilDiv(needed, DIRECTORY_STEP_BYTES) * DIRECTORY_STEP_BYTES;
    }

    /** How many bytes come after the chunks, at least: padding of nothing, directory and trailer. */
    static int tailBytes(int entries) {
        return DataKey.OVERHEAD_BYTES + directoryBytes(entries) + DataKey.OVERHEAD_BYTES + TRAILER_BYTES;
    }
}
