package dev.evidencevault.index.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.LogRecord;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The texts by which a record is found: all its values but times, numbers of the log and its kind; the names of details; and
 * its original, where that is JSON with the escapes resolved.
 */
public final class SearchedTexts {
    private static final Set<String> NOT_SEARCHED = Set.of("v", "seq", "recordedAt", "type", "occurredAt", "original");

    private SearchedTexts() {}

    /** Says whether any text of a record is wanted; asks no further once one is. */
    public static boolean any(LogRecord record, Predicate<String> wanted) {
        for (Map.Entry<String, JsonNode> member : record.json().properties()) {
            if (!NOT_SEARCHED.contains(member.getKey())
                    && any(member.getValue(), member.getKey().equals("details"), wanted)) {
                return true;
            }
        }
        String original = record.original();
        return original != null && wanted.test(original.startsWith("{") ? unescaped(original) : original);
    }

    private static boolean any(JsonNode node, boolean names, Predicate<String> wanted) {
        if (node.isValueNode()) {
            return !node.isNull() && wanted.test(node.asText());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (names && wanted.test(member.getKey()) || any(member.getValue(), names, wanted)) {
                return true;
            }
        }
        for (JsonNode element : node) {
            if (node.isArray() && any(element, names, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The text of a JSON document with its escapes resolved. */
    private static String unescaped(String json) {
        if (json.indexOf('\\') < 0) {
            return json;
        }
        StringBuilder text = new StringBuilder(json.length());
        int i = 0;
        while (i < json.length()) {
            char c = json.charAt(i);
            int unit = c == '\\' && json.startsWith("u", i + 1) ? hex(json, i + 2) : -1;
            if (unit >= 0) {
                text.append((char) unit);
                i += 6;
            } else if (c == '\\') {
                text.append(i + 1 < json.length() ? single(json.charAt(i + 1)) : ' ');
                i += 2;
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    /** What a character behind a backslash stands for; never a letter or digit, so that it ends a word. */
    private static char single(char escaped) {
        return switch (escaped) {
            case '"', '\\', '/' -> escaped;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> ' ';
        };
    }

    private static int hex(String json, int from) {
        if (from + 4 > json.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
