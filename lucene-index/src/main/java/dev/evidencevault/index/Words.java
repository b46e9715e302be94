package dev.evidencevault.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.LogRecord;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The words of a record or a query: runs of letters and digits, compatibility-normalised (NFKC) and in lower case. Scripts
 * that are written without spaces give single characters and pairs of neighbours.
 */
final class Words {
    private static final Set<String> NOT_SEARCHED = Set.of("v", "seq", "recordedAt", "type", "occurredAt", "original");

    private final Set<String> words = new HashSet<>();
    private final StringBuilder word = new StringBuilder();
    private int previousIdeograph = -1;
    private final boolean single;

    private Words(boolean single) {
        this.single = single;
    }

    /** Returns the words by which a record is found: of all its values, of details' names too, and of its original. */
    static Set<String> of(LogRecord record) {
        Words words = new Words(true);
        for (Map.Entry<String, JsonNode> member : record.json().properties()) {
            if (!NOT_SEARCHED.contains(member.getKey())) {
                words.addTree(member.getValue(), member.getKey().equals("details"));
            }
        }
        String original = record.original();
        if (original != null) {
            words.addText(original.startsWith("{") ? unescaped(original) : original);
        }
        return words.words;
    }

    /** Returns the words that a record has to have to match a query. */
    static Set<String> ofQuery(String query) {
        Words words = new Words(false);
        words.addText(query);
        return words.words;
    }

    private void addTree(JsonNode node, boolean names) {
        if (node.isValueNode()) {
            if (!node.isNull()) {
                addText(node.asText());
            }
            return;
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (names) {
                addText(member.getKey());
            }
            addTree(member.getValue(), names);
        }
        if (node.isArray()) {
            node.forEach(element -> addTree(element, names));
        }
    }

    private void addText(String text) {
        String folded = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            i += Character.charCount(c);
            if (isUnspaced(c)) {
                endWord();
                ideograph(c);
            } else if (Character.isLetterOrDigit(c) || isMark(c) && !word.isEmpty()) {
                endIdeographs();
                word.appendCodePoint(Character.toLowerCase(c));
            } else {
                endWord();
                endIdeographs();
            }
        }
        endWord();
        endIdeographs();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isUnspaced(int c) {
        if (c < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> Character.isLetter(c);
            default -> c == 0x30FC;
        };
    }

    private boolean pairEnded = true;

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

    /** The text of a JSON document with its escapes resolved; control characters and quotes become spaces. */
    private static String unescaped(String json) {
        if (json.indexOf('\\') < 0) {
            return json;
        }
        StringBuilder text = new StringBuilder(json.length());
        int i = 0;
        while (i < json.length()) {
            char c = json.charAt(i);
            int unit = c == '\\' && json.startsWith("u", i + 1) ? hex(json, i + 2) : -1;
            if (unit >= 0) {
                text.append((char) unit);
                i += 6;
            } else if (c == '\\') {
                text.append(' ');
                i += 2;
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    private static int hex(String json, int from) {
        if (from + 4 > json.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
