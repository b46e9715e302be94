package dev.evidencevault.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the values in a line that can be withheld, without an object for each. Not safe for use by several threads at once.
 *
 * <p>A value is a member of the line or, if that is an object or array of 1 to {@value #ENTRIES_MAX} entries, one of its
 * entries. What must always be shown is no such value. The line need not be sound JSON: what is found follows from its bytes
 * alone, and what is found in a line stays where it is when values are replaced by texts.
 */
final class PieceScanner {
    /** The most entries of an object or array whose entries are values by themselves. */
    static final int ENTRIES_MAX = 100;

    /** The most pieces of a line, the skeleton included: as many as there are salts of 16 bytes in what HKDF-SHA-256 gives. */
    static final int PIECES_MAX = 510;

    private static final byte[][] ALWAYS_SHOWN = {
        ascii("v"),
        ascii("seq"),
        ascii("recordedAt"),
        ascii("type"),
        ascii("id"),
        ascii("tenant"),
        ascii("occurredAt"),
        ascii("outcome")
    };
    private static final byte[] ACTOR = ascii("actor");
    private static final byte[] SIDE = ascii("side");
    private static final byte[] PRIVILEGED = ascii("privileged");

    private byte[] source = new byte[0];
    private int end;
    private int count;

    // Of each value: where it begins and ends, the name of the member that it is or is in, and the name of the entry.
    // Names
    // are without their quotation marks. An entry of an array has the name -1 and its index; what is no entry -1 and
    // -1.
    private int[] from = new int[32];
    private int[] to = new int[32];
    private int[] memberFrom = new int[32];
    private int[] memberTo = new int[32];
    private int[] entryFrom = new int[32];
    private int[] entryTo = new int[32];

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns how many values were found. */
    int count() {
        return count;
    }

    int from(int value) {
        return from[value];
    }

    int to(int value) {
        return to[value];
    }

    int memberFrom(int value) {
        return memberFrom[value];
    }

    int memberTo(int value) {
        return memberTo[value];
    }

    int entryFrom(int value) {
        return entryFrom[value];
    }

    int entryTo(int value) {
        return entryTo[value];
    }

    /**
     * Finds the values of a line.
     *
     * @param line holds it
     * @param at where it begins
     * @param bytes how long it is
     * @throws IllegalArgumentException if it is no object, has a zero byte, or too many values
     */
    void scan(byte[] line, int at, int bytes) {
        source = line;
        end = at + bytes;
        count = 0;
        for (int i = at; i < end; i++) {
            if (line[i] == 0) {
                throw new IllegalArgumentException("a line has no zero byte, found one at " + (i - at));
            }
        }
        int p = after(skipSpace(at), '{');
        p = skipSpace(p);
        if (byteAt(p) == '}') {
            requireEnd(p + 1);
            return;
        }
        while (true) {
            int name = p + 1;
            p = afterString(p);
            int nameEnd = p - 1;
            p = skipSpace(after(skipSpace(p), ':'));
            byte first = byteAt(p);
            if (isAlwaysShown(name, nameEnd)) {
                p = afterValue(p);
            } else if (first == '{' || first == '[') {
                p = container(p, name, nameEnd);
            } else {
                int value = p;
                p = afterValue(p);
                add(value, p, name, nameEnd, -1, -1);
            }
            p = skipSpace(p);
            if (byteAt(p) == '}') {
                requireEnd(p + 1);
                return;
            }
            p = skipSpace(after(p, ','));
        }
    }

    private int container(int begin, int name, int nameEnd) {
        boolean object = source[begin] == '{';
        char close = object ? '}' : ']';
        int before = count;
        int entries = 0;
        int p = skipSpace(begin + 1);
        while (entries > 0 || byteAt(p) != close) {
            int entry = -1;
            int entryEnd = entries;
            if (object) {
                entry = p + 1;
                p = afterString(p);
                entryEnd = p - 1;
                p = skipSpace(after(skipSpace(p), ':'));
            }
            int value = p;
            p = afterValue(p);
            entries++;
            if (entries <= ENTRIES_MAX && !(object && isAlwaysShown(name, nameEnd, entry, entryEnd))) {
                add(value, p, name, nameEnd, entry, entryEnd);
            }
            p = skipSpace(p);
            if (byteAt(p) == close) {
                break;
            }
            p = skipSpace(after(p, ','));
        }
        p++;
        if (entries == 0 || entries > ENTRIES_MAX) {
            count = before;
            add(begin, p, name, nameEnd, -1, -1);
        }
        return p;
    }

    private boolean isAlwaysShown(int name, int nameEnd) {
        for (byte[] shown : ALWAYS_SHOWN) {
            if (is(name, nameEnd, shown)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAlwaysShown(int name, int nameEnd, int entry, int entryEnd) {
        return is(name, nameEnd, ACTOR) && (is(entry, entryEnd, SIDE) || is(entry, entryEnd, PRIVILEGED));
    }

    private boolean is(int name, int nameEnd, byte[] text) {
        return nameEnd - name == text.length && Arrays.equals(source, name, nameEnd, text, 0, text.length);
    }

    private void add(int begin, int valueEnd, int name, int nameEnd, int entry, int entryEnd) {
        if (count == PIECES_MAX - 1) {
            throw new IllegalArgumentException("a line has at most " + (PIECES_MAX - 1) + " values that are pieces");
        }
        if (count == from.length) {
            int room = Math.min(PIECES_MAX, 2 * count);
            from = Arrays.copyOf(from, room);
            to = Arrays.copyOf(to, room);
            memberFrom = Arrays.copyOf(memberFrom, room);
            memberTo = Arrays.copyOf(memberTo, room);
            entryFrom = Arrays.copyOf(entryFrom, room);
            entryTo = Arrays.copyOf(entryTo, room);
        }
        from[count] = begin;
        to[count] = valueEnd;
        memberFrom[count] = name;
        memberTo[count] = nameEnd;
        entryFrom[count] = entry;
        entryTo[count] = entryEnd;
        count++;
    }

    private int afterValue(int begin) {
        byte first = byteAt(begin);
        if (first == '"') {
            return afterString(begin);
        }
        int p = begin;
        if (first != '{' && first != '[') {
            while (p < end && !isDelimiter(source[p])) {
                p++;
            }
            if (p == begin) {
                throw unexpected(p, "a value");
            }
            return p;
        }
        int depth = 0;
        do {
            byte c = byteAt(p);
            if (c == '"') {
                p = afterString(p);
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                p++;
            }
        } while (depth > 0);
        return p;
    }

    private int afterString(int begin) {
        int p = after(begin, '"');
        while (byteAt(p) != '"') {
            p += source[p] == '\\' ? 2 : 1;
        }
        return p + 1;
    }

    private static boolean isDelimiter(byte c) {
        return c == ',' || c == '}' || c == ']' || isSpace(c);
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private int skipSpace(int begin) {
        int p = begin;
        while (p < end && isSpace(source[p])) {
            p++;
        }
        return p;
    }

    private int after(int p, char expected) {
        if (byteAt(p) != expected) {
            throw unexpected(p, String.valueOf(expected));
        }
        return p + 1;
    }

    private byte byteAt(int p) {
        if (p >= end) {
            throw new IllegalArgumentException("the line ends within its object");
        }
        return source[p];
    }

    private void requireEnd(int p) {
        if (skipSpace(p) != end) {
            throw unexpected(p, "the end of the line");
        }
    }

    private static IllegalArgumentException unexpected(int p, String expected) {
        return new IllegalArgumentException("the line is no JSON object: expected " + expected + " at byte " + p);
    }
}
