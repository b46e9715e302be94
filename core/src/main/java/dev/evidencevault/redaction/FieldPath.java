package dev.evidencevault.redaction;

import dev.evidencevault.format.LogRecord;
import java.util.List;
import java.util.Set;

/**
 * Where in a record what is to be withheld stands: a JSON Pointer (RFC 6901) of one or two reference tokens. Immutable.
 *
 * @param tokens the name of a member of the line, and the name or index of an entry of that
 */
public record FieldPath(List<String> tokens) {
    private static final Set<String> MEMBERS = Set.of(
            "service",
            "action",
            "reason",
            "actor",
            "privilege",
            "targets",
            "source",
            "sharedEventId",
            "assumed",
            "details",
            "original");

    private static final Set<List<String>> ALWAYS_SHOWN =
            Set.of(List.of("actor", "side"), List.of("actor", "privileged"));

    /**
     * Checks the tokens.
     *
     * @throws IllegalArgumentException if nothing that can be withheld stands there in any record
     */
    public FieldPath {
        tokens = List.copyOf(tokens);
        if (tokens.isEmpty() || tokens.size() > 2) {
            throw new IllegalArgumentException(
                    "expected a path of one or two names, as /reason or /details/name, found " + tokens.size());
        }
        if (!MEMBERS.contains(tokens.get(0)) || ALWAYS_SHOWN.contains(tokens)) {
            throw new IllegalArgumentException("what stands at " + format(tokens)
                    + " is always shown; what can be withheld is "
                    + String.join(
                            ", ",
                            MEMBERS.stream().sorted().map(name -> "/" + name).toList())
                    + ", and what is in these but /actor/side and /actor/privileged");
        }
    }

    /**
     * Parses a JSON Pointer.
     *
     * @throws IllegalArgumentException if it is none, or nothing that can be withheld stands there in any record
     */
    public static FieldPath parse(String pointer) {
        if (!pointer.startsWith("/") || pointer.length() > LogRecord.TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("expected a path like /details/name, found \"" + pointer + '"');
        }
        List<String> tokens = List.of(pointer.substring(1).split("/", -1)).stream()
                .map(FieldPath::unescape)
                .toList();
        return new FieldPath(tokens);
    }

    private static String unescape(String token) {
        for (int i = token.indexOf('~'); i >= 0; i = token.indexOf('~', i + 1)) {
            char next = i + 1 < token.length() ? token.charAt(i + 1) : ' ';
            if (next != '0' && next != '1') {
                throw new IllegalArgumentException("a ~ in a path is spelled ~0 and a / in a name ~1, found ~" + next);
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static String format(List<String> tokens) {
        StringBuilder pointer = new StringBuilder();
        tokens.forEach(
                token -> pointer.append('/').append(token.replace("~", "~0").replace("/", "~1")));
        return pointer.toString();
    }

    /** Says whether a value stands at this path, or within what stands there. */
    boolean covers(List<String> value) {
        return tokens.size() <= value.size() && value.subList(0, tokens.size()).equals(tokens);
    }

    /** Says whether what stands at this path may be within a value. */
    boolean isWithin(List<String> value) {
        return value.size() < tokens.size() && tokens.subList(0, value.size()).equals(value);
    }

    /** Returns the JSON Pointer. */
    @Override
    public String toString() {
        return format(tokens);
    }
}
