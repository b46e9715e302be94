package dev.evidencevault.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read: the line, byte for byte, and what it says. Immutable as long as nobody changes the arrays.
 *
 * <p>The line is the truth; everything else is parsed from it. See {@code docs/formats/record.md}.
 */
public final class LogRecord {
    /** The longest text of a field other than details and original, in UTF-16 code units. */
    public static final int TEXT_CHARS_MAX = 8192;

    /** The longest line, in bytes. */
    public static final int LINE_BYTES_MAX = 4 << 20;

    private static final Set<String> MEMBERS = Set.of(
            "v",
            "seq",
            "recordedAt",
            "type",
            "id",
            "tenant",
            "service",
            "occurredAt",
            "action",
            "outcome",
            "reason",
            "actor",
            "privilege",
            "targets",
            "source",
            "sharedEventId",
            "assumed",
            "details",
            "original",
            "seal",
            "gap",
            "change");

    private final byte[] line;
    private final ObjectNode json;
    private final long seq;
    private final long recordedAt;
    private final RecordKind kind;
    private final long occurredAt;
    private final @Nullable String service;
    private final List<String> actorIds;

    private LogRecord(byte[] line, ObjectNode json) {
        this.line = line;
        this.json = json;
        Json.requireOnly(json, MEMBERS, "a record");
        if (Json.integer(json, "v") != 1) {
            throw new IllegalArgumentException("expected a record of version 1, found " + json.path("v"));
        }
        this.seq = Json.integer(json, "seq");
        if (seq < 0) {
            throw new IllegalArgumentException("a record's seq is not negative, found " + seq);
        }
        this.recordedAt = Timestamps.parse(Json.text(json, "recordedAt"));
        this.kind = RecordKind.ofLabel(Json.text(json, "type"));
        this.occurredAt = kind == RecordKind.SEAL ? recordedAt : Timestamps.parse(Json.text(json, "occurredAt"));
        this.service = json.has("service") ? Json.text(json, "service") : null;
        List<String> ids = new ArrayList<>(2);
        JsonNode actor = json.path("actor");
        if (json.has("actor")) {
            if (!actor.isObject()) {
                throw new IllegalArgumentException("expected an object for \"actor\", found " + actor.getNodeType());
            }
            ids.add(Json.text(actor, "id"));
            if (actor.has("onBehalfOf") && !ids.contains(Json.text(actor, "onBehalfOf"))) {
                ids.add(Json.text(actor, "onBehalfOf"));
            }
        }
        this.actorIds = List.copyOf(ids);
        if (json.has("original")) {
            Json.text(json, "original");
        }
        if (kind == RecordKind.EVENT) {
            for (String member : List.of("id", "tenant", "action", "outcome")) {
                Json.text(json, member);
            }
        }
        if (kind == RecordKind.GAP) {
            if (!(json.path("gap") instanceof ObjectNode gap)) {
                throw new IllegalArgumentException("expected an object for \"gap\"");
            }
            Gap.of(json, gap);
        } else if (json.has("gap")) {
            throw new IllegalArgumentException("a record of a gap has a member \"gap\", and nothing else has");
        }
        if (kind == RecordKind.CHANGE) {
            if (!(json.path("change") instanceof ObjectNode change)) {
                throw new IllegalArgumentException("expected an object for \"change\"");
            }
            Change.of(json, change);
        } else if (json.has("change")) {
            throw new IllegalArgumentException("a record of a change has a member \"change\", and nothing else has");
        }
        if (json.has("seal") != (kind == RecordKind.SEAL)) {
            throw new IllegalArgumentException("a seal has a member \"seal\", and nothing else has");
        }
        JsonNode privileged = actor.path("privileged");
        if (!privileged.isMissingNode() && !privileged.isBoolean()) {
            throw new IllegalArgumentException("expected true or false for \"privileged\"");
        }
    }

    /**
     * Parses a line, which is kept and not copied.
     *
     * @throws IllegalArgumentException if it is no record
     */
    public static LogRecord parse(byte[] line) {
        return new LogRecord(line, Json.parseObject(line, "a record"));
    }

    /** Returns the line without a line feed; not a copy. */
    public byte[] line() {
        return line;
    }

    /** Returns the parsed line; to be read only. */
    public ObjectNode json() {
        return json;
    }

    /** Returns the record's index in its log. */
    public long seq() {
        return seq;
    }

    /** Returns when the vault took it, in nanoseconds since 1970. */
    public long recordedAt() {
        return recordedAt;
    }

    /** Returns what it is. */
    public RecordKind kind() {
        return kind;
    }

    /** Returns when it happened, as the application said, in nanoseconds since 1970. */
    public long occurredAt() {
        return occurredAt;
    }

    /** Returns the service, or null. */
    public @Nullable String service() {
        return service;
    }

    /** Returns who acted, then on whose behalf, as far as the record says and they differ. */
    public List<String> actorIds() {
        return actorIds;
    }

    /** Returns who acted, then on whose behalf, as far as the record says; also if they are the same. */
    public List<String> actorNames() {
        JsonNode actor = json.path("actor");
        if (actor.isMissingNode()) {
            return List.of();
        }
        String id = actor.path("id").asText();
        return actor.has("onBehalfOf") ? List.of(id, actor.path("onBehalfOf").asText()) : List.of(id);
    }

    /** Says whether a privilege was used. */
    public boolean privileged() {
        return json.path("actor").path("privileged").asBoolean(false);
    }

    /** Returns the tenant's name, or the empty text for what is no event. */
    public String tenant() {
        return json.path("tenant").asText();
    }

    /** Returns the action, or the empty text for what is no event. */
    public String action() {
        return json.path("action").asText();
    }

    /** Returns the outcome, or the empty text for what is no event. */
    public String outcome() {
        return json.path("outcome").asText();
    }

    /** Returns the event's id, or the empty text for what is no event. */
    public String id() {
        return json.path("id").asText();
    }

    /** Returns the exact text of an imported record, or null. */
    public @Nullable String original() {
        JsonNode original = json.path("original");
        return original.isTextual() ? original.textValue() : null;
    }
}
