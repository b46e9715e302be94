package dev.evidencevault.index.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "|*",
                "a b|text:a AND text:b",
                "a OR b c|text:a OR text:b AND text:c",
                "(a OR b) c|(text:a OR text:b) AND text:c",
                "NOT NOT a|text:a",
                "NOT (a AND NOT b)|NOT (text:a AND NOT text:b)",
                "NOT(a)|NOT text:a",
                "(((a)))AND b|text:a AND text:b",
                "* AND a|text:a",
                "a OR *|text:a OR *",
                "\"x \\\" \\\\ y\"|text:\"x \\\" \\\\ y\"",
                "Actor:alice|actor:alice",
                "actor=\"A B\"|actor=\"A B\"",
                "action:\"do c\"*|action:\"do c\"*",
                "service:*|service:*",
                "text:AND|text:AND",
                "\"or\"|text:or",
                "session:a:b=c~d|session:\"a:b=c~d\"",
                "privileged:FALSE|NOT privileged:true",
                "source:10.1.2.3/8|source:10.0.0.0/8",
                "source:2001:DB8:0:0::1|source:2001:db8::1",
                "source:\"::ffff:10.0.0.1\"|source:10.0.0.1",
                "source:host.example|source:host.example",
                "source=10.0.0.1|source=10.0.0.1",
                "time:2026-05-01|time:2026-05-01T00:00:00.000000000Z..2026-05-02T00:00:00.000000000Z",
                "time:..2026-05-01T09:00+09:00|time:..2026-05-01T00:00:00.000000000Z",
                "報告書\u3000削除|text:報告書 AND text:削除",
            })
    void aQueryHasOneSpelling(String text, String spelling) {
        EventQuery query = EventQuery.parse(text == null ? " \n" : text);
        assertEquals(spelling, query.toString());
        assertEquals(query, EventQuery.parse(spelling));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "(a|3|expected a ) for the ( at character 1, found the end",
                "a)|2|found a ) that closes nothing",
                "()|2|expected a condition, found )",
                "a AND|6|expected a condition, found the end",
                "AND a|1|expected a condition, found AND",
                "a AND OR b|7|expected a condition, found OR",
                "a and b|3|write AND in capitals",
                "NOT|4|expected a condition, found the end",
                "actr:x|1|there is no field \"actr\"; expected actor, side,",
                "actor:|7|expected a value right behind actor:, found the end",
                "actor: x|7|expected a value right behind actor:, found a space",
                "actor:\"x|9|expected a \" for the one at character 7",
                "actor:\"\"|1|expected 1 to 8192 characters for actor",
                "\"a\\n\"|3|expected \\\" or \\\\ within quotation marks",
                "a*|2|found a * behind a word of the text",
                "actor=x*|1|expected actor: before a value that ends with *",
                "actor:x*y|9|expected a space, found y",
                "actor~x|1|expected actor: or actor=",
                "text=x|1|expected text: for words or text~ for a part",
                "side:us|1|expected one of [tenant, provider, supplier] for side, found us",
                "privileged:maybe|12|expected true or false",
                "time:yesterday|6|expected a time with its zone",
                "time:..|6|expected a time from or to",
                "time:2026-05-02..2026-05-01|6|that ends after it begins",
                "time:2262-04-11|6|expected a time from the year 1678 to 2262",
                "source:10.0.0.0/33|1|from 0 to 32",
                "!!|1|at least one letter or digit",
                "actor:a（b|8|found a wide （; write (",
                "a\"b\"|2|expected a space, found \"",
            })
    void whatCannotBeReadIsRefusedWithItsPlace(String text, int place, String message) {
        QuerySyntaxException refused = assertThrows(QuerySyntaxException.class, () -> EventQuery.parse(text));
        assertEquals(place, refused.position() + 1, refused.getMessage());
        assertTrue(refused.getMessage().contains("at character " + place + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @Test
    void depthAndSizeAreBounded() {
        String open = "(".repeat(EventQuery.DEPTH_MAX);
        String close = ")".repeat(EventQuery.DEPTH_MAX);
        assertEquals("text:a", EventQuery.parse(open + "a" + close).toString());
        assertThrows(QuerySyntaxException.class, () -> EventQuery.parse("(" + open + "a" + close + ")"));
        assertThrows(QuerySyntaxException.class, () -> EventQuery.parse("(".repeat(60_000)));
        assertEquals("text:a", EventQuery.parse("NOT ".repeat(16_000) + "a").toString());
        String most = IntStream.range(0, EventQuery.CONDITIONS_MAX)
                .mapToObj(i -> "w" + i)
                .collect(Collectors.joining(" OR "));
        assertEquals(
                most.split(" OR ").length,
                ((EventQuery.Or) EventQuery.parse(most)).parts().size());
        assertThrows(QuerySyntaxException.class, () -> EventQuery.parse(most + " OR x"));
        assertThrows(QuerySyntaxException.class, () -> EventQuery.parse("a".repeat(EventQuery.CHARS_MAX + 1)));
        assertThrows(IllegalArgumentException.class, () -> {
            EventQuery query = EventQuery.privileged();
            for (int i = 0; i < EventQuery.DEPTH_MAX; i++) {
                query = query.or(EventQuery.actor("a")).and(EventQuery.actor("b"));
            }
        });
        EventQuery large = EventQuery.actor("\"".repeat(8192));
        assertThrows(
                IllegalArgumentException.class,
                () -> large.and(large).and(large).and(large));
        assertThrows(IllegalArgumentException.class, () -> EventQuery.actor("a\uD800"));
    }

    /** Whatever is typed is read or refused in words, and what is read is read the same again. */
    @Property
    void anyTextIsAQueryOrRefused(@ForAll long seed, @ForAll @StringLength(max = 3) String noise) {
        Random random = new Random(seed);
        String[] parts = {
            "a",
            " ",
            " ",
            "(",
            ")",
            "AND",
            "OR ",
            " NOT ",
            "actor:",
            "action=",
            "text~",
            "\"",
            "\\",
            "*",
            ":",
            "..",
            "time:",
            "2026-05-01",
            "10.0.0.0/8",
            "source:",
            "報告書",
            "true",
            "privileged:",
            noise
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        try {
            EventQuery query = EventQuery.parse(text.toString());
            assertEquals(query, EventQuery.parse(query.toString()), () -> text + " is " + query);
        } catch (QuerySyntaxException e) {
            assertTrue(e.position() >= 0 && e.position() <= text.length(), () -> text + ": " + e.getMessage());
        }
    }
}
