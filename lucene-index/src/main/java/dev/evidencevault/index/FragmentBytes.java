package dev.evidencevault.index;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/**
 * The parts of a fragment as bytes: the table of its blocks, the files of a Lucene index of their terms, and a filter of
 * words for each block. Big-endian. Format: {@code docs/formats/index.md}. Immutable as long as nobody changes the arrays.
 */
final class FragmentBytes {
    private static final byte[] MAGIC = "EVLUC\0\0\2".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FILES_MAX = 100;
    private static final int NAME_BYTES_MAX = 100;

    private final byte[] blocks;
    private final byte[] terms;
    private final byte[] words;

    /**
     * Joins the parts.
     *
     * @param blocks the table of blocks
     * @param terms for each file, ascending by name, its name's length 4, its name, its length 4, its content; before them
     *     their count 4
     * @param words count 4, the length of each filter 4, the filters
     */
    FragmentBytes(byte[] blocks, byte[] terms, byte[] words) {
        this.blocks = blocks;
        this.terms = terms;
        this.words = words;
    }

    /** Returns the filters of words; not a copy. */
    byte[] words() {
        return words;
    }

    /** Returns table and terms as one: magic 8, length of the table 4, table, terms. */
    byte[] head() {
        return ByteBuffer.allocate(MAGIC.length + 4 + blocks.length + terms.length)
                .put(MAGIC)
                .putInt(blocks.length)
                .put(blocks)
                .put(terms)
                .array();
    }

    /** Returns all parts as one: length of the head 4, head, words. */
    byte[] format() {
        byte[] head = head();
        return ByteBuffer.allocate(4 + head.length + words.length)
                .putInt(head.length)
                .put(head)
                .put(words)
                .array();
    }

    /**
     * Divides what {@link #format} returned into head and words.
     *
     * @throws IOException if the bytes are not a fragment
     */
    static List<ByteBuffer> divided(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int head = buffer.remaining() < 4 ? -1 : buffer.getInt();
        if (head < 0 || head > buffer.remaining()) {
            throw new IOException("expected an index fragment of version 2");
        }
        return List.of(buffer.slice(4, head), buffer.slice(4 + head, bytes.length - 4 - head));
    }

    /**
     * Divides a head into table and terms.
     *
     * @throws IOException if the bytes are not the head of a fragment
     */
    static List<ByteBuffer> dividedHead(ByteBuffer head) throws IOException {
        ByteBuffer buffer = head.duplicate();
        byte[] magic = new byte[MAGIC.length];
        int length = -1;
        if (buffer.remaining() >= MAGIC.length + 4) {
            buffer.get(magic);
            length = buffer.getInt();
        }
        if (!Arrays.equals(magic, MAGIC) || length < 0 || length > buffer.remaining()) {
            throw new IOException("expected an index fragment of version 2");
        }
        int at = buffer.position();
        return List.of(buffer.slice(at, length), buffer.slice(at + length, buffer.limit() - at - length));
    }

    /** Returns the files of a directory as one array. */
    static byte[] terms(Directory directory) throws IOException {
        Map<byte[], byte[]> files = new TreeMap<>(Arrays::compare);
        int bytes = 4;
        for (String name : directory.listAll()) {
            try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
                byte[] content = new byte[Math.toIntExact(in.length())];
                in.readBytes(content, 0, content.length);
                byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
                files.put(nameBytes, content);
                bytes += 8 + nameBytes.length + content.length;
            }
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).putInt(files.size());
        files.forEach((name, content) ->
                buffer.putInt(name.length).put(name).putInt(content.length).put(content));
        return buffer.array();
    }

    /**
     * Returns the files of a Lucene index where they stand.
     *
     * @throws IOException if the bytes are none
     */
    static Directory directory(ByteBuffer terms) throws IOException {
        ByteBuffer buffer = terms.duplicate();
        try {
            int count = buffer.getInt();
            if (count < 0 || count > FILES_MAX) {
                throw new IOException("an index fragment cannot have " + count + " files");
            }
            Map<String, ByteBuffer> files = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                ByteBuffer name = part(buffer, NAME_BYTES_MAX);
                files.put(StandardCharsets.US_ASCII.decode(name).toString(), part(buffer, Integer.MAX_VALUE));
            }
            if (buffer.hasRemaining()) {
                throw new IOException("bytes follow the index fragment");
            }
            return new BufferDirectory(files);
        } catch (BufferUnderflowException e) {
            throw new IOException("the index fragment ends too early", e);
        }
    }

    private static ByteBuffer part(ByteBuffer buffer, int bytesMax) throws IOException {
        int length = buffer.getInt();
        if (length < 0 || length > bytesMax || length > buffer.remaining()) {
            throw new IOException("a part of the index fragment cannot have " + length + " bytes");
        }
        ByteBuffer part = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return part;
    }

    /** Returns the filters of blocks as one array. */
    static byte[] words(List<byte[]> filters) {
        ByteBuffer buffer = ByteBuffer.allocate(4
                + 4 * filters.size()
                + filters.stream().mapToInt(each -> each.length).sum());
        buffer.putInt(filters.size());
        filters.forEach(filter -> buffer.putInt(filter.length));
        filters.forEach(buffer::put);
        return buffer.array();
    }

    /**
     * Returns the filters one by one.
     *
     * @throws IOException if the bytes are none
     */
    static List<ByteBuffer> filters(ByteBuffer words) throws IOException {
        ByteBuffer buffer = words.duplicate();
        int count = buffer.remaining() < 4 ? -1 : buffer.getInt();
        if (count < 0 || count > buffer.remaining() / 4) {
            throw new IOException("the filters of words are damaged");
        }
        int lengths = buffer.position();
        int at = lengths + 4 * count;
        List<ByteBuffer> filters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = buffer.getInt(lengths + 4 * i);
            if (length < 0 || length > buffer.limit() - at) {
                throw new IOException("the filters of words are damaged");
            }
            filters.add(buffer.slice(at, length));
            at += length;
        }
        if (at != buffer.limit()) {
            throw new IOException("bytes follow the filters of words");
        }
        return filters;
    }
}
