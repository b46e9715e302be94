package dev.evidencevault.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines at all kinds of places in the buffer, whose length is 65,536. */
class StrictLinesTest {
    private static final int BUFFER = 1 << 16;
    private static final int LINE_MAX = 3 * BUFFER;
    private static final String NAME = "lines";

    @TempDir
    private Path directory;

    private BundleFiles files(String text) throws IOException {
        Files.writeString(directory.resolve(BundleLayout.BAGIT), "");
        Files.writeString(directory.resolve(NAME), text, StandardCharsets.ISO_8859_1);
        return BundleFiles.open(directory);
    }

    private List<String> read(String text) throws IOException {
        List<String> read = new ArrayList<>();
        try (BundleFiles files = files(text);
                StrictLines lines = new StrictLines(files, NAME, LINE_MAX)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                read.add(new String(line, StandardCharsets.ISO_8859_1));
                assertEquals(NAME + " line " + read.size(), lines.where());
            }
            assertTrue(lines.atEnd());
            assertNull(lines.next());
            assertEquals(read.size(), lines.count());
        }
        return read;
    }

    private static String line(int length, int number) {
        return String.valueOf((char) ('a' + number % 26)).repeat(length);
    }

    @Test
    void linesAreReadWhereverTheBufferEnds() throws Exception {
        assertEquals(List.of(), read(""));
        assertEquals(List.of("", "", "a", "\r", ""), read("\n\na\n\r\n\n"));
        for (int first : new int[] {0, 1, BUFFER - 2, BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER - 1, LINE_MAX}) {
            for (int second : new int[] {0, 1, BUFFER - 1, BUFFER, LINE_MAX}) {
                List<String> lines = List.of(line(first, 0), line(second, 1), line(3, 2));
                assertEquals(lines, read(String.join("\n", lines) + "\n"), first + " and " + second);
            }
        }
    }

    @Test
    void aLineThatIsTooLongOrDoesNotEndIsRefused() throws Exception {
        for (String text : List.of(
                line(LINE_MAX + 1, 0) + "\n",
                "a\n" + line(LINE_MAX + 1, 0) + "\n",
                line(10 * BUFFER, 0),
                "a",
                "a\nb",
                line(BUFFER, 0),
                line(LINE_MAX, 0))) {
            MalformedBundleException refused = assertThrows(MalformedBundleException.class, () -> read(text));
            boolean second = text.startsWith("a\n");
            assertTrue(String.valueOf(refused.getMessage()).contains(NAME + " line " + (second ? 2 : 1)));
        }
    }

    @Test
    void bytesAreComparedWhereverTheBufferEnds() throws Exception {
        for (int length : new int[] {0, 1, BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER}) {
            byte[] expected = (line(length, 0) + "\n" + line(length, 1)).getBytes(StandardCharsets.ISO_8859_1);
            String text = new String(expected, StandardCharsets.ISO_8859_1);
            try (BundleFiles files = files(text + "\n");
                    StrictLines lines = new StrictLines(files, NAME, LINE_MAX)) {
                assertFalse(lines.atEnd());
                assertTrue(lines.matches(expected));
                assertTrue(lines.atEnd());
            }
            for (String other : List.of(text, text + "b\n", text.substring(0, text.length() / 2) + "\n", "")) {
                try (BundleFiles files = files(other);
                        StrictLines lines = new StrictLines(files, NAME, LINE_MAX)) {
                    assertFalse(lines.matches(expected), length + " bytes");
                }
            }
        }
    }
}
