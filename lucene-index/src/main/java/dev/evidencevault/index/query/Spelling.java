package dev.evidencevault.index.query;

import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;

/** How values are spelled: as they are if nothing in them has a meaning of its own, otherwise in quotation marks. */
final class Spelling {
    private static final String PLAIN = "._-/@+#:%,;&'!$[]{}|";

    private Spelling() {}

    /** Says whether a character can stand in a value without quotation marks wherever it is. */
    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || c < 0x80 && PLAIN.indexOf(c) >= 0;
    }

    static String of(String value) {
        if (!value.isEmpty() && value.codePoints().allMatch(Spelling::isPlain)) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Requires that a value can be asked for. */
    static void requireValue(String field, String value, boolean mayBeEmpty) {
        if (value.isEmpty() && !mayBeEmpty || value.length() > LogRecord.TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("expected 1 to " + LogRecord.TEXT_CHARS_MAX + " characters for " + field
                    + ", found " + value.length());
        }
        if (Json.hasHalfPair(value)) {
            throw new IllegalArgumentException("expected Unicode text for " + field + ", found half a surrogate pair");
        }
    }
}
