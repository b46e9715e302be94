package dev.evidencevault.index;

import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.FieldQuery;
import dev.evidencevault.index.query.PartQuery;
import dev.evidencevault.index.query.WordsQuery;
import dev.evidencevault.index.text.Folding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    private final List<ByteSearch> parts;

    private LineFilter(List<ByteSearch> values, List<ByteSearch> parts) {
        this.values = values;
        this.parts = parts;
    }

    /** Returns the filter of records that match all of some queries. */
    static LineFilter of(List<EventQuery> queries) {
        List<ByteSearch> values = new ArrayList<>();
        List<ByteSearch> parts = new ArrayList<>();
        for (EventQuery query : queries) {
            switch (query) {
                case FieldQuery field -> add(field, values, parts);
                case WordsQuery words -> addWords(words.required(), parts);
                case PartQuery part -> addWords(List.of(part.folded()), parts);
                default -> {}
            }
        }
        return new LineFilter(List.copyOf(values), List.copyOf(parts));
    }

    private static void add(FieldQuery query, List<ByteSearch> values, List<ByteSearch> parts) {
        boolean exact = query.match() == FieldQuery.Match.EXACT;
        String value = exact ? query.value() : Folding.fold(query.value());
        if (value.isEmpty() || !hasOneSpelling(value)) {
            return;
        }
        if (exact) {
            values.add(new ByteSearch(('"' + value + '"').getBytes(StandardCharsets.UTF_8)));
        } else if (value.chars().allMatch(c -> c < 0x80)) {
            parts.add(ByteSearch.ignoringCase(value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void addWords(Collection<String> words, List<ByteSearch> parts) {
        words.stream()
                .filter(word -> isOfAsciiText(word) && hasOneSpelling(word))
                .map(word -> ByteSearch.ignoringCase(word.getBytes(StandardCharsets.UTF_8)))
                .forEach(parts::add);
    }

    /** Says whether a JSON text has to spell a value so, unless it has an escape that spells any character. */
    private static boolean hasOneSpelling(String value) {
        return value.chars()
                .allMatch(c -> c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !Character.isSurrogate((char) c));
    }

    /** Says whether a text cannot be of a number, which can be written in several ways, nor of other characters. */
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
        for (ByteSearch part : parts) {
            if (part.find(source, from, to) < 0) {
                return hasEscape(source, from, to) || !ByteSearch.isAscii(source, from, to);
            }
        }
        return true;
    }

    private static boolean hasEscape(byte[] source, int from, int to) {
        return UNICODE_ESCAPE.find(source, from, to) >= 0 || SLASH_ESCAPE.find(source, from, to) >= 0;
    }
}
