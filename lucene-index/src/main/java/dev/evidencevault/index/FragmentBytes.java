package dev.evidencevault.index;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/**
 * The files of a Lucene index as one array: magic 8, count 4, then for each file, ascending by name, its name's length 4,
 * its name, its length 4, its content. Big-endian.
 */
final class FragmentBytes {
    private static final byte[] MAGIC = "EVLUC\0\0\2".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FILES_MAX = 100;
    private static final int NAME_BYTES_MAX = 100;

    private FragmentBytes() {}

    static byte[] format(Directory directory) throws IOException {
        Map<byte[], byte[]> files = new TreeMap<>(Arrays::compare);
        int bytes = MAGIC.length + 4;
        for (String name : directory.listAll()) {
            try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
                byte[] content = new byte[Math.toIntExact(in.length())];
                in.readBytes(content, 0, content.length);
                byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
                files.put(nameBytes, content);
                bytes += 8 + nameBytes.length + content.length;
            }
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).put(MAGIC).putInt(files.size());
        files.forEach((name, content) ->
                buffer.putInt(name.length).put(name).putInt(content.length).put(content));
        return buffer.array();
    }

    /**
     * Puts the files into a directory in memory.
     *
     * @throws IOException if the bytes are not a fragment
     */
    static Directory open(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try {
            byte[] magic = new byte[MAGIC.length];
            buffer.get(magic);
            int count = buffer.getInt();
            if (!Arrays.equals(magic, MAGIC) || count < 0 || count > FILES_MAX) {
                throw new IOException("expected an index fragment of version 2");
            }
            for (int i = 0; i < count; i++) {
                String name = new String(part(buffer, NAME_BYTES_MAX), StandardCharsets.US_ASCII);
                byte[] content = part(buffer, bytes.length);
                try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
                    out.writeBytes(content, content.length);
                }
            }
            if (buffer.hasRemaining()) {
                throw new IOException("bytes follow the index fragment");
            }
            return directory;
        } catch (BufferUnderflowException e) {
            throw new IOException("the index fragment ends too early", e);
        }
    }

    private static byte[] part(ByteBuffer buffer, int bytesMax) throws IOException {
        int length = buffer.getInt();
        if (length < 0 || length > bytesMax || length > buffer.remaining()) {
            throw new IOException("a part of the index fragment cannot have " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
