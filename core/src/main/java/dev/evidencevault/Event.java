package dev.evidencevault;

import dev.evidencevault.format.Json;
import dev.evidencevault.format.JsonLineWriter;
import dev.evidencevault.format.JsonLineWriter.Name;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What happened: who did what to which target, when, and how it ended. Immutable; a builder is for one thread.
 *
 * <pre>{@code
 * Event.of("document.delete")
 *     .actor(Actor.tenant("alice").privileged())
 *     .service("files")
 *     .target("document", "q3-report")
 *     .outcome(Outcome.SUCCESS)
 *     .build();
 * }</pre>
 */
public final class Event {
    /** The longest text of a field other than details and original, in characters. */
    public static final int TEXT_CHARS_MAX = LogRecord.TEXT_CHARS_MAX;

    private static final int TARGETS_MAX = 1000;
    private static final int DETAILS_DEPTH_MAX = 100;

    private static final Name TYPE = Name.of("type");
    private static final Name ID = Name.of("id");
    private static final Name TENANT = Name.of("tenant");
    private static final Name SERVICE = Name.of("service");
    private static final Name OCCURRED_AT = Name.of("occurredAt");
    private static final Name ACTION = Name.of("action");
    private static final Name OUTCOME = Name.of("outcome");
    private static final Name REASON = Name.of("reason");
    private static final Name ACTOR = Name.of("actor");
    private static final Name PRIVILEGE = Name.of("privilege");
    private static final Name ROLE = Name.of("role");
    private static final Name TICKET = Name.of("ticket");
    private static final Name APPROVAL = Name.of("approval");
    private static final Name JUSTIFICATION = Name.of("justification");
    private static final Name TARGETS = Name.of("targets");
    private static final Name SOURCE = Name.of("source");
    private static final Name IP = Name.of("ip");
    private static final Name SHARED_EVENT_ID = Name.of("sharedEventId");
    private static final Name ASSUMED = Name.of("assumed");
    private static final Name DETAILS = Name.of("details");
    private static final Name ORIGINAL = Name.of("original");

    /** Where a thread writes its lines; one that has become larger than this is not kept. */
    private static final ThreadLocal<JsonLineWriter> LINE = ThreadLocal.withInitial(() -> new JsonLineWriter(1024));

    private static final int KEPT_BYTES_MAX = 64 << 10;

    /** How an act ended. */
    public enum Outcome {
        /** It was done. */
        SUCCESS("success"),
        /** It was refused or went wrong. */
        FAILURE("failure"),
        /** The source does not say. */
        UNKNOWN("unknown");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** Returns the value in records. */
        public String label() {
            return label;
        }
    }

    private record Target(@Nullable String type, String id) {}

    private final Fields fields;

    private Event(Fields fields) {
        this.fields = fields;
    }

    /** Begins an event. The action is a dotted {@code object.verb}, or whatever the source calls it. */
    public static Builder of(String action) {
        return new Builder(action);
    }

    /** Returns the event as a record of a tenant's log, still without a place in it. */
    RecordBody toBody(String tenant) {
        JsonLineWriter line = LINE.get().clear();
        byte[] tail = write(line, tenant).toByteArray();
        if (line.capacity() > KEPT_BYTES_MAX) {
            LINE.remove();
        }
        if (tail.length > LogRecord.LINE_BYTES_MAX - 100) {
            throw new IllegalArgumentException(
                    "a record has at most " + (LogRecord.LINE_BYTES_MAX - 100) + " bytes, found " + tail.length);
        }
        Actor actor = fields.actor;
        return new RecordBody(
                RecordKind.EVENT,
                fields.occurredAt,
                actor != null && actor.isPrivileged(),
                fields.service,
                actor == null ? List.of() : actor.ids(),
                new RecordBody.Tail(tail));
    }

    private JsonLineWriter write(JsonLineWriter line, String tenant) {
        Fields f = fields;
        line.member(TYPE, RecordKind.EVENT.label());
        if (f.id == null) {
            timeOrderedId(line);
        } else {
            line.member(ID, f.id);
        }
        line.member(TENANT, tenant)
                .member(SERVICE, f.service)
                .time(OCCURRED_AT, f.occurredAt)
                .member(ACTION, f.action)
                .member(OUTCOME, f.outcome.label())
                .member(REASON, f.reason);
        Actor actor = f.actor;
        if (actor != null) {
            actor.write(line.name(ACTOR));
        }
        if (f.role != null || f.ticket != null || f.approval != null || f.justification != null) {
            line.name(PRIVILEGE)
                    .beginObject()
                    .member(ROLE, f.role)
                    .member(TICKET, f.ticket)
                    .member(APPROVAL, f.approval)
                    .member(JUSTIFICATION, f.justification)
                    .endObject();
        }
        if (!f.targets.isEmpty()) {
            line.name(TARGETS).beginArray();
            for (Target target : f.targets) {
                line.element()
                        .beginObject()
                        .member(TYPE, target.type())
                        .member(ID, target.id())
                        .endObject();
            }
            line.endArray();
        }
        if (f.sourceIp != null) {
            line.name(SOURCE).beginObject().member(IP, f.sourceIp).endObject();
        }
        line.member(SHARED_EVENT_ID, f.sharedEventId);
        if (!f.assumed.isEmpty()) {
            line.name(ASSUMED).beginArray();
            f.assumed.forEach(what -> line.element().text(what));
            line.endArray();
        }
        if (f.details != null) {
            line.name(DETAILS).raw(f.details);
        }
        return line.member(ORIGINAL, f.original).endObject();
    }

