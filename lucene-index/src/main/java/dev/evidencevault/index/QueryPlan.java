package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * A query as fragments and blocks are asked it: what has to hold of a fragment's document, of a block's words and of a line,
 * so that a record can match. The record decides. Immutable.
 */
final class QueryPlan {
    private final EventQuery query;
    private final Query blocks;
    private final LineFilter lines;

    QueryPlan(EventQuery query) {
        this.query = query;
        this.blocks = IndexFields.candidates(query);
        List<String> values = new ArrayList<>();
        for (String value : Arrays.asList(query.actor(), query.action(), query.service(), query.outcome())) {
            if (value != null) {
                values.add(value);
            }
        }
        this.lines = new LineFilter(values, query.words());
    }

    /** Returns the query for documents, but for words. */
    Query blocks() {
        return blocks;
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
        Long from = query.from();
        Long to = query.to();
        return (from == null || first >= from) && (to == null || last < to);
    }

    boolean matches(LogRecord record) {
        return query.matches(record);
    }

    /** Says whether words are asked for. */
    boolean asksForWords() {
        return !query.words().isEmpty();
    }

    /** Says whether a block can hold the words, by its filter. */
    boolean mayHoldWords(ByteBuffer filter) {
        for (String word : query.words()) {
            if (!WordFilter.mayHold(filter, word)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Says whether the terms of a block's document decide, times apart, which of its records match: if nothing is asked for,
     * or one term that is counted.
     */
    boolean isCountable() {
        return query.words().isEmpty() && query.service() == null && counted().size() <= 1;
    }

    /** Returns the only term that is asked for; null if none is, and all records match. */
    @Nullable
    Term countedTerm() {
        List<Term> terms = counted();
        return terms.isEmpty() ? null : terms.getFirst();
    }

    private List<Term> counted() {
        List<Term> terms = new ArrayList<>();
        if (blocks instanceof MatchAllDocsQuery) {
            return terms;
        }
        add(terms, IndexFields.ACTOR, query.actor());
        add(terms, IndexFields.ACTION, query.action());
        add(terms, IndexFields.OUTCOME, query.outcome());
        add(terms, IndexFields.PRIVILEGED, query.privileged() ? "true" : null);
        return terms;
    }

    private static void add(List<Term> terms, String field, @Nullable String value) {
        if (value != null) {
            terms.add(new Term(field, value));
        }
    }
}
