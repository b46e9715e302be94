package dev.evidencevault.index.text;

import java.text.Normalizer;

/**
 * Makes one of texts that differ in case and width only: compatibility-normalised (NFKC, Unicode Standard Annex 15), then
 * each code point in lower case. Records are never changed by it; both sides of a comparison are.
 */
public final class Folding {
    private Folding() {}

    /** Returns the folded text. */
    public static String fold(String text) {
        if (isFolded(text)) {
            return text;
        }
        String normal = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder folded = new StringBuilder(normal.length());
        for (int i = 0; i < normal.length(); ) {
            int c = normal.codePointAt(i);
            i += Character.charCount(c);
            folded.appendCodePoint(Character.toLowerCase(c));
        }
        return folded.toString();
    }

    /** Says whether a text is of ASCII without capitals. */
    private static boolean isFolded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c >= 'A' && c <= 'Z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