    /** A UUID of version 7 (RFC 9562 section 5.7): milliseconds, then random bits. */
    private static void timeOrderedId(JsonLineWriter line) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextLong() & 0xfff;
        long low = 1L << 63 | random.nextLong() >>> 2;
        line.uuid(ID, high, low);
    }

    /** What an event says. Changed by its builder only, and by that only until an event has it. */
    private static final class Fields {
        private String action = "";
        private @Nullable String id;
        private @Nullable String service;
        private long occurredAt;
        private Outcome outcome = Outcome.UNKNOWN;
        private @Nullable String reason;
        private @Nullable Actor actor;
        private @Nullable String role;
        private @Nullable String ticket;
        private @Nullable String approval;
        private @Nullable String justification;
        private List<Target> targets = List.of();
        private @Nullable String sourceIp;
        private @Nullable String sharedEventId;
        private List<String> assumed = List.of();
        private byte @Nullable [] details;
        private @Nullable String original;

        Fields copy() {
            Fields copy = new Fields();
            copy.action = action;
            copy.id = id;
            copy.service = service;
            copy.occurredAt = occurredAt;
            copy.outcome = outcome;
            copy.reason = reason;
            copy.actor = actor;
            copy.role = role;
            copy.ticket = ticket;
            copy.approval = approval;
            copy.justification = justification;
            copy.targets = targets.isEmpty() ? targets : new ArrayList<>(targets);
            copy.sourceIp = sourceIp;
            copy.sharedEventId = sharedEventId;
            copy.assumed = assumed.isEmpty() ? assumed : new ArrayList<>(assumed);
            copy.details = details;
            copy.original = original;
            return copy;
        }
    }

    /** Collects the fields of an event. Everything but the action may be left out. Not safe for several threads. */
    public static final class Builder {
        private Fields fields = new Fields();

        /** Whether an event has the fields: they are copied before they change again. */
        private boolean built;

        private Builder(String action) {
            fields.action = require("action", action);
            fields.occurredAt = Timestamps.nanos(Instant.now());
        }

        private Fields open() {
            if (built) {
                fields = fields.copy();
                built = false;
            }
            return fields;
        }

        /** Sets the event's id; a UUID of version 7 by default. */
        public Builder id(String value) {
            open().id = require("id", value);
            return this;
        }

        /** Sets the service, by which records can be searched, exported and kept. */
        public Builder service(String value) {
            open().service = require("service", value);
            return this;
        }

        /** Sets when it happened; now by default. From the year 1678 to 2262. */
        public Builder occurredAt(Instant value) {
            open().occurredAt = Timestamps.nanos(value);
            return this;
        }

        /** Sets how it ended; unknown by default. */
        public Builder outcome(Outcome value) {
            open().outcome = value;
            return this;
        }

        /** Sets why it ended so: an error code or a sentence. */
        public Builder reason(String value) {
            open().reason = require("reason", value);
            return this;
        }

        /** Sets who did it. */
        public Builder actor(Actor value) {
            open().actor = value;
            return this;
        }

        /** Sets the role that gave the privilege. */
        public Builder role(String value) {
            open().role = require("role", value);
            return this;
        }

        /** Sets the ticket under which the privilege was used. */
        public Builder ticket(String value) {
            open().ticket = require("ticket", value);
            return this;
        }

        /** Sets the approval under which the privilege was used. */
        public Builder approval(String value) {
            open().approval = require("approval", value);
            return this;
        }

        /** Sets why the privilege was used. */
        public Builder justification(String value) {
            open().justification = require("justification", value);
            return this;
        }

        /** Adds something that was acted on. At most 1,000. */
        public Builder target(String type, String targetId) {
            return add(new Target(require("target type", type), require("target", targetId)));
        }

        /** Adds something that was acted on, of a type that the source does not tell. */
        public Builder target(String targetId) {
            return add(new Target(null, require("target", targetId)));
        }

        private Builder add(Target target) {
            Fields f = open();
            if (f.targets.isEmpty()) {
                f.targets = new ArrayList<>(2);
            }
            if (f.targets.size() == TARGETS_MAX) {
                throw new IllegalArgumentException("an event has at most " + TARGETS_MAX + " targets");
            }
            f.targets.add(target);
            return this;
        }

        /** Sets the address that it came from, as the source has it. */
        public Builder sourceIp(String value) {
            open().sourceIp = require("source address", value);
            return this;
        }

        /** Sets the id that the record of the same act on the other side carries. */
        public Builder sharedEventId(String value) {
            open().sharedEventId = require("shared event id", value);
            return this;
        }

        /** Notes that something was not in the source and was assumed: a year, a zone. */
        public Builder assumed(String what) {
            Fields f = open();
            if (f.assumed.isEmpty()) {
                f.assumed = new ArrayList<>(2);
            }
            f.assumed.add(require("assumption", what));
            return this;
        }

        /**
         * Sets anything else, as one JSON object, nested at most 100 deep. It is stored as it stands, but for line breaks
         * between its tokens, which become spaces.
         *
         * @throws IllegalArgumentException if the text is not exactly one JSON object without duplicate keys
         */
        public Builder details(String json) {
            byte[] bytes = json.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8);
            int depth = Json.depth(Json.parseObject(bytes, "the details"));
            if (depth > DETAILS_DEPTH_MAX) {
                throw new IllegalArgumentException(
                        "details are nested at most " + DETAILS_DEPTH_MAX + " deep, found " + depth);
            }
            open().details = bytes;
            return this;
        }

        /** Sets the imported record that this event was made from, exactly as it was. */
        public Builder original(String text) {
            open().original = text;
            return this;
        }

        /** Returns the event. */
        public Event build() {
            built = true;
            return new Event(fields);
        }

        private static String require(String what, String value) {
            if (value.isEmpty() || value.length() > TEXT_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "expected 1 to " + TEXT_CHARS_MAX + " characters for " + what + ", found " + value.length());
            }
            return value;
        }
    }
}
