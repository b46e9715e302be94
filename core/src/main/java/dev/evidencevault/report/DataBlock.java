package dev.evidencevault.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A block of data in a page: a {@code script} element that no browser runs, with a JSON value on each line. Whatever a text
 * holds, it cannot end the element, is not altered by the reading of HTML, and does not rearrange how the source looks.
 * For one thread.
 */
final class DataBlock implements AutoCloseable {
    private final Writer out;

    /** Begins a block under an id. */
    DataBlock(Writer out, String id) throws IOException {
        this.out = out;
        out.write("<script type=\"application/json\" id=\"" + id + "\">\n");
    }

    /** Writes JSON in which nothing but texts can hold what a page must not. */
    void json(String json) throws IOException {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (isEscaped(c)) {
                escape(c);
            } else {
                out.write(c);
            }
        }
        out.write('\n');
    }

    /** Writes bytes as a line: as a JSON text if they are UTF-8, else in base64. */
    void line(byte[] bytes) throws IOException {
        content(bytes);
        out.write('\n');
    }

    /** Writes a file as a line: its name, and its content as {@link #line(byte[])} does. */
    void file(String name, byte[] bytes) throws IOException {
        out.write("{\"name\":");
        text(name);
        out.write(",\"content\":");
        content(bytes);
        out.write("}\n");
    }

    private void content(byte[] bytes) throws IOException {
        CharSequence text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            out.write("{\"base64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}");
            return;
        }
        text(text);
    }

    private void text(CharSequence text) throws IOException {
        out.write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.write('\\');
                out.write(c);
            } else if (isEscaped(c)) {
                escape(c);
            } else {
                out.write(c);
            }
        }
        out.write('"');
    }

    /** The characters that HTML reads otherwise, that are not seen, or that change how others are seen. */
    private static boolean isEscaped(char c) {
        return c < 0x20
                || c == '<'
                || c == '>'
                || c >= 0x7F && c <= 0x9F
                || c == 0xAD
                || c == 0x61C
                || c >= 0x200B && c <= 0x200F
                || c >= 0x2028 && c <= 0x202E
                || c >= 0x2060 && c <= 0x206F
                || c == 0xFEFF
                || c >= 0xFFF0;
    }

    private void escape(char c) throws IOException {
        out.write(String.format("\\u%04x", (int) c));
    }

    @Override
    public void close() throws IOException {
        out.write("</script>\n");
    }
}
