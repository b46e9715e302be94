package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** JSON in UTF-8 on one line. Half a surrogate pair, which a record may hold as an escape, is written as an escape again. */
final class JsonText {
    private JsonText() {}

    /** Returns the bytes of a value, without a line feed. */
    static byte[] bytes(JsonNode node) {
        String text = node.toString();
        if (!Json.hasHalfPair(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder whole = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            if (isHalf(c)) {
                whole.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                whole.appendCodePoint(c);
            }
            at += Character.charCount(c);
        }
        return whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
