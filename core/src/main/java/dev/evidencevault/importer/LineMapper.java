package dev.evidencevault.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.importer.Mapping.Field;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of lines. Every line gives a result: an event that keeps the line as its original, byte for byte, or the
 * reason why there is none. Immutable and safe for use by several threads.
 */
public final class LineMapper {
    /** What the fields around the original can take at most in a record, in bytes. */
    private static final int ENVELOPE_BYTES_MAX = 768 << 10;

    private final Mapping mapping;
    private final @Nullable String fixedTenant;
    private final Instant now;

    /** What became of a line. */
    public sealed interface Result permits Mapped, Rejected {}

    /** An event, and the tenant whose it is. */
    public record Mapped(String tenant, Event event) implements Result {}

    /** There is no event, and this is why. The reason quotes no more than 40 characters of the line. */
    public record Rejected(String reason) implements Result {}

    /**
     * Creates a mapper.
     *
     * @param fixedTenant the tenant of every line, or null if the lines tell
     * @param now by which a missing year is found
     * @throws IllegalArgumentException if that is no name of a tenant
     */
    public LineMapper(Mapping mapping, @Nullable String fixedTenant, Instant now) {
        if (fixedTenant != null) {
            Vault.requireName(fixedTenant);
        }
        this.mapping = mapping;
        this.fixedTenant = fixedTenant;
        this.now = now;
    }

    /** Maps a line without its line feed. Whatever its bytes are, it throws nothing. */
    public Result map(byte[] line) {
        try {
            String text = decode(line);
            JsonNode record = parse(text);
            return event(record, text);
        } catch (UnusableLineException e) {
            return new Rejected(String.valueOf(e.getMessage()));
        }
    }

    private Mapped event(JsonNode record, String original) throws UnusableLineException {
        String tenant = fixedTenant == null ? tenant(record) : fixedTenant;
        TimeText time = time(record);
        List<String> assumed = new ArrayList<>(time.assumed());

        String action = text(Field.ACTION, record, assumed);
        if (action == null) {
            assumed.add("action");
        }
        Event.Builder event = Event.of(action == null ? "unknown" : action)
                .occurredAt(time.instant())
                .outcome(OutcomeSource.first(mapping.outcome(), record))
                .original(original);
        set(text(Field.ID, record, assumed), event::id);
        set(text(Field.REASON, record, assumed), event::reason);
        set(text(Field.SOURCE_IP, record, assumed), event::sourceIp);
        set(text(Field.TARGET, record, assumed), event::target);
        set(text(Field.SHARED_EVENT_ID, record, assumed), event::sharedEventId);
        String service = text(Field.SERVICE, record, assumed);
        set(service == null ? mapping.service() : service, event::service);
        Actor actor = actor(record, assumed);
        if (actor != null) {
            event.actor(actor);
        }
        assumed.forEach(event::assumed);
        return new Mapped(tenant, event.build());
    }

    private String tenant(JsonNode record) throws UnusableLineException {
        String tenant = Source.first(mapping.of(Field.TENANT), record);
        if (tenant == null) {
            throw new UnusableLineException(
                    "no tenant: none where the mapping looks for one; --tenant names one for all lines");
        }
        try {
            Vault.requireName(tenant);
        } catch (IllegalArgumentException e) {
            throw new UnusableLineException("invalid tenant name " + Excerpt.quoted(tenant)
                    + ": expected 1 to 256 characters, no control characters and no lone surrogates, found "
                    + tenant.length() + " characters");
        }
        return tenant;
    }

    private TimeText time(JsonNode record) throws UnusableLineException {
        String text = Source.first(mapping.of(Field.TIME), record);
        if (text == null) {
            throw new UnusableLineException("no time: the line has none where the mapping looks for it");
        }
        try {
            return TimeText.parse(text, mapping.zone(), now);
        } catch (IllegalArgumentException e) {
            throw new UnusableLineException(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Actor actor(JsonNode record, List<String> assumed) throws UnusableLineException {
        String id = text(Field.ACTOR, record, assumed);
        if (id == null) {
            return null;
        }
        Actor actor = Actor.tenant(id);
        if (Condition.any(mapping.privileged(), record)) {
            actor = actor.privileged();
        }
        String other = text(Field.ON_BEHALF_OF, record, assumed);
        return other == null || other.equals(id) ? actor : actor.onBehalfOf(other);
    }

    private @Nullable String text(Field field, JsonNode record, List<String> assumed) throws UnusableLineException {
        String text = Source.first(mapping.of(field), record);
        return text == null ? null : EnvelopeText.fitting(text, field.label, assumed);
    }

    private static void set(@Nullable String text, Consumer<String> setter) {
        if (text != null) {
            setter.accept(text);
        }
    }

    private static String decode(byte[] line) throws UnusableLineException {
        if (line.length > LineReader.LINE_BYTES_MAX) {
            throw new UnusableLineException(
                    "too large: expected at most " + LineReader.LINE_BYTES_MAX + " bytes, found " + line.length);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(line);
        CharBuffer out = CharBuffer.allocate(line.length);
        if (decoder.decode(in, out, true).isError()) {
            throw new UnusableLineException("not UTF-8 at byte " + in.position());
        }
        String text = out.flip().toString();
        if (text.isBlank()) {
            throw new UnusableLineException("empty line");
        }
        requireRoomInRecord(line);
        return text;
    }

    /** A record keeps its original as a JSON string, in which control characters take up to six bytes. */
    private static void requireRoomInRecord(byte[] line) throws UnusableLineException {
        long escaped = line.length;
        for (byte b : line) {
            escaped += switch (b) {
                case '"', '\\', '\t', '\r' -> 1;
                default -> b >= 0 && b < 0x20 ? 5 : 0;
            };
        }
        if (escaped > LogRecord.LINE_BYTES_MAX - ENVELOPE_BYTES_MAX) {
            throw new UnusableLineException(
                    "too large: " + escaped + " bytes once its control characters are escaped in a record");
        }
    }

    private JsonNode parse(String text) throws UnusableLineException {
        String line = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        line = line.startsWith("\ufeff") ? line.substring(1) : line;
        return switch (mapping.input()) {
            case JSON -> json(line);
            case SYSLOG -> SyslogLine.parse(line);
            case AUDITD -> AuditdLine.parse(line);
        };
    }

    private static JsonNode json(String line) throws UnusableLineException {
        JsonNode node;
        try {
            node = Json.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new UnusableLineException(reason(e));
        } catch (NumberFormatException e) {
            // Jackson lets it through, with the number in its message.
            throw new UnusableLineException("JSON beyond limits: a number's exponent has more than ten digits");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new UnusableLineException("not a JSON object");
    }

    /** Jackson's own messages quote the line at length. */
    private static String reason(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        String place =
                e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        if (e instanceof StreamConstraintsException) {
            return "JSON beyond limits" + place + ": nesting to " + Json.DEPTH_MAX + ", numbers of 1000 digits,"
                    + " keys of 50000 characters";
        }
        if (message.startsWith("Duplicate field '")) {
            String name = message.substring(17, Math.max(17, message.length() - 1));
            return "duplicate key " + Excerpt.quoted(name) + " in JSON" + place;
        }
        return "not JSON: " + (message.contains("end-of-input") ? "it ends too early" : "unexpected text") + place;
    }
}
