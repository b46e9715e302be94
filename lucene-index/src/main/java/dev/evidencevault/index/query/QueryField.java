package dev.evidencevault.index.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A field of an event that can be asked for its value. */
public enum QueryField {
    /** Who acted, or on whose behalf. */
    ACTOR("actor"),
    /** On which side the actor stands: {@code tenant}, {@code provider}, {@code supplier}. */
    SIDE("side"),
    /** What was done. */
    ACTION("action"),
    /** The service. */
    SERVICE("service"),
    /** How it ended: {@code success}, {@code failure}, {@code unknown}. */
    OUTCOME("outcome"),
    /** The id of something that was acted on. */
    TARGET("target"),
    /** The type of something that was acted on. */
    TARGET_TYPE("target.type"),
    /** Where it came from, as the source has it. */
    SOURCE("source"),
    /** The actor's session. */
    SESSION("session"),
    /** The id that records of the same act in several logs have. */
    SHARED_EVENT_ID("sharedEventId"),
    /** The event's own id. */
    ID("id");

    private final String label;

    QueryField(String label) {
        this.label = label;
    }

    /** Returns the name in the language. */
    public String label() {
        return label;
    }

    /** Returns the only values that there are, or none if they are free. */
    public List<String> choices() {
        return switch (this) {
            case SIDE -> List.of("tenant", "provider", "supplier");
            case OUTCOME -> List.of("success", "failure", "unknown");
            case ACTOR, ACTION, SERVICE, TARGET, TARGET_TYPE, SOURCE, SESSION, SHARED_EVENT_ID, ID -> List.of();
        };
    }

    /** Returns the field of a name, whatever its case, or null. */
    public static @Nullable QueryField ofLabel(String label) {
        for (QueryField field : values()) {
            if (field.label.equalsIgnoreCase(label)) {
                return field;
            }
        }
        return null;
    }

    /** Returns the values of this field in a record, as they stand there. */
    public List<String> in(LogRecord record) {
        List<String> values = new ArrayList<>();
        any(record, value -> {
            values.add(value);
            return false;
        });
        return values;
    }

    /** Says whether a record has a value of this field that is wanted. */
    boolean any(LogRecord record, Predicate<String> wanted) {
        JsonNode json = record.json();
        return switch (this) {
            case ACTOR -> record.actorIds().stream().anyMatch(wanted);
            case SIDE -> any(json.path("actor").path("side"), wanted);
            case ACTION -> any(json.path("action"), wanted);
            case SERVICE -> any(json.path("service"), wanted);
            case OUTCOME -> any(json.path("outcome"), wanted);
            case TARGET -> anyTarget(json, "id", wanted);
            case TARGET_TYPE -> anyTarget(json, "type", wanted);
            case SOURCE -> any(json.path("source").path("ip"), wanted);
            case SESSION -> any(json.path("actor").path("session"), wanted);
            case SHARED_EVENT_ID -> any(json.path("sharedEventId"), wanted);
            case ID -> any(json.path("id"), wanted);
        };
    }

    private static boolean any(JsonNode value, Predicate<String> wanted) {
        return value.isTextual() && wanted.test(value.textValue());
    }

    private static boolean anyTarget(JsonNode json, String member, Predicate<String> wanted) {
        for (JsonNode target : json.path("targets")) {
            if (any(target.path(member), wanted)) {
                return true;
            }
        }
        return false;
    }
}
