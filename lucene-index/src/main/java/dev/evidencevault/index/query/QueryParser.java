package dev.evidencevault.index.query;

import dev.evidencevault.format.Timestamps;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query by recursive descent, once from left to right; the grammar stands in {@code docs/search.md}. Each method
 * reads what it is named by and leaves the position behind it. For one thread, for one text.
 */
final class QueryParser {
    private static final String AND = "AND";
    private static final String OR = "OR";
    private static final String NOT = "NOT";
    private static final List<String> KEYWORDS = List.of(AND, OR, NOT);

    private static final String PRIVILEGED = "privileged";
    private static final String OPERATORS = ":=~";

    /** What ends a value that stands without quotation marks. */
    private static final String SPECIAL = "()\"*";

    /** Characters of wide keyboards that look like some of the language. */
    private static final String WIDE = "\uFF08\uFF09\uFF02\u201C\u201D\uFF0A\uFF1A\uFF1D\uFF5E\u301C";

    private static final String NARROW = "()\"\"\"*:=~~";

    private final String text;
    private int at;
    private int parentheses;

    QueryParser(String text) {
        this.text = text;
    }

    EventQuery parse() {
        if (text.length() > EventQuery.CHARS_MAX) {
            throw error(
                    EventQuery.CHARS_MAX,
                    "expected at most " + EventQuery.CHARS_MAX + " characters, found " + text.length());
        }
        skipSpace();
        if (at == text.length()) {
            return EventQuery.all();
        }
        EventQuery query = or();
        if (at < text.length()) {
            throw error(at, "found a ) that closes nothing; remove it, or put it in quotation marks");
        }
        return query;
    }

    private EventQuery or() {
        EventQuery query = and();
        while (keyword(OR)) {
            int begin = at;
            EventQuery left = query;
            EventQuery right = and();
            query = checked(begin, () -> left.or(right));
        }
        return query;
    }

    private EventQuery and() {
        EventQuery query = not();
        while (at < text.length() && text.charAt(at) != ')' && !isKeyword(OR)) {
            keyword(AND);
            int begin = at;
            EventQuery left = query;
            EventQuery right = not();
            query = checked(begin, () -> left.and(right));
        }
        return query;
    }

    private EventQuery not() {
        int begin = at;
        boolean negated = false;
        while (keyword(NOT)) {
            negated = !negated;
        }
        EventQuery query = primary();
        return negated ? checked(begin, query::not) : query;
    }

    private EventQuery primary() {
        if (at == text.length()) {
            throw error(at, "expected a condition, found the end");
        }
        EventQuery query;
        if (text.charAt(at) == '(') {
            query = inParentheses();
        } else {
            query = text.charAt(at) == '*' ? everything() : condition();
            if (at < text.length() && !Character.isWhitespace(text.charAt(at)) && text.charAt(at) != ')') {
                throw error(at, "expected a space, found " + found() + "; put a value that has it in quotation marks");
            }
        }
        skipSpace();
        return query;
    }

    private EventQuery everything() {
        at++;
        return EventQuery.all();
    }

    private EventQuery inParentheses() {
        int begin = at;
        if (++parentheses > EventQuery.DEPTH_MAX) {
            throw error(at, "expected parentheses at most " + EventQuery.DEPTH_MAX + " deep");
        }
        at++;
        skipSpace();
        EventQuery query = or();
        if (at == text.length()) {
            throw error(at, "expected a ) for the ( at character " + (begin + 1) + ", found the end");
        }
        at++;
        parentheses--;
        return query;
    }

    private EventQuery condition() {
        int begin = at;
        if (text.charAt(at) == '"') {
            String words = quoted();
            return checked(begin, () -> EventQuery.words(words));
        }
        int end = at;
        while (end < text.length() && isBare(text.charAt(end)) && OPERATORS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end < text.length() && OPERATORS.indexOf(text.charAt(end)) >= 0) {
            String name = text.substring(begin, end);
            at = end + 1;
            return ofField(begin, name, text.charAt(end));
        }
        for (String keyword : KEYWORDS) {
            if (text.substring(begin, end).equalsIgnoreCase(keyword)) {
                throw error(
                        begin,
                        isKeyword(keyword)
                                ? "expected a condition, found " + keyword
                                : "found " + text.substring(begin, end) + "; write " + keyword
                                        + " in capitals to join conditions, or the word in quotation marks to look for it");
            }
        }
        String word = bare("a condition");
        if (at < text.length() && text.charAt(at) == '*') {
            throw error(
                    at,
                    "found a * behind a word of the text, where whole words are looked for; a part is found by text~"
                            + word);
        }
        return checked(begin, () -> EventQuery.words(word));
    }

