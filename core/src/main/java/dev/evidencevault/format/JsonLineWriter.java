package dev.evidencevault.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object on one line into a growing array of UTF-8 bytes, members in the order of the calls.
 *
 * <p>Control characters, the quotation mark and the backslash are escaped; everything else stands as it is. A lone
 * surrogate cannot be written in UTF-8 and is refused. Not safe for use by several threads at once.
 */
public final class JsonLineWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int length;
    private boolean comma;

    /** Creates a writer with this initial capacity in bytes. */
    public JsonLineWriter(int capacity) {
        this.buffer = new byte[Math.max(64, capacity)];
    }

    /** Returns the bytes so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, length);
    }

    /** Begins the object, or a nested one as a value of the member begun before. */
    public JsonLineWriter beginObject() {
        put('{');
        comma = false;
        return this;
    }

    /** Ends the innermost object. */
    public JsonLineWriter endObject() {
        put('}');
        comma = true;
        return this;
    }

    /** Begins an array. */
    public JsonLineWriter beginArray() {
        put('[');
        comma = false;
        return this;
    }

    /** Ends the innermost array. */
    public JsonLineWriter endArray() {
        put(']');
        comma = true;
        return this;
    }

    /** Begins an element of an array. */
    public JsonLineWriter element() {
        if (comma) {
            put(',');
        }
        comma = true;
        return this;
    }

    /** Writes a member's name, which needs no escaping. */
    public JsonLineWriter name(String name) {
        if (comma) {
            put(',');
        }
        comma = true;
        put('"');
        ascii(name);
        put('"');
        put(':');
        return this;
    }

    /** Writes a member with a text, unless it is null. */
    public JsonLineWriter member(String name, @Nullable String value) {
        if (value != null) {
            name(name).text(value);
        }
        return this;
    }

    /** Writes a member with an integer. */
    public JsonLineWriter member(String name, long value) {
        name(name);
        ascii(Long.toString(value));
        return this;
    }

    /** Writes a member with a truth value. */
    public JsonLineWriter member(String name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
        return this;
    }

    /** Writes a member with a point in time. */
    public JsonLineWriter time(String name, long nanos) {
        name(name);
        put('"');
        ensure(Timestamps.CHARS);
        Timestamps.write(nanos, buffer, length);
        length += Timestamps.CHARS;
        put('"');
        return this;
    }

    /** Writes bytes that are JSON already, as the value of the member begun before. */
    public JsonLineWriter raw(byte[] json) {
        ensure(json.length);
        System.arraycopy(json, 0, buffer, length, json.length);
        length += json.length;
        return this;
    }

    /**
     * Writes a text.
     *
     * @throws IllegalArgumentException if it holds a lone surrogate
     */
    public JsonLineWriter text(String value) {
        put('"');
        int chars = value.length();
        ensure(chars + 16);
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                put(c);
            } else if (c < 0x80) {
                escape(c);
            } else if (c < 0x800) {
                put(0xc0 | c >> 6);
                put(0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                put(0xe0 | c >> 12);
                put(0x80 | c >> 6 & 0x3f);
                put(0x80 | c & 0x3f);
            } else {
                int code = value.codePointAt(i);
                if (code < 0x10000) {
                    throw new IllegalArgumentException("a text holds a lone surrogate at position " + i);
                }
                put(0xf0 | code >> 18);
                put(0x80 | code >> 12 & 0x3f);
                put(0x80 | code >> 6 & 0x3f);
                put(0x80 | code & 0x3f);
                i++;
            }
        }
        put('"');
        return this;
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> {
                put('\\');
                put(c);
            }
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            default -> {
                if (c == 0x7f) {
                    put(c);
                } else {
                    ascii("\\u00");
                    put(HEX[c >> 4]);
                    put(HEX[c & 15]);
                }
            }
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(int b) {
        if (length == buffer.length) {
            ensure(1);
        }
        buffer[length++] = (byte) b;
    }

    private void ensure(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, more), Math.multiplyExact(buffer.length, 2)));
        }
    }
}
