package dev.evidencevault.crypto.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * ZIP files in one spelling: entries stored, ascending by name, without extra fields, comments or data descriptors, dated
 * 1980-01-01 (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). An entry {@value #MIMETYPE} comes before all others,
 * as containers have it, or not at all. Every byte follows from names and contents. Any unzip program reads them.
 *
 * <p>Since nothing is compressed, there is nothing to explode; since names are checked and ascend, none climbs out and
 * none comes twice. Local and central headers agree, because both are compared with what they have to be.
 */
public final class StoredZip {
    /** The most entries. */
    public static final int ENTRIES_MAX = 1000;

    /** The most bytes of a file: beyond, ZIP needs other fields. */
    public static final long FILE_BYTES_MAX = 0xFFFF_FFFFL;

    /** The name of the entry that says what kind of container a ZIP file is. */
    public static final String MIMETYPE = "mimetype";

    /** Room for the directory: {@link #ENTRIES_MAX} entries with the longest names. */
    private static final long DIRECTORY_BYTES_MAX = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * An entry and where its content lies.
     *
     * @param name its path
     * @param offset where its content begins in the file
     * @param bytes the content's length
     * @param crc the content's CRC-32
     */
    public record Entry(String name, long offset, long bytes, int crc) {}

    /** Where the content of an entry comes from. */
    @FunctionalInterface
    public interface Content {
        /** Opens it; whoever writes closes it. */
        InputStream open() throws IOException;
    }

    /** What is to become an entry. */
    public record Source(String name, Content content) {
        /** A file that is to become an entry. */
        public Source(String name, Path file) {
            this(name, () -> Files.newInputStream(file));
        }
    }

    private StoredZip() {}

    /**
     * Writes a ZIP file and syncs it.
     *
     * @throws IllegalArgumentException if names are not ascending, or it would become larger than 4 GiB
     */
    public static void write(Path zip, List<Source> sources) throws IOException {
        try (FileChannel out = FileChannel.open(zip, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(out, sources);
            out.force(true);
        }
    }

    /**
     * Writes a ZIP file to an empty file.
     *
     * @throws IllegalArgumentException if names are not ascending, or it would become larger than 4 GiB
     */
    public static void write(FileChannel out, List<Source> sources) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        for (Source source : sources) {
            ZipSpelling.requireName(source.name(), entries);
            long offset = at + ZipSpelling.LOCAL_BYTES + source.name().length();
            Entry entry = copy(source, out, offset);
            writeFully(out, ZipSpelling.local(entry), at);
            entries.add(entry);
            at = offset + entry.bytes();
        }
        writeFully(out, ZipSpelling.directory(entries, at), at);
    }

    /** Writes the content first: only then its length and checksum are known. */
    private static Entry copy(Source source, FileChannel out, long offset) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        long at = offset;
        try (InputStream in = source.content().open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (at + read > FILE_BYTES_MAX - DIRECTORY_BYTES_MAX) {
                    throw new IllegalArgumentException("a ZIP file of this form has at most 4 GiB");
                }
                crc.update(buffer, 0, read);
                writeFully(out, ByteBuffer.wrap(buffer, 0, read), at);
                at += read;
            }
        }
        return new Entry(source.name(), offset, at - offset, (int) crc.getValue());
    }

    private static void writeFully(FileChannel out, ByteBuffer buffer, long at) throws IOException {
        long position = at;
        while (buffer.hasRemaining()) {
            position += out.write(buffer, position);
        }
    }

    /**
     * Reads the entries of a file and checks that it has the one spelling. Contents are not looked at; see
     * {@link #hasItsChecksum}.
     *
     * @throws MalformedZipException if it has not
     */
    public static List<Entry> read(FileChannel file) throws IOException {
        long length = file.size();
        if (length > FILE_BYTES_MAX) {
            throw new MalformedZipException("expected a ZIP file of at most 4 GiB, found " + length + " bytes");
        }
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        while (true) {
            ByteBuffer head = bytes(file, at, (int) Math.min(ZipSpelling.LOCAL_BYTES, length - at));
            if (head.remaining() < 4 || head.getInt(0) != ZipSpelling.LOCAL) {
                break;
            }
            if (entries.size() == ENTRIES_MAX) {
                throw new MalformedZipException("expected at most " + ENTRIES_MAX + " entries in the ZIP file");
            }
            Entry entry = entry(file, at, head, length, entries);
            entries.add(entry);
            at = entry.offset() + entry.bytes();
        }
        if (entries.isEmpty()) {
            throw new MalformedZipException("expected a ZIP file that begins with an entry, found something else");
        }
        byte[] expected = ZipSpelling.directory(entries, at).array();
        if (length - at != expected.length
                || !Arrays.equals(bytes(file, at, expected.length).array(), expected)) {
            throw new MalformedZipException("the directory at byte " + at + " is not that of the entries before it");
        }
        return entries;
    }

    /** Says whether the content of an entry has the CRC-32 that the entry says. */
    public static boolean hasItsChecksum(FileChannel file, Entry entry) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = 0;
        try (InputStream in = open(file, entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
                done += read;
            }
        }
        return done == entry.bytes() && (int) crc.getValue() == entry.crc();
    }

    /** Opens the content of an entry. Closing it leaves the file open. */
    public static InputStream open(FileChannel file, Entry entry) {
        return new EntryStream(file, entry.offset(), entry.offset() + entry.bytes());
    }

    private static Entry entry(FileChannel file, long at, ByteBuffer head, long length, List<Entry> before)
            throws IOException {
        if (head.remaining() < ZipSpelling.LOCAL_BYTES) {
            throw new MalformedZipException("the file ends inside an entry at byte " + at);
        }
        int nameBytes = head.getShort(26) & 0xffff;
        long bytes = head.getInt(22) & 0xFFFF_FFFFL;
        long offset = at + ZipSpelling.LOCAL_BYTES + nameBytes;
        if (nameBytes > ZipSpelling.NAME_BYTES_MAX || offset + bytes > length) {
            throw new MalformedZipException(
                    "the entry at byte " + at + " does not fit into the file or has too long a name");
        }
        String name =
                new String(bytes(file, at + ZipSpelling.LOCAL_BYTES, nameBytes).array(), StandardCharsets.ISO_8859_1);
        try {
            ZipSpelling.requireName(name, before);
        } catch (IllegalArgumentException e) {
            throw new MalformedZipException("the entry at byte " + at + ": " + e.getMessage());
        }
        Entry entry = new Entry(name, offset, bytes, head.getInt(14));
        if (!ZipSpelling.local(entry).slice(0, ZipSpelling.LOCAL_BYTES).equals(head)) {
            throw new MalformedZipException(
                    "the entry at byte " + at + " is compressed, encrypted, dated or otherwise not"
                            + " spelled as it has to be; if the file was repacked, unpack it and verify the directory");
        }
        return entry;
    }

    private static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
        ByteBuffer buffer = ZipSpelling.little(count);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new MalformedZipException("the file ends at byte " + (at + buffer.position()));
            }
        }
        return buffer.flip();
    }
}
