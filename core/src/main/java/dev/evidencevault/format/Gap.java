package dev.evidencevault.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A record that events of a tenant were refused and are not in the log.
 *
 * @param tenant the tenant's name
 * @param from when the first was refused, in nanoseconds since 1970
 * @param to when the last was
 * @param rate how many since there were too many events
 * @param bytes how many since there were too many bytes
 * @param queue how many since the queue was full
 */
public record Gap(String tenant, long from, long to, long rate, long bytes, long queue) {
    private static final Set<String> MEMBERS = Set.of("from", "to", "rate", "bytes", "queue");

    /** Checks the counts. */
    public Gap {
        if (rate < 0 || bytes < 0 || queue < 0 || sum(rate, bytes, queue) < 1 || to < from) {
            throw new IllegalArgumentException(
                    "a gap tells of one event or more, from a time to the same or a later one");
        }
    }

    private static long sum(long rate, long bytes, long queue) {
        try {
            return Math.addExact(Math.addExact(rate, bytes), queue);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a gap tells of at most 2^63 - 1 events", e);
        }
    }

    /** Returns how many events were refused. */
    public long events() {
        return rate + bytes + queue;
    }

    /** Returns the gap as a record without a place. It counts for no actor and no service. */
    public RecordBody toBody() {
        JsonLineWriter tail = new JsonLineWriter(400);
        tail.member("type", RecordKind.GAP.label())
                .member("tenant", tenant)
                .time("occurredAt", from)
                .name("gap")
                .beginObject()
                .time("from", from)
                .time("to", to)
                .member("rate", rate)
                .member("bytes", bytes)
                .member("queue", queue)
                .endObject()
                .endObject();
        return new RecordBody(RecordKind.GAP, from, false, null, List.of(), new RecordBody.Tail(tail.toByteArray()));
    }

    /**
     * Reads a gap from its record.
     *
     * @throws IllegalArgumentException if the record is none
     */
    public static Gap of(LogRecord record) {
        if (record.kind() != RecordKind.GAP || !(record.json().path("gap") instanceof ObjectNode gap)) {
            throw new IllegalArgumentException("expected a gap");
        }
        return of(record.json(), gap);
    }

    static Gap of(ObjectNode record, ObjectNode gap) {
        Json.requireOnly(
                record, Set.of("v", "seq", "recordedAt", "type", "tenant", "occurredAt", "gap"), "a record of a gap");
        Json.requireOnly(gap, MEMBERS, "a gap");
        Gap parsed = new Gap(
                Json.text(record, "tenant"),
                Timestamps.parse(Json.text(gap, "from")),
                Timestamps.parse(Json.text(gap, "to")),
                Json.integer(gap, "rate"),
                Json.integer(gap, "bytes"),
                Json.integer(gap, "queue"));
        if (Timestamps.parse(Json.text(record, "occurredAt")) != parsed.from) {
            throw new IllegalArgumentException("a gap occurs when its first event was refused");
        }
        return parsed;
    }
}
