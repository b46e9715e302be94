package dev.evidencevault.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.apache.lucene.util.BytesRef;

/**
 * What the records of a block are found by: the exact values of actors, sides, actions, services and outcomes, whether a
 * privilege was used, and words. For one thread.
 *
 * <p>A line as the vault writes it has the envelope in front, and is read where it stands: values that came before add no
 * word again. A line with an escape in the envelope is parsed.
 */
final class BlockFacts {
    private static final byte[] NO_BYTES = {};
    private static final byte[] TRUE = ascii("true");

    // What stands between the values that every line begins with.
    private static final byte[] BEFORE_SEQ = ascii("{\"v\":1,\"seq\":");
    private static final byte[] BEFORE_RECORDED_AT = ascii(",\"recordedAt\":\"");
    private static final byte[] BEFORE_ID = ascii("\",\"type\":\"event\",\"id\":\"");
    private static final byte[] BEFORE_ACTION = ascii("\",");
    private static final int TIME_CHARS = Timestamps.CHARS;

    // Names of members, their first eight bytes as a number.
    private static final long ID = name("id");
    private static final long SERVICE = name("service");
    private static final long ACTION = name("action");
    private static final long OUTCOME = name("outcome");
    private static final long ACTOR = name("actor");
    private static final long SIDE = name("side");
    private static final long ON_BEHALF_OF = name("onBehalfOf");
    private static final long PRIVILEGED = name("privileged");
    private static final long V = name("v");
    private static final long SEQ = name("seq");
    private static final long RECORDED_AT = name("recordedAt");
    private static final long OCCURRED_AT = name("occurredAt");
    private static final long TYPE = name("type");

    // The writer puts these behind the actor.
    private static final long PRIVILEGE = name("privilege");
    private static final long TARGETS = name("targets");
    private static final long SOURCE = name("source");
    private static final long SHARED_EVENT_ID = name("sharedEventId");
    private static final long ASSUMED = name("assumed");
    private static final long DETAILS = name("details");
    private static final long ORIGINAL = name("original");
    private static final long GAP = name("gap");
    private static final long CHANGE = name("change");

    private final WordFilter words = new WordFilter();
    private final ByteSet services = new ByteSet();
    private final ByteSet actions = new ByteSet();
    private final ByteSet outcomes = new ByteSet();
    private final ByteSet actors = new ByteSet();
    private final ByteSet sides = new ByteSet();
    private final ByteSet others = new ByteSet();

    /** From the name of the action to the brace that opens the actor, as they stand in a line. */
    private final ByteSet heads = new ByteSet();

    /** From behind that brace to the one that closes the actor. */
    private final ByteSet actorMembers = new ByteSet();

    /** What stood between id and the time of the line before. */
    private byte[] lastMiddle = NO_BYTES;

    private boolean privileged;

    /** How many lines have a front that was kept. */
    private int fronted;

    // The line that is being read.
    private byte[] line = NO_BYTES;
    private int at;
    private int end;
    private int from;
    private int to;
    private int idEnd;
    private int actionAt;
    private int actorFrom;
    private int actorEnd;
    private boolean needsParsing;

