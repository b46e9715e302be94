package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.FieldQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.index.query.TimeQuery;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * A query as fragments, blocks and lines are asked it: what has to hold of each so that a record can match. The record decides.
 * Immutable.
 */
final class QueryPlan {
    private final EventQuery query;
    private final LineFilter lines;

    /** What the query asks for beside times. */
    private final List<EventQuery> untimed;

    private final List<EventQuery> times;
    private final @Nullable Term countedTerm;
    private final @Nullable Term otherSpelling;

    QueryPlan(EventQuery query) {
        this.query = query;
        List<EventQuery> parts = query instanceof EventQuery.And and ? and.parts() : List.of(query);
        this.lines = LineFilter.of(parts);
        this.times = parts.stream().filter(TimeQuery.class::isInstance).toList();
        this.untimed = parts.stream()
                .filter(part -> !(part instanceof TimeQuery) && !(part instanceof EventQuery.All))
                .toList();
        EventQuery only = untimed.size() == 1 ? untimed.getFirst() : null;
        FieldQuery value = only instanceof FieldQuery field ? field : null;
        this.countedTerm = only instanceof EventQuery.Privileged
                ? IndexFields.privilegedTerm()
                : value == null ? null : IndexFields.countedTerm(value);
        this.otherSpelling = value == null || countedTerm == null ? null : IndexFields.otherSpelling(value);
    }

    /**
     * Returns the blocks that can hold a match, out of some.
     *
     * @param among the blocks in question; not changed
     */
    BitSet candidates(BlockCandidates.Blocks blocks, BitSet among) throws IOException {
        return BlockCandidates.of(query, blocks, among);
    }

    /** Returns the filter of lines. */
    LineFilter lines() {
        return lines;
    }

    boolean coversAnyOf(long first, long last) {
        return query.coversAnyOf(first, last);
    }

    /** Says whether the times of the query leave nothing out from the first to the last, both included. */
    boolean coversAllOf(long first, long last) {
        return times.stream().allMatch(time -> time.coversAllOf(first, last));
    }

    boolean matches(LogRecord record) {
        return query.matches(record);
    }

    /**
     * Says whether the terms of a block's document decide, times apart, how many of its records match: if nothing is asked for,
     * or one term that is counted.
     */
    boolean isCountable() {
        return untimed.isEmpty() || countedTerm != null;
    }

    /** Returns the only term that is asked for; null if none is, and all records match. */
    @Nullable
    Term countedTerm() {
        return countedTerm;
    }

    /** Returns the term of blocks that may hold the value in other case or width as well, and tell nothing then; or null. */
    @Nullable
    Term otherSpelling() {
        return otherSpelling;
    }

    /** What the values of a field are counted by. */
    static EventCounter.Grouping<String> byValues(QueryField field) {
        return new EventCounter.Grouping<>() {
            @Override
            public @Nullable String field() {
                return IndexFields.countedField(field);
            }

            @Override
            public String ofTerm(BytesRef term) {
                return term.utf8ToString();
            }

            @Override
            public @Nullable String ofTimes(long first, long last) {
                return null;
            }

            @Override
            public List<String> of(LogRecord event) {
                return field.in(event).stream().distinct().toList();
            }
        };
    }
}
