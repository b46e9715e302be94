package dev.evidencevault.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/** The blocks of a fragment, as its terms, its table and, if they are there, its filters tell of them. For one thread. */
final class FragmentBlocks implements BlockCandidates.Blocks {
    private final Fragment fragment;
    private final @Nullable List<ByteBuffer> filters;
    private boolean asksFilters;

    /**
     * Creates the view of a fragment.
     *
     * @param filters the filter of each block; null if they were not read: each may hold anything then
     */
    FragmentBlocks(Fragment fragment, @Nullable List<ByteBuffer> filters) {
        this.fragment = fragment;
        this.filters = filters;
    }

    /** Returns all blocks. */
    BitSet all() {
        BitSet all = new BitSet();
        all.set(0, fragment.blocks().blocks());
        return all;
    }

    /** Says whether a filter was asked so far. */
    boolean asksFilters() {
        return asksFilters;
    }

    @Override
    public BitSet withTerms(Query terms, BitSet among) throws IOException {
        BitSet found = fragment.candidates(terms);
        found.and(among);
        return found;
    }

    @Override
    public boolean mayHold(int block, long[] hashes) {
        asksFilters = true;
        return filters == null || WordFilter.mayHold(filters.get(block), hashes);
    }

    @Override
    public long first(int block) {
        return fragment.blocks().row(block).summary().occurredFrom();
    }

    @Override
    public long last(int block) {
        return fragment.blocks().row(block).summary().occurredTo();
    }
}
