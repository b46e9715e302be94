package dev.evidencevault.index;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * Which lines can be of a record that matches, told from their bytes: of most lines nothing is parsed. Immutable and safe for
 * use by several threads.
 */
final class LineFilter {
    private static final ByteSearch UNICODE_ESCAPE = new ByteSearch(new byte[] {'\\', 'u'});
    private static final ByteSearch SLASH_ESCAPE = new ByteSearch(new byte[] {'\\', '/'});

    private final List<ByteSearch> values;
    private final List<ByteSearch> words;

    /**
     * Creates a filter.
     *
     * @param values exact values that a matching record has, all of them, each as the whole text of some member
     * @param words words that a matching record has, all of them, as {@link Words} gives them
     */
    LineFilter(Collection<String> values, Collection<String> words) {
        this.values = values.stream()
                .filter(LineFilter::hasOneSpelling)
                .map(value -> new ByteSearch(('"' + value + '"').getBytes(StandardCharsets.UTF_8)))
                .toList();
        this.words = words.stream()
                .filter(LineFilter::isOfAsciiText)
                .map(word -> ByteSearch.ignoringCase(word.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Says whether a JSON text has to spell a value so, unless it has an escape that spells any character. */
    private static boolean hasOneSpelling(String value) {
        return value.chars()
                .allMatch(c -> c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !Character.isSurrogate((char) c));
    }

    /** Says whether a word cannot be of a number, which can be written in several ways, nor of other characters. */
    private static boolean isOfAsciiText(String word) {
        return word.chars().allMatch(c -> c < 0x80) && word.chars().anyMatch(c -> c >= 'a' && c <= 'z' && c != 'e');
    }

    /** Says whether a line can be that of a match. */
    boolean mayMatch(byte[] source, int from, int to) {
        for (ByteSearch value : values) {
            if (value.find(source, from, to) < 0) {
                return hasEscape(source, from, to);
            }
        }
        for (ByteSearch word : words) {
            if (word.find(source, from, to) < 0) {
                return hasEscape(source, from, to) || !ByteSearch.isAscii(source, from, to);
            }
        }
        return true;
    }

    private static boolean hasEscape(byte[] source, int from, int to) {
        return UNICODE_ESCAPE.find(source, from, to) >= 0 || SLASH_ESCAPE.find(source, from, to) >= 0;
    }
}
