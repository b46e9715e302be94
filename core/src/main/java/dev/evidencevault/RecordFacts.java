package dev.evidencevault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.segment.Pseudonyms;
import dev.evidencevault.segment.RecordBlock.Tags;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf header says of a record, read from the front of its line: the writer puts it there, and recovery needs no
 * more of a line that was authenticated. Immutable.
 */
record RecordFacts(
        long seq,
        long recordedAt,
        long occurredAt,
        RecordKind kind,
        boolean privileged,
        @Nullable String service,
        @Nullable String actor,
        @Nullable String onBehalfOf) {

    /** Does not look for duplicate members: whoever wrote the line did. */
    private static final JsonFactory FACTORY = new JsonFactory();

    /**
     * Reads the facts of a line.
     *
     * @throws IllegalArgumentException if it is not a record as the vault writes it
     */
    static RecordFacts of(byte[] line) {
        RecordFacts quick = QuickFacts.of(line);
        return quick != null ? quick : parsed(line);
    }

    /** Reads the facts of a line that is spelled in any way, by parsing it. */
    static RecordFacts parsed(byte[] line) {
        try (JsonParser parser = FACTORY.createParser(line)) {
            return new Reading(parser).facts();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a record: " + e.getMessage(), e);
        }
    }

    /** Returns the pseudonyms under which the record is counted. */
    Tags tags(Pseudonyms pseudonyms) {
        Tag first = actor == null ? null : pseudonyms.actor(actor);
        Tag second = onBehalfOf == null || onBehalfOf.equals(actor) ? null : pseudonyms.actor(onBehalfOf);
        return first == null
                ? new Tags(pseudonyms.service(service), second, null)
                : new Tags(pseudonyms.service(service), first, second);
    }

    private static final class Reading {
        private static final List<String> AFTER_ACTOR = List.of(
                "privilege", "targets", "source", "sharedEventId", "assumed", "details", "original", "gap", "change");

        private final JsonParser parser;
        private long seq = -1;
        private @Nullable String recordedAt;
        private @Nullable String occurredAt;
        private @Nullable RecordKind kind;
        private boolean privileged;
        private @Nullable String service;
        private @Nullable String actor;
        private @Nullable String onBehalfOf;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        RecordFacts facts() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (AFTER_ACTOR.contains(name)) {
                    break;
                }
                parser.nextToken();
                member(name);
            }
            if (recordedAt == null || occurredAt == null || kind == null || kind == RecordKind.SEAL || seq < 0) {
                throw new IllegalArgumentException("expected seq, recordedAt, type and occurredAt of a record");
            }
            return new RecordFacts(
                    seq,
                    Timestamps.parse(recordedAt),
                    Timestamps.parse(occurredAt),
                    kind,
                    privileged,
                    service,
                    actor,
                    onBehalfOf);
        }

        private void member(String name) throws IOException {
            switch (name) {
                case "v" -> {
                    if (parser.getIntValue() != 1) {
                        throw new IllegalArgumentException("expected a record of version 1");
                    }
                }
                case "seq" -> seq = parser.getLongValue();
                case "recordedAt" -> recordedAt = parser.getText();
                case "occurredAt" -> occurredAt = parser.getText();
                case "type" -> kind = RecordKind.ofLabel(parser.getText());
                case "service" -> service = parser.getText();
                case "actor" -> actor();
                default -> parser.skipChildren();
            }
        }

        private void actor() throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "id" -> actor = parser.getText();
                    case "onBehalfOf" -> onBehalfOf = parser.getText();
                    case "privileged" -> privileged = value == JsonToken.VALUE_TRUE;
                    default -> parser.skipChildren();
                }
            }
        }
    }

    /** Returns the facts of a record that was parsed as a whole; for comparison. */
    static RecordFacts of(LogRecord record) {
        List<String> ids = record.actorIds();
        return new RecordFacts(
                record.seq(),
                record.recordedAt(),
                record.occurredAt(),
                record.kind(),
                record.privileged(),
                record.service(),
                ids.isEmpty() ? null : ids.get(0),
                ids.size() < 2 ? null : ids.get(1));
    }
}
