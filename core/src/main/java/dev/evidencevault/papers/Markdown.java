package dev.evidencevault.papers;

/** Text that stands for itself within a line of Markdown (CommonMark), in a table too, whatever it holds. */
final class Markdown {
    /** Where a text is cut, so that a page can be printed. */
    private static final int CHARS_MAX = 1_200;

    /** What means something within a line; what means something at its start does not come to stand there. */
    private static final String MARKS = "\\`*_[]|~$@";

    private Markdown() {}

    /** Returns a text of the order or of a record. */
    static String text(String value) {
        return text(value, CHARS_MAX);
    }

    /** Returns a text of the order or of a record, as far as it fits into as many characters. */
    static String text(String value, int charsMax) {
        String shown = VisibleText.of(value, charsMax);
        StringBuilder escaped = new StringBuilder(shown.length() + 16);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                default -> {
                    if (MARKS.indexOf(c) >= 0 || linksAt(shown, i)) {
                        escaped.append('\\');
                    }
                    escaped.append(c);
                }
            }
        }
        return escaped.toString();
    }

    /** Says whether an address would begin or go on here that some readers make a link of. */
    private static boolean linksAt(String text, int at) {
        return text.startsWith("://", at) || text.regionMatches(true, at - 3, "www.", 0, 4);
    }
}
