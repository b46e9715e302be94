package dev.evidencevault.importer;

import dev.evidencevault.Event;
import dev.evidencevault.format.Json;
import java.util.List;

/** Fits texts of the source into the fields of an event; the original keeps what is lost by it. */
final class EnvelopeText {
    private EnvelopeText() {}

    /** Returns the text, cut and with lone surrogates replaced as needed, and notes each in the assumptions. */
    static String fitting(String text, String field, List<String> assumed) {
        String fitting = text;
        if (fitting.length() > Event.TEXT_CHARS_MAX) {
            int end = Event.TEXT_CHARS_MAX - 1;
            fitting = fitting.substring(0, Character.isHighSurrogate(fitting.charAt(end - 1)) ? end - 1 : end) + "…";
            assumed.add("truncated " + field);
        }
        if (!isWellFormed(fitting)) {
            StringBuilder replaced = new StringBuilder(fitting.length());
            fitting.codePoints().map(c -> isSurrogate(c) ? 0xfffd : c).forEach(replaced::appendCodePoint);
            fitting = replaced.toString();
            assumed.add("replaced characters in " + field);
        }
        return fitting;
    }

    /** Says whether a text can be written in UTF-8. */
    static boolean isWellFormed(String text) {
        return !Json.hasHalfPair(text);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= 0xd800 && codePoint <= 0xdfff;
    }
}
