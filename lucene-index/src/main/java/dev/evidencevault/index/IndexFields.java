package dev.evidencevault.index;

import dev.evidencevault.index.query.FieldQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.index.text.Folding;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a fragment's documents, and how a condition asks them. A document is a block; what it is made of stands in one
 * of its records.
 *
 * <p>Values stand as they are; where folding changes one, it stands folded in a second field as well, named with
 * {@link #FOLDED} at the end.
 */
final class IndexFields {
    static final String ACTOR = "actor";
    static final String SIDE = "side";
    static final String ACTION = "action";
    static final String SERVICE = "service";
    static final String OUTCOME = "outcome";
    static final String PRIVILEGED = "privileged";

    static final String FOLDED = ".folded";

    /** A longer word stands in the index with its beginning; the record itself decides. */
    static final int WORD_CHARS_MAX = 64;

    /** As much of a folded value stands in the index; folding can make a text many times as long. */
    private static final int FOLDED_CHARS_MAX = 1024;

    private IndexFields() {}

    static String indexed(String word) {
        return beginning(word, WORD_CHARS_MAX);
    }

    private static String beginning(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }

    /** Says whether folding does not change a value, for sure: if it is of ASCII and has no capital letter. */
    static boolean isFolded(BytesRef value) {
        for (int i = value.offset; i < value.offset + value.length; i++) {
            byte b = value.bytes[i];
            if (b < 0 || b >= 'A' && b <= 'Z') {
                return false;
            }
        }
        return true;
    }

    /** Returns the folded value as it stands in the index, or null if folding does not change it. */
    static @Nullable String folded(String value) {
        String folded = Folding.fold(value);
        return folded.equals(value) ? null : beginning(folded, FOLDED_CHARS_MAX);
    }

    /** The field of the index for one whose values are terms; null for one whose values are looked for by their words. */
    private static @Nullable String terms(QueryField field) {
        return switch (field) {
            case ACTOR -> ACTOR;
            case SIDE -> SIDE;
            case ACTION -> ACTION;
            case SERVICE -> SERVICE;
            case OUTCOME -> OUTCOME;
            case TARGET, TARGET_TYPE, SOURCE, SESSION, SHARED_EVENT_ID, ID -> null;
        };
    }

    /** A query for the blocks with an act under a privilege. */
    static Query privileged() {
        return new TermQuery(privilegedTerm());
    }

    /** The term of acts under a privilege. It is counted. */
    static Term privilegedTerm() {
        return new Term(PRIVILEGED, "true");
    }

    /** The field of the index in which it is counted how many records of a block have a value; null if it is not. */
    static @Nullable String countedField(QueryField field) {
        return switch (field) {
            case ACTOR, ACTION, OUTCOME -> terms(field);
            case SIDE, SERVICE, TARGET, TARGET_TYPE, SOURCE, SESSION, SHARED_EVENT_ID, ID -> null;
        };
    }

    /** The counted term of the records that match, but for those of {@link #otherSpelling}; null if there is none. */
    static @Nullable Term countedTerm(FieldQuery query) {
        String field = countedField(query.field());
        return field == null || query.match() == FieldQuery.Match.PREFIX
                ? null
                : new Term(
                        field, query.match() == FieldQuery.Match.EXACT ? query.value() : Folding.fold(query.value()));
    }

    /** The term of blocks in which a value that matches may stand in other case or width; null if that does not match. */
    static @Nullable Term otherSpelling(FieldQuery query) {
        return query.match() == FieldQuery.Match.EXACT
                ? null
                : new Term(terms(query.field()) + FOLDED, beginning(Folding.fold(query.value()), FOLDED_CHARS_MAX));
    }

    /** A query for the blocks with a value, or null if terms do not tell. */
    static @Nullable Query withValue(FieldQuery query) {
        String field = terms(query.field());
        if (field == null) {
            return null;
        }
        if (query.match() == FieldQuery.Match.EXACT) {
            return new TermQuery(new Term(field, query.value()));
        }
        String folded = Folding.fold(query.value());
        Term asIs = new Term(field, folded);
        Term changed = new Term(field + FOLDED, beginning(folded, FOLDED_CHARS_MAX));
        return query.match() == FieldQuery.Match.PREFIX
                ? either(new PrefixQuery(asIs), new PrefixQuery(changed))
                : either(new TermQuery(asIs), new TermQuery(changed));
    }

    /** A query for the blocks with another value, or null if terms do not tell: of each event the field has to have one. */
    static @Nullable Query withOther(FieldQuery query) {
        if (query.field() != QueryField.OUTCOME || query.match() == FieldQuery.Match.PREFIX) {
            return null;
        }
        String value = Folding.fold(query.value());
        return either(
                TermRangeQuery.newStringRange(OUTCOME, null, value, true, false),
                TermRangeQuery.newStringRange(OUTCOME, value, null, false, true));
    }

    private static Query either(Query one, Query other) {
        return new BooleanQuery.Builder()
                .add(one, BooleanClause.Occur.SHOULD)
                .add(other, BooleanClause.Occur.SHOULD)
                .build();
    }
}
