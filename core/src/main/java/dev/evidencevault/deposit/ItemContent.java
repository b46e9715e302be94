package dev.evidencevault.deposit;

import dev.evidencevault.crypto.merkle.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What is in an item: its entries, and the chunks that the contents of its files, one after the other, were cut into.
 *
 * @param entries in their order
 * @param chunks in their order
 */
record ItemContent(List<ItemEntry> entries, List<ChunkRef> chunks) {
    /** The most bytes of its encoded form. */
    static final int BYTES_MAX = 512 << 20;

    /**
     * A chunk of the row of bytes.
     *
     * @param id which it is
     * @param bytes its length
     */
    record ChunkRef(Digest id, int bytes) {}

    /** Encodes what comes piece by piece. Not safe for use by several threads at once. */
    static final class Encoder {
        private final ByteArrayOutputStream entryBytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream chunkBytes = new ByteArrayOutputStream();
        private long entries;
        private long chunks;

        void add(ItemEntry entry) throws IOException {
            DataOutputStream out = new DataOutputStream(entryBytes);
            out.writeByte(entry.type().code);
            text(out, entry.path());
            out.writeShort(entry.mode());
            out.writeLong(entry.modifiedAt());
            switch (entry.type()) {
                case FILE -> {
                    out.writeLong(entry.bytes());
                    Digest digest = entry.digest();
                    out.write(digest == null ? new byte[0] : digest.bytes());
                }
                case LINK -> text(out, String.valueOf(entry.target()));
                case DIRECTORY -> {
                    // Has no content.
                }
            }
            entries++;
            requireSize();
        }

        private static void text(DataOutputStream out, String text) throws IOException {
            byte[] bytes = ItemEntry.utf8(text);
            out.writeShort(bytes.length);
            out.write(bytes);
        }

        void add(Digest id, int bytes) throws IOException {
            chunkBytes.write(id.bytes());
            chunkBytes.write(ByteBuffer.allocate(4).putInt(bytes).array());
            chunks++;
            requireSize();
        }

        private void requireSize() throws IOException {
            if ((long) entryBytes.size() + chunkBytes.size() + 2 * Long.BYTES > BYTES_MAX) {
                throw new IOException("an item has at most 512 MiB of names and chunk ids; put its parts one by one");
            }
        }

        long entries() {
            return entries;
        }

        byte[] bytes() {
            return ByteBuffer.allocate(2 * Long.BYTES + entryBytes.size() + chunkBytes.size())
                    .putLong(entries)
                    .put(entryBytes.toByteArray())
                    .putLong(chunks)
                    .put(chunkBytes.toByteArray())
                    .array();
        }
    }

    /**
     * Decodes the content.
     *
     * @throws IllegalArgumentException if the bytes are anything but what {@link Encoder} makes: an entry out of its order or
     *     in no directory, or chunks whose lengths are not together those of the files
     */
    static ItemContent decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            long count = in.getLong();
            List<ItemEntry> entries = new ArrayList<>();
            Deque<String> directories = new ArrayDeque<>();
            long total = 0;
            for (long i = 0; i < count; i++) {
                ItemEntry entry = entry(in);
                if (i > 0) {
                    requireAfter(entry, entries.get(entries.size() - 1), directories);
                }
                if (entry.type() == ItemEntry.Type.DIRECTORY) {
                    directories.push(entry.path());
                }
                total = Math.addExact(total, entry.bytes());
                entries.add(entry);
            }
            if (entries.isEmpty()) {
                throw new IllegalArgumentException("an item has an entry");
            }
            return new ItemContent(List.copyOf(entries), chunks(in, total));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the content of the item ends too early", e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the files have more bytes than there can be", e);
        }
    }

    private static void requireAfter(ItemEntry entry, ItemEntry before, Deque<String> directories) {
        if (ItemEntry.compare(before.path(), entry.path()) >= 0) {
            throw new IllegalArgumentException("entry " + entry.path() + " is not after " + before.path());
        }
        int slash = entry.path().lastIndexOf('/');
        String parent = slash < 0 ? "" : entry.path().substring(0, slash);
        while (!directories.isEmpty() && !directories.peek().equals(parent)) {
            directories.pop();
        }
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("entry " + entry.path() + " is in no directory of the item");
        }
    }

    private static ItemEntry entry(ByteBuffer in) {
        ItemEntry.Type type = ItemEntry.Type.ofCode(in.get());
        String path = text(in);
        int mode = Short.toUnsignedInt(in.getShort());
        long modifiedAt = in.getLong();
        return switch (type) {
            case FILE -> new ItemEntry(type, path, mode, modifiedAt, in.getLong(), digest(in), null);
            case DIRECTORY -> new ItemEntry(type, path, mode, modifiedAt, 0, null, null);
            case LINK -> new ItemEntry(type, path, mode, modifiedAt, 0, null, text(in));
        };
    }

    private static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a path is not UTF-8", e);
        }
    }

    private static Digest digest(ByteBuffer in) {
        byte[] digest = new byte[Digest.BYTES];
        in.get(digest);
        return Digest.of(digest);
    }

    private static List<ChunkRef> chunks(ByteBuffer in, long total) {
        long count = in.getLong();
        if (count < 0 || count > in.remaining() || in.remaining() != count * (Digest.BYTES + 4)) {
            throw new IllegalArgumentException("expected " + count + " chunks, found " + in.remaining() + " bytes");
        }
        List<ChunkRef> chunks = new ArrayList<>((int) count);
        long bytes = 0;
        for (long i = 0; i < count; i++) {
            ChunkRef chunk = new ChunkRef(digest(in), in.getInt());
            if (chunk.bytes() < 1 || chunk.bytes() > ChunkCutter.CHUNK_BYTES_MAX) {
                throw new IllegalArgumentException("a chunk cannot have " + chunk.bytes() + " bytes");
            }
            bytes += chunk.bytes();
            chunks.add(chunk);
        }
        if (bytes != total) {
            throw new IllegalArgumentException("the files have " + total + " bytes and the chunks " + bytes);
        }
        return List.copyOf(chunks);
    }
}
