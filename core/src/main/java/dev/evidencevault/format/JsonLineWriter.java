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
    /** For each character of ASCII 1 if it stands in a text as it is. */
    private static final byte[] PLAIN = new byte[0x80];

    static {
        for (int c = 0x20; c < 0x80; c++) {
            PLAIN[c] = (byte) (c == '"' || c == '\\' ? 0 : 1);
        }
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final int SECOND_CHARS = 20;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private byte[] buffer;
    private int length;
    private boolean comma;

    /** The second that was written last, with its text up to the point: most times come close together. */
    private long lastSecond = Long.MIN_VALUE;

    private final byte[] lastSecondText = new byte[Timestamps.CHARS];

    /** The name of a member, quoted, with its colon; made once. */
    public static final class Name {
        private final byte[] bytes;

        private Name(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns the name, which is of ASCII letters. */
        public static Name of(String name) {
            if (!name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
                throw new IllegalArgumentException("expected ASCII letters for a member's name, found " + name);
            }
            return new Name(("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Creates a writer with this initial capacity in bytes. */
    public JsonLineWriter(int capacity) {
        this.buffer = new byte[Math.max(64, capacity)];
    }

    /** Returns the bytes so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, length);
    }

    /** Forgets what was written, so that the next line can be. */
    public JsonLineWriter clear() {
        length = 0;
        comma = false;
        return this;
    }

    /** Returns how many bytes fit before it grows. */
    public int capacity() {
        return buffer.length;
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

    /** Writes a member's name. */
    public JsonLineWriter name(Name name) {
        ensure(1 + name.bytes.length);
        if (comma) {
            buffer[length++] = ',';
        }
        comma = true;
        System.arraycopy(name.bytes, 0, buffer, length, name.bytes.length);
        length += name.bytes.length;
        return this;
    }

    /** Writes a member with a text, unless it is null. */
    public JsonLineWriter member(Name name, @Nullable String value) {
        if (value != null) {
            name(name).text(value);
        }
        return this;
    }

    /** Writes a member with a truth value. */
    public JsonLineWriter member(Name name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
        return this;
    }

    /** Writes a member with a UUID. */
    public JsonLineWriter uuid(Name name, long high, long low) {
        name(name);
        ensure(38);
        buffer[length++] = '"';
        hex(high >>> 32, 8);
        buffer[length++] = '-';
        hex(high >>> 16, 4);
        buffer[length++] = '-';
        hex(high, 4);
        buffer[length++] = '-';
        hex(low >>> 48, 4);
        buffer[length++] = '-';
        hex(low, 12);
        buffer[length++] = '"';
        return this;
    }

    private void hex(long value, int digits) {
        for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
            buffer[length++] = HEX[(int) (value >>> shift) & 15];
        }
    }

    /** Writes a member with a point in time, in nanoseconds since 1970. */
    public JsonLineWriter time(Name name, long nanos) {
        name(name);
        ensure(Timestamps.CHARS + 2);
        buffer[length++] = '"';
        long second = Math.floorDiv(nanos, NANOS_PER_SECOND);
        if (second != lastSecond) {
            Timestamps.write(nanos, lastSecondText, 0);
            lastSecond = second;
        }
        System.arraycopy(lastSecondText, 0, buffer, length, SECOND_CHARS);
        int rest = (int) (nanos - second * NANOS_PER_SECOND);
        for (int at = length + Timestamps.CHARS - 2; at >= length + SECOND_CHARS; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += Timestamps.CHARS;
        buffer[length - 1] = 'Z';
        buffer[length++] = '"';
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
        int chars = value.length();
        ensure(chars + 2);
        byte[] target = buffer;
        int at = length;
        target[at++] = '"';
        int i = 0;
        for (; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= 0x80 || PLAIN[c] == 0) {
                break;
            }
            target[at++] = (byte) c;
        }
        length = at;
        if (i < chars) {
            rest(value, i);
        }
        put('"');
        return this;
    }

    /** Writes a text from a character on that cannot stand as it is, or as one byte. */
    private void rest(String value, int from) {
        int chars = value.length();
        for (int i = from; i < chars; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                if (PLAIN[c] != 0) {
                    put(c);
                } else {
                    escape(c);
                }
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
                ascii("\\u00");
                put(HEX[c >> 4]);
                put(HEX[c & 15]);
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
