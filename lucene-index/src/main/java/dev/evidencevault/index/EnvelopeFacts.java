package dev.evidencevault.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The exact values by which the records of a block are found: actors, actions, services, outcomes, and whether a privilege
 * was used. They stand in front of a line; what comes behind them is not read. For one thread.
 */
final class EnvelopeFacts {
    private final Map<String, Set<String>> values = new TreeMap<>();

    /** Adds the values of a line. */
    void add(byte[] line) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(line)) {
            parser.nextToken();
            boolean unread = true;
            while (unread && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "service" -> put(IndexFields.SERVICE, parser.getText());
                    case "action" -> put(IndexFields.ACTION, parser.getText());
                    case "outcome" -> put(IndexFields.OUTCOME, parser.getText());
                    case "actor" -> actor(parser);
                    // The writer puts these behind the actor.
                    case "privilege", "targets", "source", "details", "original" -> unread = false;
                    default -> parser.skipChildren();
                }
            }
        }
    }

    private void actor(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id") || name.equals("onBehalfOf")) {
                put(IndexFields.ACTOR, parser.getText());
            } else if (name.equals("privileged") && value == JsonToken.VALUE_TRUE) {
                put(IndexFields.PRIVILEGED, "true");
            } else {
                parser.skipChildren();
            }
        }
    }

    private void put(String field, String value) {
        values.computeIfAbsent(field, key -> new TreeSet<>()).add(value);
    }

    /** Returns the values by field. */
    Map<String, Set<String>> values() {
        return values;
    }
}
