package dev.evidencevault.crypto.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.crypto.Openssl;
import dev.evidencevault.crypto.zip.StoredZip.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredZipTest {
    @TempDir
    private Path folder;

    private static Source source(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Source(name, () -> new ByteArrayInputStream(bytes));
    }

    private byte[] written(List<Source> sources) throws IOException {
        Path zip = folder.resolve("written.zip");
        Files.deleteIfExists(zip);
        StoredZip.write(zip, sources);
        return Files.readAllBytes(zip);
    }

    private SortedMap<String, String> read(byte[] bytes) throws IOException {
        Path zip = Files.write(folder.resolve("read.zip"), bytes);
        SortedMap<String, String> contents = new TreeMap<>();
        try (FileChannel file = FileChannel.open(zip)) {
            for (StoredZip.Entry entry : StoredZip.read(file)) {
                if (!StoredZip.hasItsChecksum(file, entry)) {
                    throw new MalformedZipException("checksum");
                }
                try (InputStream in = StoredZip.open(file, entry)) {
                    contents.put(entry.name(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return contents;
    }

    @Test
    void mimetypeComesFirstOrNotAtAll() throws Exception {
        byte[] bytes = written(List.of(source("mimetype", "kind"), source("META-INF/a", "x"), source("bag/b", "y")));
        assertEquals("mimetypekind", new String(bytes, 30, 12, StandardCharsets.US_ASCII));
        assertEquals("{META-INF/a=x, bag/b=y, mimetype=kind}", read(bytes).toString());
        for (List<Source> refused : List.of(
                List.of(source("a", ""), source("mimetype", "")),
                List.of(source("mimetype", ""), source("mimetype", "")),
                List.of(source("mimetype", ""), source("b", ""), source("mimetype", "")),
                List.of(source("mimetype", ""), source("b", ""), source("a", "")),
                List.of(source("a", ""), source("a", "")))) {
            assertThrows(IllegalArgumentException.class, () -> written(refused));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/a", "a/", "a//b", "../a", "a/../b", "a/..", ".", ".a", "a/.b", "a\\b", "C:a", "a b", "ä", "a\0b",
                "a:b"
            })
    void namesThatLeadElsewhereAreRefused(String name) throws Exception {
        assertThrows(IllegalArgumentException.class, () -> written(List.of(source(name, "x"))));
        String placeholder = "n".repeat(name.getBytes(StandardCharsets.ISO_8859_1).length);
        if (!placeholder.isEmpty()) {
            String text = new String(written(List.of(source(placeholder, "x"))), StandardCharsets.ISO_8859_1);
            byte[] changed = text.replace(placeholder, name).getBytes(StandardCharsets.ISO_8859_1);
            assertThrows(MalformedZipException.class, () -> read(changed));
        }
    }

    /** A change of any byte is refused, or shows in a name, a content or a checksum. */
    @Test
    void noByteChangesUnnoticed() throws Exception {
        byte[] bytes = written(List.of(source("mimetype", "kind"), source("a/b", "one"), source("a/c", "")));
        SortedMap<String, String> contents = read(bytes);
        for (int at = 0; at < bytes.length; at++) {
            for (int bits = 1; bits < 256; bits <<= 1) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) bits;
                assertThrows(MalformedZipException.class, () -> read(changed), "byte " + at + " by " + bits);
            }
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedZipException.class, () -> read(cut));
        }
        assertThrows(MalformedZipException.class, () -> read(Arrays.copyOf(bytes, bytes.length + 1)));
        assertEquals(3, contents.size());
    }

    @Test
    void whatOtherProgramsWriteIsRefused() throws Exception {
        for (int method : new int[] {ZipOutputStream.STORED, ZipOutputStream.DEFLATED}) {
            Path zip = folder.resolve("other.zip");
            try (OutputStream out = Files.newOutputStream(zip);
                    ZipOutputStream entries = new ZipOutputStream(out)) {
                ZipEntry entry = new ZipEntry("a");
                entry.setMethod(method);
                entry.setSize(0);
                entry.setCrc(0);
                entries.putNextEntry(entry);
                entries.closeEntry();
            }
            String message =
                    String.valueOf(assertThrows(MalformedZipException.class, () -> read(Files.readAllBytes(zip)))
                            .getMessage());
            assertTrue(message.contains("if the file was repacked"), message);
        }
    }

    @Property(tries = 40)
    void othersReadWhatIsWritten(@ForAll @Size(max = 20) List<@IntRange(max = 70_000) Integer> lengths)
            throws Exception {
        Path own = Files.createTempDirectory("zip");
        Path zip = own.resolve("a.zip");
        List<Source> sources = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int length : lengths) {
            String name = String.format(Locale.ROOT, "bag/%03d.txt", names.size());
            names.add(name);
            sources.add(source(name, "x".repeat(length)));
        }
        StoredZip.write(zip, sources);
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (int i = 0; i < names.size(); i++) {
                ZipEntry entry = Objects.requireNonNull(entries.getNextEntry());
                assertEquals(names.get(i), entry.getName());
                assertEquals((int) lengths.get(i), entries.readAllBytes().length);
            }
        }
        Files.delete(zip);
        Files.delete(own);
    }

    @Test
    void unzipReadsThem() throws Exception {
        Openssl.require("unzip");
        written(List.of(source("mimetype", "kind"), source("META-INF/a", "x"), source("bag/b", "y")));
        Openssl.Result tested = Openssl.program(folder, "unzip", "-t", "written.zip");
        assertEquals(0, tested.exit(), tested.text());
    }

    @Test
    void moreEntriesThanAreReadAreRefused() throws Exception {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i <= StoredZip.ENTRIES_MAX; i++) {
            sources.add(source(String.format(Locale.ROOT, "%05d", i), ""));
        }
        byte[] bytes = written(sources);
        assertThrows(MalformedZipException.class, () -> read(bytes));
        assertEquals(
                StoredZip.ENTRIES_MAX,
                read(written(sources.subList(0, StoredZip.ENTRIES_MAX))).size());
        assertFalse(Arrays.equals(bytes, written(sources.subList(0, StoredZip.ENTRIES_MAX))));
        assertArrayEquals(bytes, written(sources));
    }
}
