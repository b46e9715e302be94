package dev.evidencevault.cli;

/** Text for a terminal. */
final class Text {
    private Text() {}

    /** Breaks a text into lines of at most so many columns, each behind an indent; a longer word stands alone. */
    static String wrap(String text, String indent, int columns) {
        StringBuilder out = new StringBuilder(indent);
        int at = indent.length();
        for (String word : text.split(" ", -1)) {
            if (at > indent.length() && at + 1 + word.length() > columns) {
                out.append(System.lineSeparator()).append(indent);
                at = indent.length();
            } else if (at > indent.length()) {
                out.append(' ');
                at++;
            }
            out.append(word);
            at += word.length();
        }
        return out.toString();
    }

    /** Returns how many columns a text takes on a terminal: characters of East Asia take two. */
    static int columns(String text) {
        return text.codePoints().map(Text::columns).sum();
    }

    private static int columns(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        // The wide and full-width ranges of Unicode Standard Annex 11, as far as they have letters and signs.
        boolean wide = c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF && c != 0x303F
                || c >= 0xA960 && c <= 0xA97C
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F
                || c >= 0xFF01 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1F64F
                || c >= 0x1F900 && c <= 0x1F9FF
                || c >= 0x20000 && c <= 0x3FFFD;
        return wide ? 2 : 1;
    }

    /**
     * Returns a text in exactly so many columns: filled with spaces, or cut with a sign that it was. What is kept is the end,
     * since long names (paths, ARNs) tell themselves apart there.
     */
    static String padded(String text, int columns) {
        int all = columns(text);
        if (all <= columns) {
            return text + " ".repeat(columns - all);
        }
        int from = text.length();
        int taken = 0;
        while (from > 0) {
            int c = text.codePointBefore(from);
            if (taken + columns(c) > columns - 1) {
                break;
            }
            taken += columns(c);
            from -= Character.charCount(c);
        }
        return '\u2026' + text.substring(from) + " ".repeat(columns - 1 - taken);
    }
}
