package dev.evidencevault.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
        byte[] number = Long.toString(seq).getBytes(StandardCharsets.US_ASCII);
        int timeAt = VERSION_AND_SEQ.length + number.length + RECORDED_AT.length;
        int tailAt = timeAt + Timestamps.CHARS + END_OF_PREFIX.length;
        byte[] line = Arrays.copyOf(VERSION_AND_SEQ, tailAt + tail.bytes.length);
        System.arraycopy(number, 0, line, VERSION_AND_SEQ.length, number.length);
        System.arraycopy(RECORDED_AT, 0, line, VERSION_AND_SEQ.length + number.length, RECORDED_AT.length);
        Timestamps.write(recordedAt, line, timeAt);
        System.arraycopy(END_OF_PREFIX, 0, line, timeAt + Timestamps.CHARS, END_OF_PREFIX.length);
        System.arraycopy(tail.bytes, 0, line, tailAt, tail.bytes.length);
        return line;
    }
}
