package dev.evidencevault.index.text;

import dev.evidencevault.format.LogRecord;
import java.util.HashSet;
import java.util.Set;

/**
 * The words of folded texts: runs of letters and digits. Scripts that are written without spaces give pairs of neighbours,
 * and single characters.
 */
public final class Words {
    private final Set<String> words = new HashSet<>();
    private final StringBuilder word = new StringBuilder();
    private int previousIdeograph = -1;
    private boolean pairEnded = true;
    private final boolean single;

    private Words(boolean single) {
        this.single = single;
    }

    /** Returns the words by which a record is found. */
    public static Set<String> of(LogRecord record) {
        Words words = new Words(true);
        SearchedTexts.any(record, text -> {
            words.addText(Folding.fold(text));
            return false;
        });
        return words.words;
    }

    /** Returns the words that a record has to have which has this folded text between others that are no words. */
    public static Set<String> ofWhole(String folded) {
        Words words = new Words(false);
        words.addText(folded);
        return words.words;
    }

    /** Returns the words that a record has to have in which a text begins with this folded one. */
    public static Set<String> ofBeginning(String folded) {
        return ofWhole(folded.substring(0, endOfWhole(folded)));
    }

    /** Returns the words that a record has to have in which this folded text stands, words around it being cut anywhere. */
    public static Set<String> ofPart(String folded) {
        int from = 0;
        while (from < folded.length() && isInWord(folded.codePointAt(from))) {
            from += Character.charCount(folded.codePointAt(from));
        }
        return ofWhole(folded.substring(from, Math.max(from, endOfWhole(folded))));
    }

    /** Where the last word begins if it can go on behind the text. */
    private static int endOfWhole(String folded) {
        int to = folded.length();
        while (to > 0 && isInWord(folded.codePointBefore(to))) {
            to -= Character.charCount(folded.codePointBefore(to));
        }
        return to;
    }

    private void addText(String folded) {
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            i += Character.charCount(c);
            if (isUnspaced(c)) {
                endWord();
                ideograph(c);
            } else if (Character.isLetterOrDigit(c) || isMark(c) && !word.isEmpty()) {
                endIdeographs();
                word.appendCodePoint(c);
            } else {
                endWord();
                endIdeographs();
            }
        }
        endWord();
        endIdeographs();
    }

    /** Says whether a character can belong to a word that is longer than itself. */
    private static boolean isInWord(int c) {
        return !isUnspaced(c) && (Character.isLetterOrDigit(c) || isMark(c));
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isUnspaced(int c) {
        if (c < 0x0E00) {
            return false;
        }
        return JapaneseWords.isJapanese(c)
                || switch (Character.UnicodeScript.of(c)) {
                    case THAI, LAO, KHMER, MYANMAR -> Character.isLetter(c);
                    default -> false;
                };
    }

    private void ideograph(int c) {
        if (previousIdeograph >= 0) {
            words.add(Character.toString(previousIdeograph) + Character.toString(c));
            pairEnded = true;
        } else {
            pairEnded = false;
        }
        if (single) {
            words.add(Character.toString(c));
        }
        previousIdeograph = c;
    }

    private void endIdeographs() {
        if (previousIdeograph >= 0 && !pairEnded) {
            words.add(Character.toString(previousIdeograph));
        }
        previousIdeograph = -1;
        pairEnded = true;
    }

    private void endWord() {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
