package dev.evidencevault.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Event;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where a kind of log has what an event needs. Immutable. The grammar is in the package's description. */
public final class Mapping {
    private static final SortedSet<String> PRESETS = Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(
            "auditd",
            "cloudtrail",
            "github-audit",
            "google-workspace",
            "k8s-audit",
            "okta",
            "syslog",
            "windows-security")));

    private static final Set<String> MEMBERS = Set.of("name", "service", "input", "zone", "fields", "privileged");

    /** How a line becomes an object. */
    enum Input {
        JSON,
        SYSLOG,
        AUDITD
    }

    /** The fields whose sources give a text. */
    enum Field {
        TENANT("tenant"),
        ACTOR("actor"),
        TIME("time"),
        ACTION("action"),
        ID("id"),
        SOURCE_IP("sourceIp"),
        TARGET("target"),
        ON_BEHALF_OF("onBehalfOf"),
        SHARED_EVENT_ID("sharedEventId"),
        SERVICE("service"),
        REASON("reason");

        final String label;

        Field(String label) {
            this.label = label;
        }
    }

    private final String name;
    private final @Nullable String service;
    private final Input input;
    private final ZoneId zone;
    private final Map<Field, List<Source>> sources = new EnumMap<>(Field.class);
    private final List<OutcomeSource> outcome;
    private final List<Condition> privileged;

    private Mapping(ObjectNode json) {
        Json.requireOnly(json, MEMBERS, "a mapping");
        this.name = Scalar.string(json.path("name"), "name");
        this.service = json.has("service") ? Scalar.string(json.path("service"), "service") : null;
        if (service != null && (service.length() > Event.TEXT_CHARS_MAX || !EnvelopeText.isWellFormed(service))) {
            throw new IllegalArgumentException("expected at most " + Event.TEXT_CHARS_MAX
                    + " characters and whole surrogate pairs in service, found " + service.length() + " characters");
        }
        this.input = input(json.path("input"));
        this.zone = zone(json.path("zone"));
        if (!(json.path("fields") instanceof ObjectNode fields)) {
            throw new IllegalArgumentException(
                    "expected an object in fields, found " + Scalar.describe(json.path("fields")));
        }
        Set<String> known = new TreeSet<>(Set.of("outcome"));
        for (Field field : Field.values()) {
            known.add(field.label);
            sources.put(field, sources(fields, field.label));
        }
        Json.requireOnly(fields, known, "fields");
        if (of(Field.TIME).isEmpty()) {
            throw new IllegalArgumentException("expected sources in fields.time, found nothing");
        }
        List<OutcomeSource> outcomes = new ArrayList<>();
        for (JsonNode source : sourceArray(fields, "outcome")) {
            outcomes.add(OutcomeSource.parse(source, "fields.outcome[" + outcomes.size() + "]"));
        }
        this.outcome = List.copyOf(outcomes);
        JsonNode conditions = json.path("privileged");
        if (!conditions.isMissingNode() && !conditions.isArray()) {
            throw new IllegalArgumentException("expected an array in privileged, found " + Scalar.describe(conditions));
        }
        this.privileged = Condition.parseAll(conditions, "privileged");
    }

    /**
     * Reads a mapping file.
     *
     * @throws IllegalArgumentException if it is none; the message says where, what was expected and what was found
     */
    public static Mapping parse(byte[] json) {
        return new Mapping(Json.parseObject(json, "the mapping"));
    }

    /**
     * Returns a mapping that comes with this library.
     *
     * @throws IllegalArgumentException if none has this name
     */
    public static Mapping preset(String name) {
        return parse(presetJson(name));
    }

    /**
     * Returns the mapping file of a preset, to be read or copied.
     *
     * @throws IllegalArgumentException if none has this name
     */
    public static byte[] presetJson(String name) {
        if (!PRESETS.contains(name)) {
            throw new IllegalArgumentException(
                    "unknown format " + Excerpt.quoted(name) + "; expected one of " + String.join(", ", PRESETS));
        }
        try (InputStream in = Mapping.class.getResourceAsStream("presets/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the library lacks its preset " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the names of the presets. */
    public static SortedSet<String> presetNames() {
        return PRESETS;
    }

    /** Returns the mapping's name. */
    public String name() {
        return name;
    }

    /** Returns the service of its events, unless a record names one; or null. */
    public @Nullable String service() {
        return service;
    }

    Input input() {
        return input;
    }

    ZoneId zone() {
        return zone;
    }

    List<Source> of(Field field) {
        return sources.getOrDefault(field, List.of());
    }

    List<OutcomeSource> outcome() {
        return outcome;
    }

    List<Condition> privileged() {
        return privileged;
    }

    private static List<Source> sources(ObjectNode fields, String field) {
        List<Source> sources = new ArrayList<>();
        for (JsonNode source : sourceArray(fields, field)) {
            sources.add(Source.parse(source, "fields." + field + "[" + sources.size() + "]"));
        }
        return List.copyOf(sources);
    }

    private static JsonNode sourceArray(ObjectNode fields, String field) {
        JsonNode array = fields.path(field);
        return array.isMissingNode() ? array : Source.array(array, "fields." + field);
    }

    private static Input input(JsonNode node) {
        if (node.isMissingNode()) {
            return Input.JSON;
        }
        return switch (Scalar.string(node, "input")) {
            case "json" -> Input.JSON;
            case "syslog" -> Input.SYSLOG;
            case "auditd" -> Input.AUDITD;
            default ->
                throw new IllegalArgumentException(
                        "expected json, syslog or auditd in input, found " + Scalar.describe(node));
        };
    }

    private static ZoneId zone(JsonNode node) {
        if (node.isMissingNode()) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(Scalar.string(node, "zone"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "expected a time zone such as Asia/Tokyo or +09:00 in zone, found " + Scalar.describe(node), e);
        }
    }
}
