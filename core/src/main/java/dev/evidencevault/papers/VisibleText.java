package dev.evidencevault.papers;

import java.util.Locale;

/**
 * Text that shows what is in it: a character that would not be seen, or that would move what stands around it, is shown as
 * its number, {@code ⟦U+202E⟧}. The character {@code ⟦} itself is shown so too, so that the text can be told from what is
 * shown, character for character.
 */
final class VisibleText {
    /** What opens the number of a character, or how many characters were left out. */
    static final char OPEN = '\u27e6';

    static final char CLOSE = '\u27e7';

    /** Letters that are drawn as nothing: fillers of Hangul and the blank of Braille. */
    private static final String BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0";

    private VisibleText() {}

    /** Returns all of a text. */
    static String of(String text) {
        return of(text, Integer.MAX_VALUE);
    }

    /**
     * Returns a text as far as it fits, then how many of its characters (code points) are left out: {@code ⟦+123⟧}.
     *
     * @param charsMax how many UTF-16 code units there are at most before that
     */
    static String of(String text, int charsMax) {
        if (text.length() <= charsMax && isPlain(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(Math.min(text.length(), charsMax) + 16);
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            String part = isHidden(c) ? number(c) : Character.toString(c);
            if (shown.length() + part.length() > charsMax) {
                return shown.append(OPEN)
                        .append('+')
                        .append(text.codePointCount(at, text.length()))
                        .append(CLOSE)
                        .toString();
            }
            shown.append(part);
            at += Character.charCount(c);
        }
        return shown.toString();
    }

    /** Says whether all of a text is what every screen shows: most is, and it need not be looked up. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String number(int c) {
        return OPEN + String.format(Locale.ROOT, "U+%04X", c) + CLOSE;
    }

    private static boolean isHidden(int c) {
        if (c == OPEN || BLANK_LETTERS.indexOf(c) >= 0 || (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> c != ' ' && c != '\u3000';
            default -> false;
        };
    }
}
