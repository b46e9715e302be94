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
}
