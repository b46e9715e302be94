package dev.evidencevault.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.util.BytesRef;

/** The blocks of a fragment, as its documents tell of them. For one thread. */
final class FragmentBlocks implements BlockCandidates.Blocks {
    private final DirectoryReader reader;
    private final long first;
    private final long last;

    /**
     * Creates the view of a fragment.
     *
     * @param first when the first event of all blocks happened, in nanoseconds since 1970
     * @param last when the last one did
     */
    FragmentBlocks(DirectoryReader reader, long first, long last) {
        this.reader = reader;
        this.first = first;
        this.last = last;
    }

    @Override
    public BitSet withTerms(Query terms, BitSet among) throws IOException {
        BitSet found = new BitSet();
        for (ScoreDoc hit :
                new IndexSearcher(reader).search(terms, Math.max(1, reader.maxDoc()), Sort.INDEXORDER).scoreDocs) {
            found.set(hit.doc, among.get(hit.doc));
        }
        return found;
    }

    @Override
    public boolean mayHold(int block, long[] hashes) throws IOException {
        // One segment of Lucene has all blocks: the fragment is written at once and never merged.
        LeafReader only = reader.leaves().getFirst().reader();
        BinaryDocValues filters = DocValues.getBinary(only, IndexFields.WORDS);
        if (!filters.advanceExact(block)) {
            return true;
        }
        BytesRef filter = filters.binaryValue();
        return WordFilter.mayHold(ByteBuffer.wrap(filter.bytes, filter.offset, filter.length), hashes);
    }

    @Override
    public long first(int block) {
        return first;
    }

    @Override
    public long last(int block) {
        return last;
    }
}
