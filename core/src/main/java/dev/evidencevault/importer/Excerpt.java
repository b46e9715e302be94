package dev.evidencevault.importer;

/** Short pieces of what was found, for reasons and errors: long ones could carry secrets out of the log. */
final class Excerpt {
    private static final int CHARS_MAX = 40;

    private Excerpt() {}

    /** Returns the beginning of a text in quotation marks, control characters and lone surrogates replaced. */
    static String quoted(String text) {
        StringBuilder s = new StringBuilder("\"");
        String cut = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
        cut.codePoints()
                .map(c -> Character.isISOControl(c) || c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
                .forEach(s::appendCodePoint);
        return s.append(text.length() > CHARS_MAX ? "…\"" : "\"").toString();
    }
}
