package dev.evidencevault.benchmarks.targets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** The search of a plain Lucene index. There is one tenant, so that asking for it excludes nothing and is left out. */
final class LuceneSearch implements SearchTarget {
    private static final long HOUR_MILLIS = 3_600_000;

    private final FSDirectory directory;
    private DirectoryReader reader;

    LuceneSearch(Path directory) throws IOException {
        this.directory = FSDirectory.open(directory);
        this.reader = DirectoryReader.open(this.directory);
    }

    /** Takes a document; says whether to go on. */
    private interface Hit {
        boolean take(LeafReaderContext leaf, int doc) throws IOException;
    }

    private void each(Term term, Hit hit) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            PostingsEnum postings = leaf.reader().postings(term, PostingsEnum.NONE);
            if (postings == null) {
                continue;
            }
            for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                if (!hit.take(leaf, doc)) {
                    return;
                }
            }
        }
    }

    private long lines(Term term, int limit) throws IOException {
        StoredFields stored = reader.storedFields();
        long[] found = new long[1];
        each(term, (leaf, doc) -> {
            BytesRef line = stored.document(leaf.docBase + doc).getBinaryValue(LuceneTarget.LINE);
            found[0] += line.length > 0 ? 1 : 0;
            return found[0] < limit;
        });
        return found[0];
    }

    @Override
    public long ofActor(String actor) throws IOException {
        return lines(new Term(LuceneTarget.ACTOR, actor), Integer.MAX_VALUE);
    }

    @Override
    public long firstOfActor(String actor, int limit) throws IOException {
        return lines(new Term(LuceneTarget.ACTOR, actor), limit);
    }

    @Override
    public long withWord(String word) throws IOException {
        return lines(new Term(LuceneTarget.WORDS, word), Integer.MAX_VALUE);
    }

    @Override
    public long holding(String text) throws IOException {
        StoredFields stored = reader.storedFields();
        long found = 0;
        for (int doc = 0; doc < reader.maxDoc(); doc++) {
            BytesRef line = stored.document(doc).getBinaryValue(LuceneTarget.LINE);
            found += new String(line.bytes, line.offset, line.length, UTF_8).contains(text) ? 1 : 0;
        }
        return found;
    }

    @Override
    public long histogram(String actor) throws IOException {
        Map<Long, Long> hours = new HashMap<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            SortedNumericDocValues times = DocValues.getSortedNumeric(leaf.reader(), LuceneTarget.TIME);
            PostingsEnum postings = leaf.reader().postings(new Term(LuceneTarget.ACTOR, actor), PostingsEnum.NONE);
            if (postings == null) {
                continue;
            }
            for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                if (times.advanceExact(doc)) {
                    hours.merge(times.nextValue() / HOUR_MILLIS, 1L, Long::sum);
                }
            }
        }
        return hours.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public long actors() throws IOException {
        Terms terms = MultiTerms.getTerms(reader, LuceneTarget.ACTOR);
        TermsEnum each = terms.iterator();
        Map<String, Integer> counts = new HashMap<>();
        for (BytesRef term = each.next(); term != null; term = each.next()) {
            counts.put(term.utf8ToString(), each.docFreq());
        }
        return counts.size();
    }

    @Override
    public void forget() throws IOException {
        reader.close();
        reader = DirectoryReader.open(directory);
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
