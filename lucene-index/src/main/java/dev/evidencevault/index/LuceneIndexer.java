package dev.evidencevault.index;

import dev.evidencevault.segment.Courtesy;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;

/** Builds the index fragment of a segment, in memory. Safe for use by several threads; what it begins is not. */
public final class LuceneIndexer implements SegmentIndexer {
    /** Creates an indexer. */
    public LuceneIndexer() {}

    @Override
    public Builder begin() throws IOException {
        return new FragmentBuilder();
    }

    private static final class FragmentBuilder implements Builder {
        private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
        private final IndexWriter writer;
        private int blocks;

        FragmentBuilder() throws IOException {
            IndexWriterConfig config = new IndexWriterConfig()
                    .setMergePolicy(NoMergePolicy.INSTANCE)
                    .setMergeScheduler(new SerialMergeScheduler())
                    .setRAMBufferSizeMB(64)
                    .setUseCompoundFile(true);
            this.writer = new IndexWriter(directory, config);
        }

        @Override
        public void addBlock(int ordinal, byte[] plain, int plainBytes) throws IOException {
            if (ordinal != blocks) {
                throw new IllegalArgumentException("expected block " + blocks + ", found " + ordinal);
            }
            BlockFacts facts = new BlockFacts();
            int records = 0;
            ByteBuffer lengths = ByteBuffer.wrap(plain, 0, plainBytes);
            while (lengths.hasRemaining()) {
                int length = lengths.getInt();
                int from = lengths.position();
                facts.add(plain, from, from + length);
                lengths.position(from + length);
                Courtesy.after(++records);
            }
            Document document = new Document();
            facts.forEach((field, value) -> document.add(new StringField(field, value, Field.Store.NO)));
            document.add(new BinaryDocValuesField(IndexFields.WORDS, new BytesRef(facts.wordFilter())));
            writer.addDocument(document);
            blocks++;
        }

        @Override
        public byte[] finish() throws IOException {
            writer.close();
            return FragmentBytes.format(directory);
        }
    }
}