    /** Forgets the lines, for those of another block. */
    void clear() {
        words.clear();
        for (ByteSet set : List.of(services, actions, outcomes, actors, sides, others, heads, actorMembers)) {
            set.clear();
        }
        lastMiddle = NO_BYTES;
        privileged = false;
        fronted = 0;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long name(String text) {
        byte[] bytes = ascii(text);
        return AsciiChunk.load(bytes, 0, bytes.length) ^ bytes.length;
    }

    /** Adds a line. */
    void add(byte[] source, int lineFrom, int lineTo) throws IOException {
        line = source;
        at = lineFrom;
        end = lineTo;
        needsParsing = false;
        if (!knownFront() && !wholeFront(lineFrom)) {
            parse(Arrays.copyOfRange(source, lineFrom, lineTo));
            words.add(source, lineFrom, lineTo);
            return;
        }
        needsParsing |= words.addRuns(source, at, lineTo, false);
        if (needsParsing) {
            words.addParsed(source, lineFrom, lineTo);
        }
    }

    /**
     * Reads the front of a line whose parts came before: tenant and service as in the line before, and action and outcome as in some
     * line of the block. Says whether that was possible.
     */
    private boolean knownFront() {
        if (!passes(BEFORE_SEQ)) {
            return false;
        }
        while (at < end && line[at] >= '0' && line[at] <= '9') {
            at++;
        }
        if (!passes(BEFORE_RECORDED_AT)) {
            return false;
        }
        at += TIME_CHARS;
        if (!passes(BEFORE_ID)) {
            return false;
        }
        int idFrom = at;
        int uuidTo = at + WordFilter.UUID_CHARS;
        boolean uuid = uuidTo < end && line[uuidTo] == '"' && words.addUuid(line, at);
        int idTo = uuid ? uuidTo : AsciiChunk.textEnd(line, at, end);
        at = idTo;
        if (!passes(lastMiddle)) {
            return false;
        }
        at += TIME_CHARS;
        if (!passes(BEFORE_ACTION)) {
            return false;
        }
        int open = find('{', at);
        int close = find('}', open);
        int head = close == end ? -1 : heads.entry(line, at, open + 1);
        if (head < 0) {
            return false;
        }
        int actor = actorMembers.entry(line, open + 1, close + 1);
        at = open + 1;
        if (actor >= 0) {
            actorMembers.count(actor);
            at = close + 1;
        } else if (members(true) && at == close + 1) {
            actorMembers.add(line, open + 1, at);
        } else {
            return false;
        }
        heads.count(head);
        fronted++;
        if (!uuid) {
            needsParsing |= words.addRuns(line, idFrom, idTo, true);
        }
        return true;
    }

    /** Returns where a byte stands first from a place on; the end of the line if nowhere. */
    private int find(char wanted, int begin) {
        return AsciiChunk.find(line, wanted, begin, end);
    }

    private boolean passes(byte[] expected) {
        int next = at + expected.length;
        if (next > end || !Arrays.equals(line, at, next, expected, 0, expected.length)) {
            return false;
        }
        at = next;
        return true;
    }

    /** Reads the front of a line member by member, and remembers its parts; says whether it was possible. */
    private boolean wholeFront(int lineFrom) {
        at = lineFrom;
        needsParsing = false;
        idEnd = -1;
        actionAt = -1;
        actorFrom = -1;
        actorEnd = -1;
        if (!next('{') || !members(false)) {
            return false;
        }
        int middleTo = actionAt - TIME_CHARS - BEFORE_ACTION.length;
        if (idEnd >= 0 && middleTo > idEnd) {
            lastMiddle = Arrays.copyOfRange(line, idEnd, middleTo);
        }
        if (actionAt >= 0
                && actorFrom > actionAt
                && find('{', actionAt) == actorFrom - 1
                && find('}', actorFrom - 1) == actorEnd - 1) {
            heads.add(line, actionAt, actorFrom);
            actorMembers.add(line, actorFrom, actorEnd);
            fronted++;
        }
        return true;
    }

    /** Reads the members of an object up to those that are behind; says whether it was possible without parsing. */
    private boolean members(boolean ofActor) {
        while (true) {
            int begin = at;
            if (!text()) {
                return false;
            }
            long name = AsciiChunk.load(line, from, to) ^ to - from;
            if (!ofActor && isBehind(name)) {
                at = begin;
                return true;
            }
            if (!ofActor && name == ACTION) {
                actionAt = begin;
            }
            if (!next(':') || !value(name, ofActor)) {
                return false;
            }
            if (next('}')) {
                actorEnd = ofActor ? at : actorEnd;
                return true;
            }
            if (!next(',')) {
                return false;
            }
        }
    }

    private static boolean isBehind(long name) {
        return name == TARGETS
                || name == PRIVILEGE
                || name == SOURCE
                || name == SHARED_EVENT_ID
                || name == ASSUMED
                || name == DETAILS
                || name == ORIGINAL
                || name == GAP
                || name == CHANGE;
    }

    private boolean value(long name, boolean ofActor) {
        byte b = at < end ? line[at] : 0;
        if (b == '{') {
            actorFrom = at + 1;
            return name == ACTOR && !ofActor && next('{') && members(true);
        }
        if (b != '"') {
            return literal(ofActor && name == PRIVILEGED, name == V || name == SEQ || ofActor);
        }
        if (!text()) {
            return false;
        }
        if (!ofActor && (name == RECORDED_AT || name == OCCURRED_AT || name == TYPE)) {
            return true;
        }
        if (!ofActor && name == ID) {
            idEnd = to;
        }
        if (!ofActor && name == ID || set(name, ofActor).add(line, from, to)) {
            needsParsing |= words.addRuns(line, from, to, true);
        }
        return true;
    }

    private ByteSet set(long name, boolean ofActor) {
        if (ofActor) {
            return name == ID || name == ON_BEHALF_OF ? actors : name == SIDE ? sides : others;
        }
        return name == SERVICE ? services : name == ACTION ? actions : name == OUTCOME ? outcomes : others;
    }

    /** Passes over a number or a truth value that is known not to be searched. */
    private boolean literal(boolean saysPrivileged, boolean known) {
        int begin = at;
        while (at < end && line[at] != ',' && line[at] != '}' && line[at] != '[') {
            at++;
        }
        if (saysPrivileged && Arrays.equals(line, begin, at, TRUE, 0, TRUE.length)) {
            privileged = true;
        }
        if (saysPrivileged && others.add(line, begin, at)) {
            needsParsing |= words.addRuns(line, begin, at, true);
        }
        return known && at > begin && at < end && line[at] != '[';
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
        at = AsciiChunk.textEnd(line, at, end);
        to = at;
        return next('"');
    }

    private void parse(byte[] copy) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(copy)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "service" -> put(services, parser.getText());
                    case "action" -> put(actions, parser.getText());
                    case "outcome" -> put(outcomes, parser.getText());
                    case "actor" -> actor(parser);
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
            } else if (name.equals("side") && value == JsonToken.VALUE_STRING) {
                put(sides, parser.getText());
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

    /**
     * Gives each value once, with its field, and folded as well where that differs; the arrays are shared and not to be
     * changed.
     */
    void forEach(BiConsumer<String, BytesRef> consumer) {
        forEach(IndexFields.SERVICE, services, consumer);
        forEach(IndexFields.ACTION, actions, consumer);
        forEach(IndexFields.OUTCOME, outcomes, consumer);
        forEach(IndexFields.SIDE, sides, consumer);
        forEach(IndexFields.ACTOR, actors, consumer);
        if (privileged) {
            consumer.accept(IndexFields.PRIVILEGED, new BytesRef(TRUE));
        }
    }

    /** Gives each way in which action and outcome stand in lines, up to the brace of the actor, with how many lines have it. */
    void forEachHead(ObjIntConsumer<BytesRef> consumer) {
        heads.forEachCounted(consumer);
    }

    /** Gives each way in which an actor stands in lines, from behind the brace, with how many lines have it. */
    void forEachActor(ObjIntConsumer<BytesRef> consumer) {
        actorMembers.forEachCounted(consumer);
    }

    /** Returns how many lines {@link #forEachHead} and {@link #forEachActor} tell of; the others have another form. */
    int fronted() {
        return fronted;
    }

    private static void forEach(String field, ByteSet values, BiConsumer<String, BytesRef> consumer) {
        values.forEach(value -> {
            consumer.accept(field, value);
            String folded = IndexFields.isFolded(value) ? null : IndexFields.folded(value.utf8ToString());
            if (folded != null) {
                consumer.accept(field + IndexFields.FOLDED, new BytesRef(folded));
            }
        });
    }

    /** Returns the filter of the words. */
    byte[] wordFilter() {
        return words.toBytes();
    }
}
