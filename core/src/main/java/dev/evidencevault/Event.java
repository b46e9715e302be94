package dev.evidencevault;

import dev.evidencevault.format.Json;
import dev.evidencevault.format.JsonLineWriter;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordBody;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

    private final Builder fields;

    private Event(Builder fields) {
        this.fields = fields;
    }

    /** Begins an event. The action is a dotted {@code object.verb}, or whatever the source calls it. */
    public static Builder of(String action) {
        return new Builder(action);
    }

    /** Returns the event as a record of a tenant's log, still without a place in it. */
    RecordBody toBody(String tenant) {
        Builder f = fields;
        String original = f.original;
        JsonLineWriter line = new JsonLineWriter(400 + (original == null ? 0 : original.length() * 5 / 4));
        line.member("type", RecordKind.EVENT.label())
                .member("id", f.id == null ? timeOrderedId().toString() : f.id)
                .member("tenant", tenant)
                .member("service", f.service)
                .time("occurredAt", f.occurredAt)
                .member("action", f.action)
                .member("outcome", f.outcome.label())
                .member("reason", f.reason);
        Actor actor = f.actor;
        if (actor != null) {
            actor.write(line.name("actor"));
        }
        if (f.role != null || f.ticket != null || f.approval != null || f.justification != null) {
            line.name("privilege")
                    .beginObject()
                    .member("role", f.role)
                    .member("ticket", f.ticket)
                    .member("approval", f.approval)
                    .member("justification", f.justification)
                    .endObject();
        }
        if (!f.targets.isEmpty()) {
            line.name("targets").beginArray();
            for (Target target : f.targets) {
                line.element()
                        .beginObject()
                        .member("type", target.type())
                        .member("id", target.id())
                        .endObject();
            }
            line.endArray();
        }
        if (f.sourceIp != null) {
            line.name("source").beginObject().member("ip", f.sourceIp).endObject();
        }
        line.member("sharedEventId", f.sharedEventId);
        if (!f.assumed.isEmpty()) {
            line.name("assumed").beginArray();
            f.assumed.forEach(what -> line.element().text(what));
            line.endArray();
        }
        if (f.details != null) {
            line.name("details").raw(f.details);
        }
        line.member("original", original).endObject();
        byte[] tail = line.toByteArray();
        if (tail.length > LogRecord.LINE_BYTES_MAX - 100) {
            throw new IllegalArgumentException(
                    "a record has at most " + (LogRecord.LINE_BYTES_MAX - 100) + " bytes, found " + tail.length);
        }
        return new RecordBody(
                RecordKind.EVENT,
                f.occurredAt,
                actor != null && actor.isPrivileged(),
                f.service,
                actor == null ? List.of() : actor.ids(),
                new RecordBody.Tail(tail));
    }

    /** A UUID of version 7 (RFC 9562 section 5.7): milliseconds, then random bits. */
    private static UUID timeOrderedId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextLong() & 0xfff;
        long low = 1L << 63 | random.nextLong() >>> 2;
        return new UUID(high, low);
    }

    /** Collects the fields of an event. Everything but the action may be left out. Not safe for several threads. */
    public static final class Builder {
        private final String action;
        private @Nullable String id;
        private @Nullable String service;
        private long occurredAt = Timestamps.nanos(Instant.now());
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

        private Builder(String action) {
            this.action = require("action", action);
        }

        private Builder(Builder other) {
            this.action = other.action;
            this.id = other.id;
            this.service = other.service;
            this.occurredAt = other.occurredAt;
            this.outcome = other.outcome;
            this.reason = other.reason;
            this.actor = other.actor;
            this.role = other.role;
            this.ticket = other.ticket;
            this.approval = other.approval;
            this.justification = other.justification;
            this.targets = List.copyOf(other.targets);
            this.sourceIp = other.sourceIp;
            this.sharedEventId = other.sharedEventId;
            this.assumed = List.copyOf(other.assumed);
            this.details = other.details;
            this.original = other.original;
        }

        /** Sets the event's id; a UUID of version 7 by default. */
        public Builder id(String value) {
            this.id = require("id", value);
            return this;
        }

        /** Sets the service, by which records can be searched, exported and kept. */
        public Builder service(String value) {
            this.service = require("service", value);
            return this;
        }

        /** Sets when it happened; now by default. From the year 1678 to 2262. */
        public Builder occurredAt(Instant value) {
            this.occurredAt = Timestamps.nanos(value);
            return this;
        }

        /** Sets how it ended; unknown by default. */
        public Builder outcome(Outcome value) {
            this.outcome = value;
            return this;
        }

        /** Sets why it ended so: an error code or a sentence. */
        public Builder reason(String value) {
            this.reason = require("reason", value);
            return this;
        }

        /** Sets who did it. */
        public Builder actor(Actor value) {
            this.actor = value;
            return this;
        }

        /** Sets the role that gave the privilege. */
        public Builder role(String value) {
            this.role = require("role", value);
            return this;
        }

        /** Sets the ticket under which the privilege was used. */
        public Builder ticket(String value) {
            this.ticket = require("ticket", value);
            return this;
        }

        /** Sets the approval under which the privilege was used. */
        public Builder approval(String value) {
            this.approval = require("approval", value);
            return this;
        }

        /** Sets why the privilege was used. */
        public Builder justification(String value) {
            this.justification = require("justification", value);
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
            if (targets.isEmpty()) {
                targets = new ArrayList<>();
            }
            if (targets.size() == TARGETS_MAX) {
                throw new IllegalArgumentException("an event has at most " + TARGETS_MAX + " targets");
            }
            targets.add(target);
            return this;
        }

        /** Sets the address that it came from, as the source has it. */
        public Builder sourceIp(String value) {
            this.sourceIp = require("source address", value);
            return this;
        }

        /** Sets the id that the record of the same act on the other side carries. */
        public Builder sharedEventId(String value) {
            this.sharedEventId = require("shared event id", value);
            return this;
        }

        /** Notes that something was not in the source and was assumed: a year, a zone. */
        public Builder assumed(String what) {
            if (assumed.isEmpty()) {
                assumed = new ArrayList<>();
            }
            assumed.add(require("assumption", what));
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
            this.details = bytes;
            return this;
        }

        /** Sets the imported record that this event was made from, exactly as it was. */
        public Builder original(String text) {
            this.original = text;
            return this;
        }

        /** Returns the event. */
        public Event build() {
            return new Event(new Builder(this));
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
