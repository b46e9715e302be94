package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Which events of a tenant are looked for. Immutable; safe for use by several threads.
 *
 * <pre>{@code
 * EventQuery.actor("alice")
 *     .and(EventQuery.startingWith(QueryField.ACTION, "document."))
 *     .and(EventQuery.words("報告書").or(EventQuery.privileged()))
 *     .and(EventQuery.source("10.0.0.0/8").not());
 * }</pre>
 *
 * <p>{@code toString} is its one spelling in the language of {@code docs/search.md}, and {@link #parse} of that gives an equal
 * query. A query has at most {@value #CONDITIONS_MAX} conditions, nested at most {@value #DEPTH_MAX} deep, and a spelling of at
 * most {@value #CHARS_MAX} characters; what joins more is refused with an {@link IllegalArgumentException}.
 */
public sealed interface EventQuery
        permits EventQuery.All,
                EventQuery.Privileged,
                EventQuery.And,
                EventQuery.Or,
                EventQuery.Not,
                FieldQuery,
                SourceQuery,
                TimeQuery,
                WordsQuery,
                PartQuery {
    /** How many conditions a query can have. */
    int CONDITIONS_MAX = 256;

    /** How deep and, or and not can be nested. */
    int DEPTH_MAX = 32;

    /** The longest spelling, in UTF-16 code units. */
    int CHARS_MAX = 1 << 16;

    /** Returns the query that all events match. */
    static EventQuery all() {
        return All.INSTANCE;
    }

    /**
     * Parses a query. A text of white space is {@link #all}.
     *
     * @throws QuerySyntaxException if it is none: where, what was expected, what was found
     */
    static EventQuery parse(String text) {
        return new QueryParser(text).parse();
    }

    /** Returns the query for what an actor did or had done on their behalf, however the name's case and width are. */
    static EventQuery actor(String id) {
        return field(QueryField.ACTOR, id);
    }

    /**
     * Returns the query for a value of a field, whatever its case and width. An address or a network for {@link
     * QueryField#SOURCE} stands for {@link #source}.
     *
     * @throws IllegalArgumentException if the value is empty or not one that the field can have
     */
    static EventQuery field(QueryField field, String value) {
        return field == QueryField.SOURCE ? source(value) : FieldQuery.of(field, FieldQuery.Match.FOLDED, value);
    }

    /** Returns the query for a value of a field, character for character. */
    static EventQuery exactly(QueryField field, String value) {
        return FieldQuery.of(field, FieldQuery.Match.EXACT, value);
    }

    /** Returns the query for values with a beginning, whatever their case and width; the empty one is that of all values. */
    static EventQuery startingWith(QueryField field, String prefix) {
        return FieldQuery.of(field, FieldQuery.Match.PREFIX, prefix);
    }

    /** Returns the query for acts under a privilege. */
    static EventQuery privileged() {
        return Privileged.INSTANCE;
    }

    /**
     * Returns the query for what came from an address, from a network ({@code 10.0.0.0/8}, {@code 2001:db8::/32}), or from a
     * source that is no address.
     */
    static EventQuery source(String value) {
        Network network = Network.parse(value);
        return network == null
                ? FieldQuery.of(QueryField.SOURCE, FieldQuery.Match.FOLDED, value)
                : new SourceQuery(network);
    }

    /** Returns the query for what happened at a time or later, in nanoseconds since 1970. */
    static EventQuery from(long nanos) {
        return new TimeQuery(nanos, null);
    }

    /** Returns the query for what happened before a time, in nanoseconds since 1970. */
    static EventQuery to(long nanos) {
        return new TimeQuery(null, nanos);
    }

    /** Returns the query for what happened from a time on and before another, in nanoseconds since 1970. */
    static EventQuery between(long fromNanos, long toNanos) {
        return new TimeQuery(fromNanos, toNanos);
    }

    /**
     * Returns the query for records that hold all words of a text, anywhere. Case, width and punctuation do not count; words of
     * Japanese are found in every inflection.
     *
     * @throws IllegalArgumentException if the text has no word
     */
    static EventQuery words(String text) {
        return new WordsQuery(text);
    }

    /** Returns the query for records of which a text holds this one, whatever its case and width. */
    static EventQuery containing(String text) {
        return new PartQuery(text);
    }

    /** Returns the query for what matches this and another. */
    default EventQuery and(EventQuery other) {
        if (this instanceof All || other instanceof All) {
            return this instanceof All ? other : this;
        }
        List<EventQuery> parts = new ArrayList<>(this instanceof And and ? and.parts() : List.of(this));
        parts.addAll(other instanceof And and ? and.parts() : List.of(other));
        return new And(parts);
    }

    /** Returns the query for what matches this or another, or both. */
    default EventQuery or(EventQuery other) {
        List<EventQuery> parts = new ArrayList<>(this instanceof Or or ? or.parts() : List.of(this));
        parts.addAll(other instanceof Or or ? or.parts() : List.of(other));
        return new Or(parts);
    }

    /** Returns the query for what does not match this. */
    default EventQuery not() {
        return this instanceof Not not ? not.part() : new Not(this);
    }

    /** Says whether an event matches. */
    boolean matches(LogRecord record);

    /**
     * Says whether an event of a time between two, both included, can match: false only if none can.
     *
     * @param first in nanoseconds since 1970
     * @param last the same
     */
    default boolean coversAnyOf(long first, long last) {
        return true;
    }

    /** Says whether all events of the times between two, both included, match: true only if all do. */
    default boolean coversAllOf(long first, long last) {
        return false;
    }

    /** All events. */
    enum All implements EventQuery {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean matches(LogRecord record) {
            return true;
        }

        @Override
        public boolean coversAllOf(long first, long last) {
            return true;
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    /** Acts under a privilege. */
    enum Privileged implements EventQuery {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean matches(LogRecord record) {
            return record.privileged();
        }

        @Override
        public String toString() {
            return "privileged:true";
        }
    }

    /**
     * What matches all of several queries.
     *
     * @param parts two or more, none of them of this kind or {@link All}
     */
    record And(List<EventQuery> parts) implements EventQuery {
        /** Checks and copies the parts. */
        public And {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.stream().anyMatch(part -> part instanceof And || part instanceof All)) {
                throw new IllegalArgumentException("expected two or more queries, none of them an and or all");
            }
            Size.require(parts, " AND ");
        }

        @Override
        public boolean matches(LogRecord record) {
            for (EventQuery part : parts) {
                if (!part.matches(record)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean coversAnyOf(long first, long last) {
            return parts.stream().allMatch(part -> part.coversAnyOf(first, last));
        }

        @Override
        public boolean coversAllOf(long first, long last) {
            return parts.stream().allMatch(part -> part.coversAllOf(first, last));
        }

        @Override
        public String toString() {
            return Size.joined(parts, " AND ");
        }
    }

    /**
     * What matches any of several queries.
     *
     * @param parts two or more, none of them of this kind
     */
    record Or(List<EventQuery> parts) implements EventQuery {
        /** Checks and copies the parts. */
        public Or {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.stream().anyMatch(Or.class::isInstance)) {
                throw new IllegalArgumentException("expected two or more queries, none of them an or");
            }
            Size.require(parts, " OR ");
        }

        @Override
        public boolean matches(LogRecord record) {
            for (EventQuery part : parts) {
                if (part.matches(record)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean coversAnyOf(long first, long last) {
            return parts.stream().anyMatch(part -> part.coversAnyOf(first, last));
        }

        @Override
        public boolean coversAllOf(long first, long last) {
            return parts.stream().anyMatch(part -> part.coversAllOf(first, last));
        }

        @Override
        public String toString() {
            return Size.joined(parts, " OR ");
        }
    }

    /**
     * What does not match a query.
     *
     * @param part not of this kind
     */
    record Not(EventQuery part) implements EventQuery {
        /** Checks the part. */
        public Not {
            if (part instanceof Not) {
                throw new IllegalArgumentException("expected a query that is no not");
            }
            Size.require(List.of(part), "NOT ");
        }

        @Override
        public boolean matches(LogRecord record) {
            return !part.matches(record);
        }

        @Override
        public boolean coversAnyOf(long first, long last) {
            return !part.coversAllOf(first, last);
        }

        @Override
        public boolean coversAllOf(long first, long last) {
            return !part.coversAnyOf(first, last);
        }

        @Override
        public String toString() {
            boolean joined = part instanceof And || part instanceof Or;
            return joined ? "NOT (" + part + ")" : "NOT " + part;
        }
    }
}
