package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.ByteBuffersDirectory;

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
        public void addBlock(int ordinal, List<LogRecord> records) throws IOException {
            if (ordinal != blocks) {
                throw new IllegalArgumentException("expected block " + blocks + ", found " + ordinal);
            }
            Document document = new Document();
            Set<String> words = new HashSet<>();
            Set<List<String>> values = new HashSet<>();
            for (LogRecord record : records) {
                record.actorIds().forEach(id -> values.add(List.of(IndexFields.ACTOR, id)));
                values.add(List.of(IndexFields.ACTION, record.action()));
                values.add(List.of(IndexFields.OUTCOME, record.outcome()));
                String service = record.service();
                if (service != null) {
                    values.add(List.of(IndexFields.SERVICE, service));
                }
                if (record.privileged()) {
                    values.add(List.of(IndexFields.PRIVILEGED, "true"));
                }
                Words.of(record).forEach(word -> words.add(IndexFields.indexed(word)));
            }
            values.forEach(value -> IndexFields.add(document, value.get(0), value.get(1)));
            words.forEach(word -> IndexFields.add(document, IndexFields.WORD, word));
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
