package dev.evidencevault.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.util.BytesRef;

/**
 * The terms of the blocks of one or more segments, in memory: which blocks can hold what is asked for. A document is a block.
 * Safe for use by several threads; holds no file.
 */
final class Fragment {
    private final BlockTable blocks;
    private final DirectoryReader reader;

    /** Takes the counts of a term. */
    @FunctionalInterface
    interface TermCounts {
        void take(BytesRef term, PostingsEnum postings) throws IOException;
    }

    private Fragment(BlockTable blocks, DirectoryReader reader) {
        this.blocks = blocks;
        this.reader = reader;
    }

    /**
     * Opens the head of a fragment.
     *
     * @throws IOException if it is none
     */
    static Fragment open(ByteBuffer head) throws IOException {
        List<ByteBuffer> parts = FragmentBytes.dividedHead(head);
        BlockTable blocks = BlockTable.parse(parts.get(0));
        DirectoryReader reader = DirectoryReader.open(FragmentBytes.directory(parts.get(1)));
        if (reader.maxDoc() != blocks.blocks()
                || reader.hasDeletions()
                || reader.leaves().size() > 1) {
            throw new IOException("the index is of " + reader.maxDoc() + " blocks, not of " + blocks.blocks());
        }
        return new Fragment(blocks, reader);
    }

    BlockTable blocks() {
        return blocks;
    }

    /** Returns the only part of the Lucene index, which has all terms. */
    LeafReader terms() {
        return reader.leaves().getFirst().reader();
    }

    /** Returns the blocks that can hold a match, but for its words. */
    BitSet candidates(Query query) throws IOException {
        BitSet hits = new BitSet(blocks.blocks());
        if (query instanceof MatchAllDocsQuery) {
            hits.set(0, blocks.blocks());
            return hits;
        }
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        for (LeafReaderContext leaf : reader.leaves()) {
            Scorer scorer = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1)
                    .scorer(leaf);
            if (scorer != null) {
                DocIdSetIterator docs = scorer.iterator();
                for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
                    hits.set(leaf.docBase + doc);
                }
            }
        }
        return hits;
    }

    /** Gives the blocks of a term, each with in how many of its records the term is. */
    void counts(Term term, TermCounts consumer) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            PostingsEnum postings = leaf.reader().postings(term, PostingsEnum.FREQS);
            if (postings != null) {
                consumer.take(term.bytes(), postings);
            }
        }
    }

    /** Gives the blocks of all terms of a field. */
    void counts(String field, TermCounts consumer) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            Terms terms = leaf.reader().terms(field);
            if (terms != null) {
                TermsEnum each = terms.iterator();
                for (BytesRef term = each.next(); term != null; term = each.next()) {
                    consumer.take(term, each.postings(null, PostingsEnum.FREQS));
                }
            }
        }
    }

    /** Says whether another fragment has each term of each block of this one, as often, from a block of it on. */
    boolean isWithin(Fragment other, int firstBlock) throws IOException {
        for (FieldInfo field : terms().getFieldInfos()) {
            boolean[] missing = new boolean[1];
            counts(field.name, (term, postings) -> {
                PostingsEnum theirs = other.terms().postings(new Term(field.name, term), PostingsEnum.FREQS);
                for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                    int there = firstBlock + doc;
                    boolean found = theirs != null
                            && (theirs.docID() == there || theirs.docID() < there && theirs.advance(there) == there)
                            && theirs.freq() == postings.freq();
                    missing[0] |= !found;
                }
            });
            if (missing[0]) {
                return false;
            }
        }
        return true;
    }
}
