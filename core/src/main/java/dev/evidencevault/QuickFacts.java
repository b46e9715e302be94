package dev.evidencevault;

import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a line that is spelled exactly as the vault spells an event, read without parsing it: members in the order in
 * which they are written, no escape in any that is passed. Anything else is left to {@link RecordFacts}. For one line.
 */
final class QuickFacts {
    private static final byte[] BEFORE_SEQ = ascii("{\"v\":1,\"seq\":");
    private static final byte[] BEFORE_RECORDED_AT = ascii(",\"recordedAt\":\"");
    private static final byte[] BEFORE_ID = ascii("\",\"type\":\"event\",\"id\":\"");
    private static final byte[] BEFORE_TENANT = ascii("\",\"tenant\":\"");
    private static final byte[] AFTER_TEXT = ascii("\",");
    private static final byte[] BEFORE_SERVICE = ascii("\"service\":\"");
    private static final byte[] BEFORE_OCCURRED_AT = ascii("\"occurredAt\":\"");
    private static final byte[] BEFORE_ACTION = ascii("\",\"action\":\"");
    private static final byte[] BEFORE_OUTCOME = ascii("\",\"outcome\":\"");
    private static final byte[] QUOTE = ascii("\"");
    private static final byte[] BEFORE_REASON = ascii(",\"reason\":\"");
    private static final byte[] BEFORE_SIDE = ascii(",\"actor\":{\"side\":\"");
    private static final byte[] BEFORE_TYPE = ascii(",\"type\":\"");
    private static final byte[] BEFORE_ACTOR_ID = ascii(",\"id\":\"");
    private static final byte[] BEFORE_PRIVILEGED = ascii("\",\"privileged\":");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] BEFORE_ON_BEHALF_OF = ascii(",\"onBehalfOf\":\"");
    private static final int SEQ_DIGITS_MAX = 18;

    private final byte[] line;
    private int at;

    private QuickFacts(byte[] line) {
        this.line = line;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the facts of a line; null if it is spelled otherwise.
     *
     * @throws IllegalArgumentException if a time in it is none
     */
    static @Nullable RecordFacts of(byte[] line) {
        return new QuickFacts(line).read();
    }

    private @Nullable RecordFacts read() {
        if (!passes(BEFORE_SEQ)) {
            return null;
        }
        int digits = at;
        long seq = 0;
        while (at < line.length && line[at] >= '0' && line[at] <= '9' && at - digits < SEQ_DIGITS_MAX) {
            seq = 10 * seq + (line[at++] - '0');
        }
        if (at == digits || at - digits > 1 && line[digits] == '0' || !passes(BEFORE_RECORDED_AT)) {
            return null;
        }
        String recordedAt = time();
        if (recordedAt == null || !passes(BEFORE_ID) || !text() || !passes(BEFORE_TENANT) || !text()) {
            return null;
        }
        String service = null;
        if (!passes(AFTER_TEXT)) {
            return null;
        }
        if (passes(BEFORE_SERVICE)) {
            service = value();
            if (service == null || !passes(AFTER_TEXT)) {
                return null;
            }
        }
        String occurredAt = passes(BEFORE_OCCURRED_AT) ? time() : null;
        if (occurredAt == null
                || !passes(BEFORE_ACTION)
                || !text()
                || !passes(BEFORE_OUTCOME)
                || !text()
                || !passes(QUOTE)) {
            return null;
        }
        if (passes(BEFORE_REASON) && !(text() && passes(QUOTE))) {
            return null;
        }
        return withActor(seq, Timestamps.parse(recordedAt), Timestamps.parse(occurredAt), service);
    }

    private @Nullable RecordFacts withActor(long seq, long recordedAt, long occurredAt, @Nullable String service) {
        if (!passes(BEFORE_SIDE)) {
            return new RecordFacts(seq, recordedAt, occurredAt, RecordKind.EVENT, false, service, null, null);
        }
        if (!text()
                || !passes(QUOTE)
                || passes(BEFORE_TYPE) && !(text() && passes(QUOTE))
                || !passes(BEFORE_ACTOR_ID)) {
            return null;
        }
        String actor = value();
        if (actor == null || !passes(BEFORE_PRIVILEGED)) {
            return null;
        }
        boolean privileged = passes(TRUE);
        if (!privileged && !passes(FALSE)) {
            return null;
        }
        String onBehalfOf = null;
        if (passes(BEFORE_ON_BEHALF_OF)) {
            onBehalfOf = value();
            if (onBehalfOf == null) {
                return null;
            }
        }
        return new RecordFacts(seq, recordedAt, occurredAt, RecordKind.EVENT, privileged, service, actor, onBehalfOf);
    }

    private boolean passes(byte[] expected) {
        int next = at + expected.length;
        if (next > line.length || !Arrays.equals(line, at, next, expected, 0, expected.length)) {
            return false;
        }
        at = next;
        return true;
    }

    private @Nullable String time() {
        int from = at;
        at += Timestamps.CHARS;
        return at > line.length ? null : new String(line, from, Timestamps.CHARS, StandardCharsets.ISO_8859_1);
    }

    /** Passes over a text up to its end; says whether it has one and no escape. */
    private boolean text() {
        while (at < line.length && line[at] != '"') {
            if (line[at] == '\\') {
                return false;
            }
            at++;
        }
        return at < line.length;
    }

    private @Nullable String value() {
        int from = at;
        return text() ? new String(line, from, at - from, StandardCharsets.UTF_8) : null;
    }
}
