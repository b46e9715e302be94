package dev.evidencevault.index;

import java.util.List;

/**
 * What an index says of one block. Immutable as long as nobody changes the arrays.
 *
 * @param row what stands in the table of blocks
 * @param words the filter of its words
 * @param fields the terms of each field that it has some of
 */
@SuppressWarnings("ArrayRecordComponent")
record IndexedBlock(BlockTable.Row row, byte[] words, List<FieldTerms> fields) {
    /** What the objects and arrays of a block, and of a field, take beside their content, roughly. */
    private static final int OBJECTS_BYTES = 100;

    private static final int TERM_BYTES = 8;

    /**
     * The different terms of a field.
     *
     * @param field its name
     * @param bytes the terms, one behind the other
     * @param ends where each ends
     * @param times in how many records of the block each is; 1 if that is not counted
     */
    record FieldTerms(String field, byte[] bytes, int[] ends, int[] times) {
        int count() {
            return ends.length;
        }

        int from(int term) {
            return term == 0 ? 0 : ends[term - 1];
        }
    }

    /** Copies the list. */
    IndexedBlock {
        fields = List.copyOf(fields);
    }

    /** Returns how much memory it takes, roughly. */
    int memoryBytes() {
        return OBJECTS_BYTES
                + words.length
                + fields.stream()
                        .mapToInt(each -> OBJECTS_BYTES + each.bytes().length + TERM_BYTES * each.count())
                        .sum();
    }
}
