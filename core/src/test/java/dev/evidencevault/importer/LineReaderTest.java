package dev.evidencevault.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    static List<String> read(InputStream in, int max) throws IOException {
        List<String> lines = new ArrayList<>();
        LineReader reader = new LineReader(in, max);
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            lines.add(line.number()
                    + switch (line) {
                        case LineReader.Whole whole -> ":" + new String(whole.bytes(), StandardCharsets.ISO_8859_1);
                        case LineReader.TooLong tooLong -> ">" + tooLong.byteLength();
                    });
        }
        return lines;
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gives at most a few bytes a read. */
    static InputStream dripping(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, most));
            }
        };
    }

    @Test
    void linesEndWithALineFeedOrTheStream() throws IOException {
        assertEquals(List.of(), read(stream(""), 10));
        assertEquals(List.of("1:"), read(stream("\n"), 10));
        assertEquals(List.of("1:a", "2:b"), read(stream("a\nb"), 10));
        assertEquals(List.of("1:a", "2:b"), read(stream("a\nb\n"), 10));
        assertEquals(List.of("1:a\r", "2:", "3:\r"), read(stream("a\r\n\n\r"), 10));
    }

    @Test
    void linesThatAreTooLongAreMeasuredAndSkipped() throws IOException {
        assertEquals(List.of("1:abc", "2>4", "3:x"), read(stream("abc\nabcd\nx"), 3));
        assertEquals(List.of("1>4"), read(stream("abcd"), 3));
        String huge = "x".repeat(1 << 20);
        assertEquals(List.of("1>1048577", "2:a"), read(stream(huge + "y\na"), LineReader.LINE_BYTES_MAX));
        assertEquals(2, read(stream(huge + "\na"), LineReader.LINE_BYTES_MAX).size());
    }

    @Test
    void gigabytesWithoutALineFeedNeedNoMemory() throws IOException {
        long length = 3L << 30;
        InputStream endless = new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] b, int off, int len) {
                int n = (int) Math.min(len, left);
                left -= n;
                return n == 0 ? -1 : n;
            }
        };
        assertEquals(List.of("1>" + length), read(endless, 1000));
    }

    @Test
    void aLongestLineOfNoBytesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LineReader(stream(""), 0));
    }

    @Property(tries = 300, seed = "42")
    void chunksDoNotMatter(
            @ForAll @Size(max = 300) List<@IntRange(max = 3) Integer> symbols,
            @ForAll @IntRange(min = 1, max = 7) int most)
            throws IOException {
        StringBuilder text = new StringBuilder();
        symbols.forEach(symbol -> text.append("\nab\r".charAt(symbol)));
        List<String> expected = new ArrayList<>();
        String[] parts = text.toString().split("\n", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i < parts.length - 1 || !parts[i].isEmpty()) {
                expected.add(i + 1 + (parts[i].length() > 5 ? ">" + parts[i].length() : ":" + parts[i]));
            }
        }
        assertEquals(expected, read(dripping(text.toString().getBytes(StandardCharsets.ISO_8859_1), most), 5));
    }
}