    private EventQuery ofField(int begin, String name, char operator) {
        if (name.equalsIgnoreCase(WordsQuery.LABEL)) {
            require(begin, operator != '=', name + ": for words or " + name + "~ for a part", operator);
            String value = value(name);
            return checked(begin, () -> operator == ':' ? EventQuery.words(value) : EventQuery.containing(value));
        }
        if (name.equalsIgnoreCase(TimeQuery.LABEL)) {
            require(begin, operator == ':', name + ":", operator);
            return time();
        }
        if (name.equalsIgnoreCase(PRIVILEGED)) {
            require(begin, operator == ':', name + ":", operator);
            int from = at;
            return switch (value(name).toLowerCase(Locale.ROOT)) {
                case "true" -> EventQuery.privileged();
                case "false" -> EventQuery.privileged().not();
                default -> throw error(from, "expected true or false for " + name);
            };
        }
        QueryField field = QueryField.ofLabel(name);
        if (field == null) {
            throw error(
                    begin,
                    "there is no field \"" + name + "\"; expected " + names()
                            + ", or the whole in quotation marks to look for it in the text");
        }
        require(begin, operator != '~', name + ": or " + name + "=; parts are looked for in the text only", operator);
        boolean onlyStar = at < text.length() && text.charAt(at) == '*';
        String value = onlyStar ? "" : value(name);
        if (at < text.length() && text.charAt(at) == '*') {
            require(begin, operator == ':', name + ": before a value that ends with *", operator);
            at++;
            return checked(begin, () -> EventQuery.startingWith(field, value));
        }
        return checked(
                begin, () -> operator == '=' ? EventQuery.exactly(field, value) : EventQuery.field(field, value));
    }

    private static String names() {
        String fields =
                Arrays.stream(QueryField.values()).map(QueryField::label).collect(Collectors.joining(", "));
        return fields + ", " + PRIVILEGED + ", " + TimeQuery.LABEL + " or " + WordsQuery.LABEL;
    }

    private void require(int begin, boolean possible, String expected, char operator) {
        if (!possible) {
            throw error(begin, "expected " + expected + ", found " + operator);
        }
    }

    /** A day, a range of which one end may be missing, or a point, which is a range of a nanosecond. */
    private EventQuery time() {
        int begin = at;
        String value = value(TimeQuery.LABEL);
        int between = value.indexOf(TimeQuery.BETWEEN);
        if (between >= 0) {
            Long from = time(begin, value.substring(0, between));
            Long to = time(begin, value.substring(between + TimeQuery.BETWEEN.length()));
            return checked(begin, () -> new TimeQuery(from, to));
        }
        return checked(begin, () -> {
            long from = Timestamps.parseLoosely(value);
            boolean day = value.indexOf('T') < 0 && value.indexOf('t') < 0;
            return EventQuery.between(
                    from, Math.addExact(from, day ? Duration.ofDays(1).toNanos() : 1));
        });
    }

    private @Nullable Long time(int begin, String end) {
        return end.isEmpty() ? null : checked(begin, () -> Timestamps.parseLoosely(end));
    }

    private String value(String name) {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        return bare("a value right behind " + name + text.charAt(at - 1));
    }

    private String bare(String expected) {
        int begin = at;
        while (at < text.length() && isBare(text.charAt(at))) {
            int wide = WIDE.indexOf(text.charAt(at));
            if (wide >= 0) {
                throw error(
                        at,
                        "found a wide " + text.charAt(at) + "; write " + NARROW.charAt(wide)
                                + ", or put the text in quotation marks");
            }
            at++;
        }
        if (at == begin) {
            throw error(at, "expected " + expected + ", found " + found());
        }
        return text.substring(begin, at);
    }

    private static boolean isBare(char c) {
        return !Character.isWhitespace(c) && SPECIAL.indexOf(c) < 0;
    }

    private String quoted() {
        int begin = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\') {
                if (at == text.length() || text.charAt(at) != '"' && text.charAt(at) != '\\') {
                    throw error(at - 1, "expected \\\" or \\\\ within quotation marks; write \\\\ for a backslash");
                }
                c = text.charAt(at++);
            }
            value.append(c);
        }
        if (at == text.length()) {
            throw error(at, "expected a \" for the one at character " + (begin + 1) + ", found the end");
        }
        at++;
        return value.toString();
    }

    private boolean isKeyword(String keyword) {
        int end = at + keyword.length();
        return text.startsWith(keyword, at)
                && (end == text.length() || !isBare(text.charAt(end)) && text.charAt(end) != '*');
    }

    private boolean keyword(String keyword) {
        if (!isKeyword(keyword)) {
            return false;
        }
        at += keyword.length();
        skipSpace();
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String found() {
        return at == text.length()
                ? "the end"
                : Character.isWhitespace(text.charAt(at)) ? "a space" : Character.toString(text.codePointAt(at));
    }

    /** Gives what a value has against it the place where it stands. */
    private static <T> T checked(int position, Supplier<T> made) {
        try {
            return made.get();
        } catch (QuerySyntaxException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw error(position, String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            throw error(position, "expected a time from the year 1678 to 2262");
        }
    }

    private static QuerySyntaxException error(int position, String message) {
        return new QuerySyntaxException(position, message);
    }
}
