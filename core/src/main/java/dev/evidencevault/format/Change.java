package dev.evidencevault.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something changed which the meaning of a log depends on. Immutable.
 *
 * @param what what changed
 * @param before what was, 1 to 8,192 UTF-16 code units; absent if nothing was or it is not known
 * @param after what is now, likewise
 * @param reason why, likewise
 */
public record Change(
        What what,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason) {
    private static final Set<String> MEMBERS = Set.of("what", "before", "after", "reason");

    /** What changed. */
    public enum What {
        /** How the vault seals, anchors, and hands out checkpoints, and the software's version. */
        SETTINGS("settings"),
        /** What is logged: the logging policy of the tenant or of the service. */
        POLICY("policy"),
        /** The keys under which records are encrypted or checkpoints signed. */
        ROTATION("rotation"),
        /** The vault goes on from a backup. */
        RESTORE("restore"),
        /** The clock was set back. */
        CLOCK("clock"),
        /** Records must be kept, or need not be any more. */
        HOLD("hold"),
        /** Keys were destroyed, and with them what they opened. */
        SHRED("shred"),
        /** A step of a case was made, in answer to an order. */
        CASE("case"),
        /** Something was deposited: a backup of the tenant's data, or of the service's configuration. */
        DEPOSIT("deposit"),
        /** Where records may lie: a place was registered, or a tenant bound to jurisdictions. */
        PLACE("place");

        private final String label;

        What(String label) {
            this.label = label;
        }

        /** Returns the value that stands in a record. */
        public String label() {
            return label;
        }

        private static What ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(what -> what.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown change \"" + label + "\""));
        }
    }

    /** Checks the texts. */
    public Change {
        for (String text : Arrays.asList(before, after, reason)) {
            if (text != null && (text.isEmpty() || text.length() > LogRecord.TEXT_CHARS_MAX)) {
                throw new IllegalArgumentException(
                        "a text of a change has 1 to 8,192 characters, found " + text.length());
            }
        }
        if (before == null && after == null && reason == null) {
            throw new IllegalArgumentException("a change says what was, what is, or why");
        }
    }

    /** Returns the change as a record without a place. It counts for no actor and no service. */
    public RecordBody toBody(String tenant, long time) {
        JsonLineWriter tail = new JsonLineWriter(400);
        tail.member("type", RecordKind.CHANGE.label())
                .member("tenant", tenant)
                .time("occurredAt", time)
                .name("change")
                .beginObject()
                .member("what", what.label);
        if (before != null) {
            tail.member("before", before);
        }
        if (after != null) {
            tail.member("after", after);
        }
        if (reason != null) {
            tail.member("reason", reason);
        }
        tail.endObject().endObject();
        return new RecordBody(RecordKind.CHANGE, time, false, null, List.of(), new RecordBody.Tail(tail.toByteArray()));
    }

    /**
     * Reads a change from its record.
     *
     * @throws IllegalArgumentException if the record is none
     */
    public static Change of(LogRecord record) {
        if (record.kind() != RecordKind.CHANGE || !(record.json().path("change") instanceof ObjectNode change)) {
            throw new IllegalArgumentException("expected a change");
        }
        return of(record.json(), change);
    }

    static Change of(ObjectNode record, ObjectNode change) {
        Json.requireOnly(
                record,
                Set.of("v", "seq", "recordedAt", "type", "tenant", "occurredAt", "change"),
                "a record of a change");
        Json.requireOnly(change, MEMBERS, "a change");
        Json.text(record, "tenant");
        return new Change(
                What.ofLabel(Json.text(change, "what")),
                text(change, "before"),
                text(change, "after"),
                text(change, "reason"));
    }

    private static @Nullable String text(ObjectNode change, String name) {
        return change.has(name) ? Json.text(change, name) : null;
    }
}
