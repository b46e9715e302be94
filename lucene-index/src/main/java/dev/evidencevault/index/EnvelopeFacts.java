package dev.evidencevault.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.evidencevault.format.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.lucene.util.BytesRef;

/**
 * The exact values by which the records of a block are found: actors, actions, services, outcomes, and whether a privilege
 * was used. They stand in front of a line; what comes behind them is not read. For one thread.
 *
 * <p>A line as the vault writes it is read where it stands; one with an escape in one of the values is parsed.
 */
final class EnvelopeFacts {
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

    /** The writer puts these behind the actor. */
    private static final List<byte[]> BEHIND = List.of(
            ascii("privilege"), ascii("targets"), ascii("source"), ascii("details"), ascii("original"));

    private static final byte[] SERVICE = ascii("service");
    private static final byte[] ACTION = ascii("action");
    private static final byte[] OUTCOME = ascii("outcome");
    private static final byte[] ACTOR = ascii("actor");
    private static final byte[] ID = ascii("id");
    private static final byte[] ON_BEHALF_OF = ascii("onBehalfOf");
    private static final byte[] PRIVILEGED = ascii("privileged");

    private final ByteSet services = new ByteSet();
    private final ByteSet actions = new ByteSet();
    private final ByteSet outcomes = new ByteSet();
    private final ByteSet actors = new ByteSet();
    private boolean privileged;

    // The line that is being read.
    private byte[] line = new byte[0];
    private int at;
    private int end;
    private int from;
    private int to;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Adds the values of a line. */
    void add(byte[] source, int lineFrom, int lineTo) throws IOException {
        line = source;
        at = lineFrom;
        end = lineTo;
        if (!members(false)) {
            parse(Arrays.copyOfRange(source, lineFrom, lineTo));
        }
    }

    /** Reads the members of an object up to those that are behind; says whether it was possible without parsing. */
    private boolean members(boolean ofActor) {
        if (!next('{')) {
            return false;
        }
        while (true) {
            if (!text()) {
                return false;
            }
            int nameFrom = from;
            int nameTo = to;
            if (isBehind(nameFrom, nameTo)) {
                return true;
            }
            if (!next(':') || !value(nameFrom, nameTo, ofActor)) {
                return false;
            }
            if (at < end && line[at] == '}') {
                at++;
                return true;
            }
            if (!next(',')) {
                return false;
            }
        }
    }

    private boolean value(int nameFrom, int nameTo, boolean ofActor) {
        byte b = at < end ? line[at] : 0;
        if (b == '{') {
            return is(ACTOR, nameFrom, nameTo) && !ofActor && members(true);
        }
        if (b != '"') {
            return literal(ofActor && is(PRIVILEGED, nameFrom, nameTo));
        }
        if (!text()) {
            return false;
        }
        if (ofActor) {
            if (is(ID, nameFrom, nameTo) || is(ON_BEHALF_OF, nameFrom, nameTo)) {
                actors.add(line, from, to);
            }
        } else if (is(SERVICE, nameFrom, nameTo)) {
            services.add(line, from, to);
        } else if (is(ACTION, nameFrom, nameTo)) {
            actions.add(line, from, to);
        } else if (is(OUTCOME, nameFrom, nameTo)) {
            outcomes.add(line, from, to);
        }
        return true;
    }

    /** Passes over a number or a truth value. */
    private boolean literal(boolean saysPrivileged) {
        int begin = at;
        while (at < end && line[at] != ',' && line[at] != '}' && line[at] != '[') {
            at++;
        }
        if (saysPrivileged && is(TRUE, begin, at)) {
            privileged = true;
        }
        return at > begin && at < end && line[at] != '[';
    }

    private boolean next(char c) {
        if (at < end && line[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Reads a text without escapes. */
    private boolean text() {
        if (!next('"')) {
            return false;
        }
        from = at;
        while (at < end && line[at] != '"') {
            if (line[at] == '\\') {
                return false;
            }
            at++;
        }
        to = at;
        return next('"');
    }

    private boolean is(byte[] name, int nameFrom, int nameTo) {
        return Arrays.equals(line, nameFrom, nameTo, name, 0, name.length);
    }

    private boolean isBehind(int nameFrom, int nameTo) {
        for (byte[] name : BEHIND) {
            if (is(name, nameFrom, nameTo)) {
                return true;
            }
        }
        return false;
    }

    private void parse(byte[] copy) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(copy)) {
            parser.nextToken();
            boolean unread = true;
            while (unread && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "service" -> put(services, parser.getText());
                    case "action" -> put(actions, parser.getText());
                    case "outcome" -> put(outcomes, parser.getText());
                    case "actor" -> actor(parser);
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
                put(actors, parser.getText());
            } else if (name.equals("privileged") && value == JsonToken.VALUE_TRUE) {
                privileged = true;
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void put(ByteSet values, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        values.add(bytes, 0, bytes.length);
    }

    /** Gives each value once, with its field; the arrays are shared and not to be changed. */
    void forEach(BiConsumer<String, BytesRef> consumer) {
        services.forEach(value -> consumer.accept(IndexFields.SERVICE, value));
        actions.forEach(value -> consumer.accept(IndexFields.ACTION, value));
        outcomes.forEach(value -> consumer.accept(IndexFields.OUTCOME, value));
        actors.forEach(value -> consumer.accept(IndexFields.ACTOR, value));
        if (privileged) {
            consumer.accept(IndexFields.PRIVILEGED, new BytesRef(TRUE));
        }
    }
}
