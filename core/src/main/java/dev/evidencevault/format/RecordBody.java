package dev.evidencevault.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that has no place in a log yet: its line from {@code "type"} on, and what the leaf header needs of it.
 *
 * <p>The bytes are shared, not copied; whoever makes one gives them away.
 *
 * @param kind what the record is
 * @param occurredAt when it happened, in nanoseconds since 1970; for a seal, nothing
 * @param privileged whether a privilege was used
 * @param service the service, or null
 * @param actorIds who acted, then on whose behalf; none to two, all different
 * @param tail the end of the line, which begins with {@code "type":} and ends with the closing brace
 */
public record RecordBody(
        RecordKind kind,
        long occurredAt,
        boolean privileged,
        @Nullable String service,
        List<String> actorIds,
        Tail tail) {

    private static final byte[] VERSION_AND_SEQ = "{\"v\":1,\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECORDED_AT = ",\"recordedAt\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_PREFIX = "\",".getBytes(StandardCharsets.US_ASCII);

    /** The end of a line, in UTF-8. */
    public static final class Tail {
        private final byte[] bytes;

        /** Takes the bytes without a copy. */
        public Tail(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns the length in bytes. */
        public int length() {
            return bytes.length;
        }
    }

    /** Checks the actors. */
    public RecordBody {
        actorIds = List.copyOf(actorIds);
        if (actorIds.size() > LeafHeader.ACTORS_MAX) {
            throw new IllegalArgumentException("a record has at most 2 actors, found " + actorIds.size());
        }
    }

    /** Returns the line that the record has at this place, without a line feed. */
    public byte[] line(long seq, long recordedAt) {
        byte[] line = new byte[lineBytes(seq)];
        writeLine(line, 0, seq, new Stamp(recordedAt));
        return line;
    }

    /** Returns the length of the line that the record has at this place, in bytes. */
    public int lineBytes(long seq) {
        return VERSION_AND_SEQ.length
                + digits(seq)
                + RECORDED_AT.length
                + Timestamps.CHARS
                + END_OF_PREFIX.length
                + tail.bytes.length;
    }

    /** Writes the line that the record has at this place into an array. Returns the index after it. */
    public int writeLine(byte[] target, int offset, long seq, Stamp recordedAt) {
        int at = put(VERSION_AND_SEQ, target, offset);
        int numberEnd = at + digits(seq);
        int digitAt = numberEnd - 1;
        long rest = seq;
        while (rest > Integer.MAX_VALUE) {
            target[digitAt--] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        for (int small = (int) rest; digitAt >= at; small /= 10) {
            target[digitAt--] = (byte) ('0' + small % 10);
        }
        at = put(RECORDED_AT, target, numberEnd);
        at = put(recordedAt.text, target, at);
        at = put(END_OF_PREFIX, target, at);
        return put(tail.bytes, target, at);
    }

    private static int put(byte[] source, byte[] target, int at) {
        System.arraycopy(source, 0, target, at, source.length);
        return at + source.length;
    }

    private static int digits(long seq) {
        int digits = 1;
        for (long power = 10; digits < 19 && seq >= power; power *= 10) {
            digits++;
        }
        return digits;
    }

    /** A point in time with its text, which many records share. */
    public static final class Stamp {
        private final long nanos;
        private final byte[] text = new byte[Timestamps.CHARS];

        /** Creates the stamp of a time in nanoseconds since 1970. */
        public Stamp(long nanos) {
            this.nanos = nanos;
            Timestamps.write(nanos, text, 0);
        }

        /** Returns the time in nanoseconds since 1970. */
        public long nanos() {
            return nanos;
        }
    }
}
