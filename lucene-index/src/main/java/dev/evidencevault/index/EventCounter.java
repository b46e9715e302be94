package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.SealedIndex.Counter;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events that match a query, by something that they have. Of a block whose fragment knows the counts nothing is
 * read; the others are, and their records are added one by one. Safe for use by several threads.
 *
 * @param <K> what events are counted by
 */
final class EventCounter<K> implements Counter {
    /** More different values are not counted: they take a heap of some hundred megabytes. */
    private static final int KEYS_MAX = 1_000_000;

    private final QueryPlan plan;

    /** A block with records before this is read. */
    private final long fromSeq;

    private final Grouping<K> grouping;
    private final Map<K, Long> counts = new HashMap<>();

    /**
     * What events are counted by.
     *
     * @param <K> its type
     */
    interface Grouping<K> {
        /** Returns the counted field whose terms are what is counted by; null if it is something else. */
        @Nullable
        String field();

        /** Returns what a term of that field stands for. */
        K ofTerm(BytesRef term);

        /** Returns what all events between two times have in common; null if they have nothing. */
        @Nullable
        K ofTimes(long first, long last);

        /** Returns what an event is counted by: nothing, or one or more. */
        List<K> of(LogRecord event);
    }

    EventCounter(QueryPlan plan, long fromSeq, Grouping<K> grouping) {
        this.plan = plan;
        this.fromSeq = fromSeq;
        this.grouping = grouping;
    }

    @Override
    public BitSet count(Fragment fragment, BitSet blocks) throws IOException {
        String field = grouping.field();
        Term term = plan.isCountable() ? plan.countedTerm() : null;
        BitSet counted = new BitSet();
        if (!plan.isCountable() || field != null && term != null) {
            return counted;
        }
        Map<Integer, K> keys = new HashMap<>();
        for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
            BlockTable.Row row = fragment.blocks().row(block);
            long first = row.summary().occurredFrom();
            long last = row.summary().occurredTo();
            K key = field == null ? grouping.ofTimes(first, last) : null;
            if (row.isCountable()
                    && row.summary().firstSeq() >= fromSeq
                    && plan.coversAllOf(first, last)
                    && (field != null || key != null)) {
                counted.set(block);
                if (key != null) {
                    keys.put(block, key);
                }
            }
        }
        Term other = plan.otherSpelling();
        if (other != null) {
            fragment.counts(other, (value, postings) -> {
                for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                    counted.clear(doc);
                    keys.remove(doc);
                }
            });
        }
        Map<K, Long> found = new HashMap<>();
        if (field != null) {
            fragment.counts(field, (value, postings) -> addAll(postings, counted, grouping.ofTerm(value), found));
        } else if (term != null) {
            fragment.counts(term, (value, postings) -> {
                for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                    K key = keys.get(doc);
                    if (key != null) {
                        found.merge(key, (long) postings.freq(), Long::sum);
                    }
                }
            });
        } else {
            keys.forEach((block, key) -> found.merge(
                    key, (long) fragment.blocks().row(block).summary().count(), Long::sum));
        }
        found.forEach(this::add);
        return counted;
    }

    private static <K> void addAll(PostingsEnum postings, BitSet blocks, K key, Map<K, Long> found) throws IOException {
        long count = 0;
        for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
            count += blocks.get(doc) ? postings.freq() : 0;
        }
        if (count > 0) {
            found.merge(key, count, Long::sum);
        }
    }

    /** Counts an event that was read. */
    void add(LogRecord event) {
        grouping.of(event).forEach(key -> add(key, 1));
    }

    private synchronized void add(K key, long count) {
        counts.merge(key, count, Long::sum);
        if (counts.size() > KEYS_MAX) {
            throw new IllegalArgumentException(
                    "there are more than " + KEYS_MAX + " different values; narrow the search, as to a shorter time");
        }
    }

    /** Returns the counts. */
    synchronized Map<K, Long> counts() {
        return Map.copyOf(counts);
    }
}
