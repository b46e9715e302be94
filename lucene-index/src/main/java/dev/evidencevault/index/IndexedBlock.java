package dev.evidencevault.index;

import java.io.IOException;
import org.apache.lucene.util.BytesRef;

/**
 * What an index says of one block: its row, its terms with the number of records that have each, and the filter of its words.
 * Immutable as long as nobody changes the arrays.
 */
final class IndexedBlock {
    /** What the arrays and the objects take beside their content, roughly. */
    private static final int OBJECTS_BYTES = 200;

    private static final int TERM_BYTES = 12;

    private final BlockTable.Row row;
    private final byte[] words;
    private final String[] fields;
    private final int[] times;

    /** Where the term after each begins. */
    private final int[] ends;

    private final byte[] terms;

    /** Takes one term after the other. */
    @FunctionalInterface
    interface TermConsumer {
        void accept(String field, BytesRef term, int times) throws IOException;
    }

    IndexedBlock(BlockTable.Row row, byte[] words, String[] fields, int[] times, int[] ends, byte[] terms) {
        this.row = row;
        this.words = words;
        this.fields = fields;
        this.times = times;
        this.ends = ends;
        this.terms = terms;
    }

    BlockTable.Row row() {
        return row;
    }

    byte[] words() {
        return words;
    }

    /** Returns how much memory it takes, roughly. */
    int bytes() {
        return OBJECTS_BYTES + words.length + terms.length + TERM_BYTES * fields.length;
    }

    void forEachTerm(TermConsumer consumer) throws IOException {
        int from = 0;
        for (int i = 0; i < fields.length; i++) {
            consumer.accept(fields[i], new BytesRef(terms, from, ends[i] - from), times[i]);
            from = ends[i];
        }
    }
}
