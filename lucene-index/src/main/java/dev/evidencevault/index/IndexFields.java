package dev.evidencevault.index;

import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** The fields of a fragment's documents. A document is a block; what it is made of stands in one of its records. */
final class IndexFields {
    static final String ACTOR = "actor";
    static final String ACTION = "action";
    static final String SERVICE = "service";
    static final String OUTCOME = "outcome";
    static final String PRIVILEGED = "privileged";

    /** A longer word stands in the index with its beginning; the record itself decides. */
    static final int WORD_CHARS_MAX = 64;

    private IndexFields() {}

    static String indexed(String word) {
        return word.length() <= WORD_CHARS_MAX ? word : word.substring(0, WORD_CHARS_MAX);
    }

    /** A query for the blocks that can hold a match, but for its words. */
    static Query candidates(EventQuery query) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        require(all, ACTOR, query.actor());
        require(all, ACTION, query.action());
        require(all, SERVICE, query.service());
        require(all, OUTCOME, query.outcome());
        require(all, PRIVILEGED, query.privileged() ? "true" : null);
        BooleanQuery built = all.build();
        return built.clauses().isEmpty() ? MatchAllDocsQuery.INSTANCE : built;
    }

    private static void require(
            BooleanQuery.Builder all, String field, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            all.add(new TermQuery(new Term(field, value)), BooleanClause.Occur.FILTER);
        }
    }
}
