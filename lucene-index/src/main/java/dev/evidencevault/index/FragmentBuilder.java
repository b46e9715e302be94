package dev.evidencevault.index;

import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.index.IndexedBlock.FieldTerms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.SlowCodecReaderWrapper;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;

/** Builds a fragment in memory: of the blocks of segments, or of other fragments. For one thread. */
final class FragmentBuilder {
    private static final double BUFFER_MEGABYTES = 64;

    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final IndexWriter writer;
    private final List<BlockTable.Row> rows = new ArrayList<>();
    private final List<byte[]> filters = new ArrayList<>();

    FragmentBuilder() throws IOException {
        this.writer = writer(directory);
    }

    private static IndexWriter writer(ByteBuffersDirectory directory) throws IOException {
        LogDocMergePolicy onlyWhenAsked = new LogDocMergePolicy();
        onlyWhenAsked.setMergeFactor(Integer.MAX_VALUE);
        onlyWhenAsked.setNoCFSRatio(0);
        return new IndexWriter(
                directory,
                new IndexWriterConfig()
                        .setMergePolicy(onlyWhenAsked)
                        .setMergeScheduler(new SerialMergeScheduler())
                        .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                        .setUseCompoundFile(false));
    }

    /** Adds the next block. */
    void add(IndexedBlock block) throws IOException {
        Document document = new Document();
        block.fields().forEach(terms -> document.add(new CountedTerms(terms)));
        writer.addDocument(document);
        rows.add(block.row());
        filters.add(block.words());
    }

    /** Returns how many bytes the filters of words have that were made so far: most of what the fragment will have. */
    long wordBytes() {
        return filters.stream().mapToLong(filter -> filter.length).sum();
    }

    /** Returns how many blocks there are. */
    int blocks() {
        return rows.size();
    }

    /**
     * Returns the fragment of segments that follow upon each other.
     *
     * @param lastSeal the leaf hash of the last one's seal
     * @param blocksOfSegments how many of the blocks each has
     */
    FragmentBytes finish(Digest lastSeal, List<Integer> blocksOfSegments) throws IOException {
        writer.forceMerge(1);
        writer.close();
        return new FragmentBytes(
                new BlockTable(lastSeal, blocksOfSegments, rows).format(),
                FragmentBytes.terms(directory),
                FragmentBytes.words(filters));
    }

    /**
     * Merges fragments of segments that follow upon each other.
     *
     * @param lastSeal the leaf hash of the last segment's seal
     */
    static FragmentBytes merge(List<Fragment> fragments, List<List<ByteBuffer>> words, Digest lastSeal)
            throws IOException {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = writer(directory)) {
            CodecReader[] readers = new CodecReader[fragments.size()];
            for (int i = 0; i < readers.length; i++) {
                readers[i] = SlowCodecReaderWrapper.wrap(fragments.get(i).terms());
            }
            writer.addIndexes(readers);
            writer.forceMerge(1);
        }
        List<byte[]> filters = new ArrayList<>();
        for (List<ByteBuffer> each : words) {
            for (ByteBuffer filter : each) {
                byte[] bytes = new byte[filter.remaining()];
                filter.duplicate().get(bytes);
                filters.add(bytes);
            }
        }
        BlockTable blocks =
                BlockTable.joined(fragments.stream().map(Fragment::blocks).toList(), lastSeal);
        return new FragmentBytes(blocks.format(), FragmentBytes.terms(directory), FragmentBytes.words(filters));
    }

    /** The terms of a block in a field, with the number of records that have each where Lucene counts occurrences. */
    private static final class CountedTerms extends Field {
        private static final FieldType TYPE = new FieldType();

        static {
            TYPE.setTokenized(true);
            TYPE.setOmitNorms(true);
            TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
            TYPE.freeze();
        }

        private final FieldTerms terms;

        CountedTerms(FieldTerms terms) {
            super(terms.field(), TYPE);
            this.terms = terms;
        }

        @Override
        public TokenStream tokenStream(Analyzer analyzer, TokenStream reuse) {
            return new TermStream(terms);
        }
    }

    private static final class TermStream extends TokenStream {
        private final BytesTermAttribute bytes = addAttribute(BytesTermAttribute.class);
        private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
        private final FieldTerms terms;
        private final BytesRef term;
        private int next;

        TermStream(FieldTerms terms) {
            this.terms = terms;
            this.term = new BytesRef(terms.bytes());
        }

        @Override
        public boolean incrementToken() {
            if (next == terms.count()) {
                return false;
            }
            term.offset = terms.from(next);
            term.length = terms.ends()[next] - term.offset;
            bytes.setBytesRef(term);
            frequency.setTermFrequency(terms.times()[next++]);
            return true;
        }
    }
}
