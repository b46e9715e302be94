package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * A plain Lucene index with a document for each event: what is searched as terms, the words of the line, the time, values for
 * counting, and the line itself, stored. Lucene's defaults; committed in the end.
 */
final class LuceneTarget implements AppendTarget {
    static final String TENANT = "tenant";
    static final String ACTOR = "actor";
    static final String ACTION = "action";
    static final String PRIVILEGED = "privileged";
    static final String TARGET = "target";
    static final String TIME = "time";
    static final String WORDS = "words";
    static final String LINE = "line";

    private final FSDirectory directory;
    private final IndexWriter writer;
    private final String[] tenants;
    private final AtomicLong seq = new AtomicLong();

    LuceneTarget(Path directory, int tenants) throws IOException {
        this.directory = FSDirectory.open(directory);
        this.writer =
                new IndexWriter(this.directory, new IndexWriterConfig(new StandardAnalyzer()).setRAMBufferSizeMB(256));
        this.tenants = AppendTarget.tenantNames(tenants);
    }

    @Override
    public Producer producer() {
        return new LuceneProducer();
    }

    @Override
    public void settle() throws IOException {
        writer.commit();
    }

    @Override
    public void close() throws IOException {
        writer.close();
        directory.close();
    }

    private final class LuceneProducer implements Producer {
        private final EventLine line = new EventLine();

        @Override
        public void append(int tenant, Sample sample) throws IOException {
            byte[] bytes;
            int length = line.encode(tenants[tenant], seq.getAndIncrement(), sample);
            bytes = Arrays.copyOf(line.array(), length - 1);
            long time = System.currentTimeMillis();
            Document document = new Document();
            document.add(new StringField(TENANT, tenants[tenant], Field.Store.NO));
            document.add(new StringField(ACTOR, sample.actor(), Field.Store.NO));
            document.add(new SortedSetDocValuesField(ACTOR, new BytesRef(sample.actor())));
            document.add(new StringField(ACTION, sample.action(), Field.Store.NO));
            document.add(new StringField(PRIVILEGED, Boolean.toString(sample.privileged()), Field.Store.NO));
            if (sample.target() != null) {
                document.add(new StringField(TARGET, sample.target(), Field.Store.NO));
            }
            document.add(new LongPoint(TIME, time));
            document.add(new SortedNumericDocValuesField(TIME, time));
            document.add(new TextField(WORDS, new String(bytes, UTF_8), Field.Store.NO));
            document.add(new StoredField(LINE, bytes));
            writer.addDocument(document);
        }

        @Override
        public void append(int tenant, Sample sample, Runnable done) throws IOException {
            append(tenant, sample);
            done.run();
        }

        @Override
        public void awaitDone() {}

        @Override
        public void close() {}
    }
}
