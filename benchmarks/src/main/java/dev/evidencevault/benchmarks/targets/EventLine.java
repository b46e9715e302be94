package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evidencevault.format.Timestamps;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of the plain peers: an event as one JSON line with the members that a record of the vault has, number, id
 * and both times included. Written by hand for speed; what it encodes stays in its array until the next line. Belongs to
 * one thread.
 */
public final class EventLine {
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] SEQ = bytes("{\"v\":1,\"seq\":");
    private static final byte[] RECORDED_AT = bytes(",\"recordedAt\":\"");
    private static final byte[] ID = bytes("\",\"type\":\"event\",\"id\":\"");
    private static final byte[] TENANT = bytes("\",\"tenant\":");
    private static final byte[] SERVICE = bytes(",\"service\":");
    private static final byte[] OCCURRED_AT = bytes(",\"occurredAt\":\"");
    private static final byte[] ACTION = bytes("\",\"action\":");
    private static final byte[] ACTOR = bytes(",\"outcome\":\"success\",\"actor\":{\"side\":\"tenant\",\"id\":");
    private static final byte[] PRIVILEGED = bytes(",\"privileged\":true}");
    private static final byte[] NOT_PRIVILEGED = bytes(",\"privileged\":false}");
    private static final byte[] TARGETS = bytes(",\"targets\":[{");
    private static final byte[] TARGET_TYPE = bytes("\"type\":");
    private static final byte[] TARGET_ID_NEXT = bytes(",\"id\":");
    private static final byte[] TARGET_ID = bytes("\"id\":");
    private static final byte[] TARGETS_END = bytes("}]");
    private static final byte[] SOURCE = bytes(",\"source\":{\"ip\":");
    private static final byte[] DETAILS = bytes(",\"details\":");
    private static final byte[] ORIGINAL = bytes(",\"original\":");

    /** The most that the fixed parts, the number, the id and the times need. */
    private static final int FIXED_BYTES_MAX = 600;

    /** The first character that an escape takes and that is not a control character of its own letter. */
    private static final boolean[] ESCAPED = new boolean[256];

    static {
        Arrays.fill(ESCAPED, 0, 0x20, true);
        ESCAPED['"'] = true;
        ESCAPED['\\'] = true;
    }

    private byte[] line = new byte[1 << 14];
    private long second = Long.MIN_VALUE;
    private final byte[] time = new byte[Timestamps.CHARS];

    /** Creates an encoder. */
    public EventLine() {}

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Returns the array that holds the line, from its beginning. */
    public byte[] array() {
        return line;
    }

    /** Encodes an event, a line feed at its end, and returns the number of bytes. */
    public int encode(String tenant, long seq, Sample sample) {
        reserve(0, FIXED_BYTES_MAX);
        setTime(Instant.now());
        int at = put(SEQ, 0);
        at = number(seq, at);
        at = put(RECORDED_AT, at);
        at = put(time, at);
        at = put(ID, at);
        at = id(sample.shortId(), at);
        at = put(TENANT, at);
        at = text(tenant, at);
        at = member(SERVICE, sample.service(), at);
        at = put(OCCURRED_AT, at);
        at = put(time, at);
        at = put(ACTION, at);
        at = text(sample.action(), at);
        at = put(ACTOR, at);
        at = text(sample.actor(), at);
        at = put(sample.privileged() ? PRIVILEGED : NOT_PRIVILEGED, at);
        if (sample.target() != null) {
            at = put(TARGETS, at);
            at = member(TARGET_TYPE, sample.targetType(), at);
            at = put(sample.targetType() == null ? TARGET_ID : TARGET_ID_NEXT, at);
            at = text(sample.target(), at);
            at = put(TARGETS_END, at);
        }
        if (sample.sourceIp() != null) {
            at = member(SOURCE, sample.sourceIp(), at);
            line[at++] = '}';
        }
        if (sample.details() != null) {
            at = put(DETAILS, at);
            byte[] details = sample.details().getBytes(UTF_8);
            reserve(at, details.length + FIXED_BYTES_MAX);
            at = put(details, at);
        }
        at = member(ORIGINAL, sample.original(), at);
        line[at++] = '}';
        line[at++] = '\n';
        return at;
    }

    private void reserve(int at, int bytes) {
        if (at + bytes > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, at + bytes));
        }
    }

    private int put(byte[] bytes, int at) {
        System.arraycopy(bytes, 0, line, at, bytes.length);
        return at + bytes.length;
    }

    private int member(byte[] name, @Nullable String value, int at) {
        return value == null ? at : text(value, put(name, at));
    }

    /** Writes a text in quotation marks. There is room for the fixed parts after it. */
    private int text(String value, int at) {
        int chars = value.length();
        reserve(at, 6 * chars + FIXED_BYTES_MAX);
        byte[] into = line;
        int to = at;
        into[to++] = '"';
        if (chars < 64) {
            int i = 0;
            for (; i < chars; i++) {
                char c = value.charAt(i);
                if (c >= 0x80 || ESCAPED[c]) {
                    break;
                }
                into[to++] = (byte) c;
            }
            if (i == chars) {
                into[to++] = '"';
                return to;
            }
            to = at + 1;
        }
        for (byte b : value.getBytes(UTF_8)) {
            if (ESCAPED[b & 0xff]) {
                to = escape(b, into, to);
            } else {
                into[to++] = b;
            }
        }
        into[to++] = '"';
        return to;
    }

    private static int escape(byte b, byte[] into, int at) {
        int to = at;
        into[to++] = '\\';
        if (b == '"' || b == '\\') {
            into[to++] = b;
        } else {
            into[to++] = 'u';
            into[to++] = '0';
            into[to++] = '0';
            into[to++] = HEX[b >> 4];
            into[to++] = HEX[b & 15];
        }
        return to;
    }

    private int number(long value, int at) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int to = at + digits - 1; to >= at; to--) {
            line[to] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private int id(boolean shortId, int at) {
        if (shortId) {
            return put(bytes(Sample.newShortId()), at);
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextLong() & 0xfff;
        long low = 1L << 63 | random.nextLong() >>> 2;
        int to = hex(high, 60, 32, at);
        line[to++] = '-';
        to = hex(high, 28, 16, to);
        line[to++] = '-';
        to = hex(high, 12, 0, to);
        line[to++] = '-';
        to = hex(low, 60, 48, to);
        line[to++] = '-';
        return hex(low, 44, 0, to);
    }

    private int hex(long bits, int fromShift, int toShift, int at) {
        int to = at;
        for (int shift = fromShift; shift >= toShift; shift -= 4) {
            line[to++] = HEX[(int) (bits >>> shift) & 15];
        }
        return to;
    }

    /** Writes the time into its array; all but the nanoseconds only when the second is another. */
    private void setTime(Instant now) {
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            byte[] text = bytes(Timestamps.format(Timestamps.nanos(now)));
            System.arraycopy(text, 0, time, 0, text.length);
        }
        int nanos = now.getNano();
        for (int to = Timestamps.CHARS - 2; to > Timestamps.CHARS - 11; to--) {
            time[to] = (byte) ('0' + nanos % 10);
            nanos /= 10;
        }
    }
}
