package dev.evidencevault.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * ZIP files in one spelling: entries stored, ascending by name, without extra fields, comments or data descriptors, dated
 * 1980-01-01 (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). Every byte follows from names and contents. Any
 * unzip program reads them.
 *
 * <p>Since nothing is compressed, there is nothing to explode; since names are checked and ascend, none climbs out and
 * none comes twice.
 */
public final class StoredZip {
    /** The most entries. */
    public static final int ENTRIES_MAX = 1000;

    /** The most bytes of a file: beyond, ZIP needs other fields. */
    public static final long FILE_BYTES_MAX = 0xFFFF_FFFFL;

    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int NAME_BYTES_MAX = 200;
    private static final short VERSION = 20;
    private static final short DATE_1980 = 0x21;

    /**
     * An entry and where its content lies.
     *
     * @param name its path
     * @param offset where its content begins in the file
     * @param bytes the content's length
     * @param crc the content's CRC-32
     */
    public record Entry(String name, long offset, long bytes, int crc) {}

    /** A file that is to become an entry. */
    public record Source(String name, Path file) {}

    private StoredZip() {}

    /**
     * Writes a ZIP file and syncs it.
     *
     * @throws IllegalArgumentException if names are not ascending, or it would become larger than 4 GiB
     */
    public static void write(Path zip, List<Source> sources) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (FileChannel out = FileChannel.open(zip, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Source source : sources) {
                requireName(source.name(), entries);
                try (FileChannel in = FileChannel.open(source.file(), StandardOpenOption.READ)) {
                    long offset = out.position() + LOCAL_BYTES + source.name().length();
                    long bytes = in.size();
                    if (offset + bytes > FILE_BYTES_MAX - (1 << 20)) {
                        throw new IllegalArgumentException(
                                "a bundle has at most 4 GiB; give the order a shorter time, or fewer actors");
                    }
                    Entry entry = new Entry(source.name(), offset, bytes, crc(in, 0, bytes));
                    writeFully(out, local(entry));
                    for (long done = 0; done < bytes; ) {
                        done += in.transferTo(done, bytes - done, out);
                    }
                    entries.add(entry);
                }
            }
            writeFully(out, directory(entries, out.position()));
            out.force(true);
        }
    }

    private static void writeFully(FileChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    /**
     * Reads the entries of a file and checks that it has the one spelling. Contents are not looked at; see
     * {@link #hasItsChecksum}.
     *
     * @throws MalformedBundleException if it has not
     */
    public static List<Entry> read(FileChannel file) throws IOException {
        long length = file.size();
        if (length > FILE_BYTES_MAX) {
            throw malformed("a bundle has at most 4 GiB");
        }
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        while (true) {
            ByteBuffer head = bytes(file, at, (int) Math.min(LOCAL_BYTES, length - at));
            if (head.remaining() < 4 || head.getInt(0) != Signature.LOCAL) {
                break;
            }
            if (entries.size() == ENTRIES_MAX) {
                throw malformed("a bundle has at most " + ENTRIES_MAX + " files");
            }
            Entry entry = entry(file, at, head, length, entries);
            entries.add(entry);
            at = entry.offset() + entry.bytes();
        }
        if (entries.isEmpty()) {
            throw malformed("this is not a bundle: expected a ZIP file that begins with an entry");
        }
        byte[] expected = directory(entries, at).array();
        if (length - at != expected.length
                || !Arrays.equals(bytes(file, at, expected.length).array(), expected)) {
            throw malformed("the directory at byte " + at + " is not that of the entries before it");
        }
        return entries;
    }

    /** Says whether the content of an entry has the CRC-32 that the entry says. */
    public static boolean hasItsChecksum(FileChannel file, Entry entry) throws IOException {
        return crc(file, entry.offset(), entry.bytes()) == entry.crc();
    }

    private static Entry entry(FileChannel file, long at, ByteBuffer head, long length, List<Entry> before)
            throws IOException {
        if (head.remaining() < LOCAL_BYTES) {
            throw malformed("the file ends inside an entry at byte " + at);
        }
        int nameBytes = head.getShort(26) & 0xffff;
        long bytes = head.getInt(22) & 0xFFFF_FFFFL;
        if (nameBytes > NAME_BYTES_MAX || at + LOCAL_BYTES + nameBytes + bytes > length) {
            throw malformed("the entry at byte " + at + " does not fit into the file or has too long a name");
        }
        String name = new String(bytes(file, at + LOCAL_BYTES, nameBytes).array(), StandardCharsets.ISO_8859_1);
        try {
            requireName(name, before);
        } catch (IllegalArgumentException e) {
            throw malformed("the entry at byte " + at + ": " + e.getMessage());
        }
        Entry entry = new Entry(name, at + LOCAL_BYTES + nameBytes, bytes, head.getInt(14));
        ByteBuffer expected = local(entry);
        if (!expected.slice(0, LOCAL_BYTES).equals(head)) {
            throw malformed("the entry at byte " + at + " is compressed, encrypted, dated or otherwise not spelled as a"
                    + " bundle's; if the bundle was repacked, unpack it and verify the directory");
        }
        return entry;
    }

    private static void requireName(String name, List<Entry> before) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
                || name.length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("not the name of a file in a bundle: " + printable(name));
        }
        if (!before.isEmpty() && before.get(before.size() - 1).name().compareTo(name) >= 0) {
            throw new IllegalArgumentException("the name " + name + " comes twice or out of order");
        }
    }

    /** Returns a name that may hold anything as text that a terminal shows as it is. */
    private static String printable(String name) {
        String text = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        return '"' + text.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }

    private static final class Signature {
        static final int LOCAL = 0x04034b50;
        static final int CENTRAL = 0x02014b50;
        static final int END = 0x06054b50;
    }

    private static ByteBuffer local(Entry entry) {
        ByteBuffer buffer = little(LOCAL_BYTES + entry.name().length());
        buffer.putInt(Signature.LOCAL);
        putCommon(buffer, entry);
        return buffer.put(entry.name().getBytes(StandardCharsets.ISO_8859_1)).flip();
    }

    private static void putCommon(ByteBuffer buffer, Entry entry) {
        buffer.putShort(VERSION)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(DATE_1980)
                .putInt(entry.crc())
                .putInt((int) entry.bytes())
                .putInt((int) entry.bytes())
                .putShort((short) entry.name().length())
                .putShort((short) 0);
    }

    private static ByteBuffer directory(List<Entry> entries, long at) {
        int centralBytes = entries.stream()
                .mapToInt(entry -> CENTRAL_BYTES + entry.name().length())
                .sum();
        ByteBuffer buffer = little(centralBytes + END_BYTES);
        for (Entry entry : entries) {
            buffer.putInt(Signature.CENTRAL).putShort(VERSION);
            putCommon(buffer, entry);
            buffer.putShort((short) 0)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(0)
                    .putInt((int) (entry.offset() - LOCAL_BYTES - entry.name().length()))
                    .put(entry.name().getBytes(StandardCharsets.ISO_8859_1));
        }
        buffer.putInt(Signature.END)
                .putInt(0)
                .putShort((short) entries.size())
                .putShort((short) entries.size())
                .putInt(centralBytes)
                .putInt((int) at)
                .putShort((short) 0);
        return buffer.flip();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
        ByteBuffer buffer = little(count);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw malformed("the file ends at byte " + (at + buffer.position()));
            }
        }
        return buffer.flip();
    }

    private static int crc(FileChannel file, long offset, long bytes) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (long done = 0; done < bytes; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - done));
            int read = file.read(buffer, offset + done);
            if (read < 0) {
                throw malformed("the file ends at byte " + (offset + done));
            }
            crc.update(buffer.flip());
            done += read;
        }
        return (int) crc.getValue();
    }

    private static MalformedBundleException malformed(String problem) {
        return new MalformedBundleException("bundle", problem);
    }
}
