package dev.evidencevault.deposit;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.evidencevault.crypto.aead.DataKey;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.CorruptFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A pack, open for reading with the keys of its log. Not safe for use by several threads at once. */
final class PackFile implements Closeable {
    private final Path path;
    private final PackSource.Pack pack;
    private final byte[] header;
    private final DataKey key;
    private final List<Chunk> chunks;

    /**
     * A chunk's place.
     *
     * @param id which it is
     * @param ordinal its place among the chunks of the pack
     * @param offset where its ciphertext begins
     * @param cipherBytes the length of its ciphertext
     * @param plainBytes its own length
     */
    record Chunk(Digest id, int ordinal, long offset, int cipherBytes, int plainBytes) {}

    /**
     * Opens a pack and reads its directory.
     *
     * @throws CorruptFileException if it is missing, or is not that pack of that log
     */
    PackFile(Depositor depositor, long number) throws IOException {
        pack = depositor.packs().open(number);
        path = pack.name();
        try {
            long length = pack.bytes();
            if (length < PackFormat.HEADER_BYTES + PackFormat.tailBytes(0) || length > PackFormat.PACK_BYTES) {
                throw corrupt(length, "a pack cannot have " + length + " bytes");
            }
            header = read(0, PackFormat.HEADER_BYTES);
            byte[] salt = Arrays.copyOfRange(header, PackFormat.SALT_AT, PackFormat.SALT_AT + PackFormat.SALT_BYTES);
            Digest commitment = Digest.read(header, PackFormat.SALT_AT + PackFormat.SALT_BYTES);
            key = depositor.key(path, number, salt, commitment);
            if (!Arrays.equals(header, PackFormat.header(depositor, number, salt, key))) {
                throw corrupt(0, "expected the header of pack " + number + " of log " + depositor.logId());
            }
            chunks = directory(length);
        } catch (IOException e) {
            pack.close();
            throw e;
        }
    }

    private List<Chunk> directory(long length) throws IOException {
        ByteBuffer trailer = ByteBuffer.wrap(read(length - PackFormat.TRAILER_BYTES, PackFormat.TRAILER_BYTES));
        int cipherBytes = trailer.getInt();
        if (trailer.getInt() != PackFormat.END_MAGIC) {
            throw corrupt(length - 4, "expected the end mark of a pack");
        }
        long begin = length - PackFormat.TRAILER_BYTES - cipherBytes;
        if (cipherBytes < DataKey.OVERHEAD_BYTES || begin < PackFormat.HEADER_BYTES + DataKey.OVERHEAD_BYTES) {
            throw corrupt(length - PackFormat.TRAILER_BYTES, "a directory cannot have " + cipherBytes + " bytes");
        }
        ByteBuffer plain;
        try {
            plain = ByteBuffer.wrap(key.open(PackFormat.DIRECTORY_NONCE, read(begin, cipherBytes), header));
        } catch (GeneralSecurityException e) {
            throw corrupt(begin, "the directory does not decrypt");
        }
        int count = plain.remaining() < 4 ? -1 : plain.getInt();
        if (count < 0 || count > PackFormat.CHUNKS_MAX || plain.capacity() != PackFormat.directoryBytes(count)) {
            throw corrupt(begin, "a directory of this length cannot have " + count + " chunks");
        }
        List<Chunk> read = new ArrayList<>(count);
        long at = PackFormat.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            byte[] id = new byte[Digest.BYTES];
            plain.get(id);
            int plainBytes = plain.getInt();
            Chunk chunk = new Chunk(Digest.of(id), i, at, plain.getInt(), plainBytes);
            if (plainBytes < 1
                    || plainBytes > ChunkCutter.CHUNK_BYTES_MAX
                    || chunk.cipherBytes() < DataKey.OVERHEAD_BYTES
                    || chunk.cipherBytes() > begin - DataKey.OVERHEAD_BYTES - at) {
                throw corrupt(begin, "chunk " + i + " has a length that cannot be");
            }
            at += chunk.cipherBytes();
            read.add(chunk);
        }
        return List.copyOf(read);
    }

    /** Returns the chunks in their order. */
    List<Chunk> chunks() {
        return chunks;
    }

    /**
     * Reads a chunk.
     *
     * @throws CorruptFileException if it is not what was written there
     */
    byte[] read(Chunk chunk) throws IOException {
        if (chunk.cipherBytes() >= ChunkCutter.CHUNK_BYTES_MIN / 2) {
            WarmCipher.forOpening(key.cipher());
        }
        byte[] compressed;
        try {
            compressed = key.open(
                    chunk.ordinal(),
                    read(chunk.offset(), chunk.cipherBytes()),
                    PackFormat.associatedData(header, chunk.id(), chunk.plainBytes()));
        } catch (GeneralSecurityException e) {
            throw corrupt(chunk.offset(), "chunk " + chunk.ordinal() + " does not decrypt");
        }
        byte[] plain = new byte[chunk.plainBytes()];
        try {
            long bytes = Zstd.decompress(plain, compressed);
            if (bytes != plain.length) {
                throw corrupt(chunk.offset(), "expected a chunk of " + plain.length + " bytes, found " + bytes);
            }
            return plain;
        } catch (ZstdException e) {
            throw corrupt(chunk.offset(), "chunk " + chunk.ordinal() + " does not decompress: " + e.getMessage());
        }
    }

    private byte[] read(long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        pack.read(offset, buffer);
        return buffer.array();
    }

    private CorruptFileException corrupt(long offset, String problem) {
        return new CorruptFileException(path, offset, problem);
    }

    @Override
    public void close() throws IOException {
        pack.close();
    }
}
