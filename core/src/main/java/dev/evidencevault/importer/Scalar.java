package dev.evidencevault.importer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What is common to sources and conditions: pointers (RFC 6901), the text of a value, regular expressions. */
final class Scalar {
    /** Of a text, no more characters than these are searched by a regular expression. */
    static final int SEARCHED_CHARS_MAX = 8192;

    private static final int POINTER_CHARS_MAX = 1000;

    private Scalar() {}

    /** Returns the text of a string, number or boolean; null for everything else and for the empty string. */
    static @Nullable String text(JsonNode node) {
        if (!node.isValueNode() || node.isNull()) {
            return null;
        }
        String text = node.asText();
        return text.isEmpty() ? null : text;
    }

    static JsonPointer pointer(JsonNode node, String where) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(
                    "expected a JSON pointer as a text in " + where + ", found " + describe(node));
        }
        String text = node.textValue();
        boolean valid = text.length() <= POINTER_CHARS_MAX && text.startsWith("/");
        for (int i = 0; valid && i < text.length(); i++) {
            valid = text.charAt(i) != '~' || i + 1 < text.length() && "01".indexOf(text.charAt(i + 1)) >= 0;
        }
        if (!valid) {
            throw new IllegalArgumentException("expected a JSON pointer such as \"/user/name\" in " + where
                    + " (RFC 6901: it begins with /, and ~ is written ~0), found " + Excerpt.quoted(text));
        }
        return JsonPointer.compile(text);
    }

    static Pattern pattern(JsonNode node, String where) {
        String text = string(node, where);
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "expected a regular expression in " + where + ", found " + Excerpt.quoted(text) + ": "
                            + e.getDescription() + " at position " + e.getIndex(),
                    e);
        }
    }

    static String string(JsonNode node, String where) {
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw new IllegalArgumentException("expected a text in " + where + ", found " + describe(node));
        }
        return node.textValue();
    }

    /** Returns the text of a string, number or boolean of a mapping. */
    static String scalar(JsonNode node, String where) {
        String text = text(node);
        if (text == null) {
            throw new IllegalArgumentException(
                    "expected a text, number or boolean in " + where + ", found " + describe(node));
        }
        return text;
    }

    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case NULL -> "null";
            case OBJECT -> "an object";
            case ARRAY -> node.isEmpty() ? "an empty array" : "an array";
            default -> Excerpt.quoted(node.asText());
        };
    }

    /** Searches the beginning of a text. */
    static @Nullable Matcher find(Pattern pattern, String text) throws UnusableLineException {
        Matcher matcher =
                pattern.matcher(text.length() > SEARCHED_CHARS_MAX ? text.substring(0, SEARCHED_CHARS_MAX) : text);
        try {
            return matcher.find() ? matcher : null;
        } catch (StackOverflowError e) {
            // Java's matcher recurses once a round for groups under a star.
            throw new UnusableLineException("the regular expression " + Excerpt.quoted(pattern.pattern())
                    + " recurses too deeply on a text of this line; write it without alternatives under a star");
        }
    }
}
