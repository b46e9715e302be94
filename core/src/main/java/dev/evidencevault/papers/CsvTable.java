package dev.evidencevault.papers;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A table (RFC 4180): UTF-8 with a byte order mark, since spreadsheets take a file without one for another encoding; lines
 * end in CR LF; every cell is quoted. Not safe for use by several threads at once.
 *
 * <p>A cell is {@linkplain VisibleText visible text}, so that a row is one line. One that begins with a character by which
 * spreadsheets tell a formula, or with an apostrophe, has one apostrophe more in front: whoever takes it away has the
 * value again, and nothing is left out or replaced.
 */
final class CsvTable implements Closeable {
    /** Where the longest cell is cut: spreadsheets hold 32,767 characters in one. */
    static final int CELL_CHARS_MAX = 32_000;

    private static final String GUARDED = "=+-@'\uff1d\uff0b\uff0d\uff20";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final OutputStream out;
    private final int columns;

    CsvTable(OutputStream out, List<String> header) throws IOException {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.columns = header.size();
        write(BYTE_ORDER_MARK);
        row(header);
    }

    /** Writes a row; a cell that has nothing to say is the empty text. */
    void row(List<String> cells) throws IOException {
        if (cells.size() != columns) {
            throw new IllegalArgumentException("expected " + columns + " cells, found " + cells.size());
        }
        StringBuilder line = new StringBuilder(256);
        for (int i = 0; i < columns; i++) {
            line.append(i == 0 ? "\"" : ",\"")
                    .append(cell(cells.get(i)).replace("\"", "\"\""))
                    .append('"');
        }
        write(line.append("\r\n").toString());
    }

    private static String cell(String value) {
        String shown = VisibleText.of(value, CELL_CHARS_MAX);
        return !shown.isEmpty() && GUARDED.indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
