package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.index.FragmentCache.EntryKey;
import dev.evidencevault.index.FragmentCache.Part;
import dev.evidencevault.index.SealedIndex.Blocks;
import dev.evidencevault.index.SealedIndex.Counter;
import dev.evidencevault.index.SealedIndex.Piece;
import dev.evidencevault.index.query.EventQuery;
import dev.evidencevault.index.query.QueryField;
import dev.evidencevault.journal.JournalFrame;
import dev.evidencevault.journal.JournalTail;
import dev.evidencevault.reader.TenantReader;
import dev.evidencevault.reader.TenantReader.RecordConsumer;
import dev.evidencevault.segment.SegmentContent;
import dev.evidencevault.segment.SegmentFile;
import dev.evidencevault.segment.SegmentFile.BlockRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one tenant, to be searched, sealed and not, in the order of the log: what was acknowledged is found by the
 * next query. The index only says which blocks are read; every record that is given was looked at itself. Can be had only from
 * the tenant's handle. Safe for use by several threads; holds no file and no thread between queries.
 */
public final class TenantIndex {
    private static final Logger LOG = LoggerFactory.getLogger(TenantIndex.class);

    /** Blocks are read in groups of at most this many. */
    private static final int GROUP_BLOCKS_MAX = 8;

    /** That many records of a stream are in memory. */
    private static final int STREAM_RECORDS = 1000;

    private static final int TAIL_BYTES = 1 << 10;

    private final TenantReader tenant;
    private final FragmentCache cache;
    private final SealedIndex sealed;

    private TenantIndex(TenantReader tenant, FragmentCache cache, Consumer<String> warnings) {
        this.tenant = tenant;
        this.cache = cache;
        this.sealed = new SealedIndex(tenant.sealedLog(), cache, warnings);
    }

    /**
     * Returns the index of a tenant.
     *
     * @param cache one for all tenants
     * @param warnings takes a sentence for each fragment that cannot be used; what it is of is then read without it
     */
    public static TenantIndex of(TenantReader tenant, FragmentCache cache, Consumer<String> warnings) {
        return new TenantIndex(tenant, cache, warnings);
    }

    /** As {@link #of(TenantReader, FragmentCache, Consumer)}, with warnings that are logged. */
    public static TenantIndex of(TenantReader tenant, FragmentCache cache) {
        return new TenantIndex(tenant, cache, warning -> LOG.warn("log {}: {}", tenant.logId(), warning));
    }

    /**
     * A part of what a query finds.
     *
     * @param records some matching records, in the order of the log
     * @param next from which seq on the rest is; empty if there was no more
     */
    public record Page(List<LogRecord> records, OptionalLong next) {
        /** Copies the list. */
        public Page {
            records = List.copyOf(records);
        }
    }

    /** Gives the matching records to a consumer until it has enough. */
    public void search(EventQuery query, RecordConsumer consumer) throws IOException {
        search(query, 0, consumer);
    }

    /** Gives the matching records from a seq on to a consumer until it has enough. */
    public void search(EventQuery query, long fromSeq, RecordConsumer consumer) throws IOException {
        QueryPlan plan = new QueryPlan(query);
        read(plan, new Matching(plan), fromSeq, null, consumer);
    }

    /**
     * Gives the events whose line holds a text, byte for byte as it stands there in UTF-8, until the consumer has enough.
     * No index knows parts of words: all blocks are read.
     *
     * @throws IllegalArgumentException if the text is empty
     */
    public void scan(String text, RecordConsumer consumer) throws IOException {
        read(new QueryPlan(EventQuery.all()), new Holding(text), 0, null, consumer);
    }

    /**
     * Returns some matching records. Pages follow upon each other without gap or repetition, however the log grows.
     *
     * @param fromSeq from which seq on: 0, or {@link Page#next} of the page before
     * @param limit the most records, 1 or more
     */
    public Page page(EventQuery query, long fromSeq, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has 1 record or more, found " + limit);
        }
        List<LogRecord> records = new ArrayList<>();
        search(query, fromSeq, record -> {
            records.add(record);
            return records.size() <= limit;
        });
        return records.size() <= limit
                ? new Page(records, OptionalLong.empty())
                : new Page(
                        records.subList(0, limit),
                        OptionalLong.of(records.get(limit).seq()));
    }

    /**
     * Returns the matching records one by one, as they are asked for. The stream holds nothing open; what goes wrong while
     * reading comes as an {@link UncheckedIOException}.
     */
    public Stream<LogRecord> stream(EventQuery query) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Pages(query), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    /** Counts the matching events. */
    public long count(EventQuery query) throws IOException {
        return count(query, 0);
    }

    /** Counts the matching events from a seq on. */
    public long count(EventQuery query, long fromSeq) throws IOException {
        return count(query, fromSeq, Interval.ALL.grouping()).getOrDefault(0L, 0L);
    }

    /**
     * Counts the matching events by when they happened. Blocks that the index tells all of are not decrypted: those that lie
     * within one interval, if the query asks for nothing but times and at most one of actor, action, outcome and privilege.
     *
     * @return by the beginning of each interval, in nanoseconds since 1970, in which there is any
     */
    public SortedMap<Long, Long> histogram(EventQuery query, Interval interval) throws IOException {
        return histogram(query, 0, interval);
    }

    /** As {@link #histogram(EventQuery, Interval)}, from a seq on. */
    public SortedMap<Long, Long> histogram(EventQuery query, long fromSeq, Interval interval) throws IOException {
        return new TreeMap<>(count(query, fromSeq, interval.grouping()));
    }

    /**
     * A value with the number of matching events that have it.
     *
     * @param value the value
     * @param count how many events
     */
    public record ValueCount(String value, long count) {}

    /**
     * Counts the matching events by one of their values. Blocks that the index tells all of are not decrypted: if the query
     * asks for nothing but times.
     *
     * @param limit the most values, 1 or more
     * @throws IllegalArgumentException if there are more than 1,000,000 different values
     * @return the most frequent values; those that are as frequent by their text
     */
    public List<ValueCount> top(EventQuery query, QueryField by, int limit) throws IOException {
        return top(query, 0, by, limit);
    }

    /** As {@link #top(EventQuery, QueryField, int)}, from a seq on. */
    public List<ValueCount> top(EventQuery query, long fromSeq, QueryField by, int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("expected 1 value or more, found " + limit);
        }
        return count(query, fromSeq, QueryPlan.byValues(by)).entrySet().stream()
                .map(each -> new ValueCount(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(ValueCount::count).reversed().thenComparing(ValueCount::value))
                .limit(limit)
                .toList();
    }

    private <K> Map<K, Long> count(EventQuery query, long fromSeq, EventCounter.Grouping<K> grouping)
            throws IOException {
        QueryPlan plan = new QueryPlan(query);
        EventCounter<K> counter = new EventCounter<>(plan, fromSeq, grouping);
        read(plan, new Matching(plan), fromSeq, counter, record -> {
            counter.add(record);
            return true;
        });
        return counter.counts();
    }

    /** Records of a query, page by page. */
    private final class Pages implements Iterator<LogRecord> {
        private final EventQuery query;
        private Iterator<LogRecord> page = Collections.emptyIterator();
        private OptionalLong next = OptionalLong.of(0);

        Pages(EventQuery query) {
            this.query = query;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && next.isPresent()) {
                try {
                    Page read = page(query, next.getAsLong(), STREAM_RECORDS);
                    page = read.records().iterator();
                    next = read.next();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return page.hasNext();
        }

        @Override
        public LogRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }
    }

    /** Reads what can match and gives what is wanted, but for what a counter has counted. */
    void read(
            QueryPlan plan, BlockLines.Wanted wanted, long fromSeq, @Nullable Counter counter, RecordConsumer consumer)
            throws IOException {
        tenant.requireReadable();
        // What is not sealed is read first: a record that is sealed in between is then seen twice, not never.
        JournalTail tail = tail();
        List<JournalFrame> frames = tail.read();
        List<Piece> pieces = sealed.pieces();
        long end = 0;
        if (!pieces.isEmpty()) {
            end = sealed.places(pieces.getLast().range().last()).sealRecord().seq() + 1;
        }
        Iterator<InOrder.Task<List<Blocks>>> candidates = pieces.stream()
                .<InOrder.Task<List<Blocks>>>map(piece -> () -> sealed.candidates(piece, plan, fromSeq, counter))
                .iterator();
        boolean all = InOrder.run(
                candidates, blocks -> InOrder.run(tasks(blocks, wanted, fromSeq), records -> give(records, consumer)));
        tail.forget(end);
        resizeTail(tail);
        if (all) {
            give(frames, wanted, Math.max(end, fromSeq), consumer);
        }
    }

    private static boolean give(List<LogRecord> records, RecordConsumer consumer) throws IOException {
        for (LogRecord record : records) {
            if (!consumer.accept(record)) {
                return false;
            }
        }
        return true;
    }

    /** Gives what is wanted of the journal; a record that was read twice is given once. */
    private static void give(List<JournalFrame> frames, BlockLines.Wanted wanted, long fromSeq, RecordConsumer consumer)
            throws IOException {
        long next = fromSeq;
        for (JournalFrame frame : frames) {
            long end = frame.firstSeq() + frame.count();
            if (end > next) {
                ByteBuffer plain = frame.plain();
                int from = plain.arrayOffset() + plain.position();
                BlockLines lines = new BlockLines(
                        frame.file(), plain.array(), from, from + plain.remaining(), frame.firstSeq(), frame.count());
                if (!give(lines.events(wanted, next), consumer)) {
                    return;
                }
                next = end;
            }
        }
    }

    /** Groups of blocks, small at first: who wants a few records has them before much is read. */
    private Iterator<InOrder.Task<List<LogRecord>>> tasks(
            List<Blocks> candidates, BlockLines.Wanted wanted, long fromSeq) throws IOException {
        List<InOrder.Task<List<LogRecord>>> tasks = new ArrayList<>();
        int size = 1;
        for (Blocks each : candidates) {
            SegmentFile segment = sealed.places(each.segment());
            List<BlockRef> group = new ArrayList<>();
            for (BlockRef block : segment.blocks()) {
                boolean possible = block.records()
                        && block.firstSeq() + block.count() > fromSeq
                        && (each.ordinals() == null || each.ordinals().get(block.ordinal()));
                if (possible) {
                    group.add(block);
                }
                if (group.size() == size) {
                    tasks.add(task(segment, group, wanted, fromSeq));
                    group = new ArrayList<>();
                    size = Math.min(GROUP_BLOCKS_MAX, 2 * size);
                }
            }
            if (!group.isEmpty()) {
                tasks.add(task(segment, group, wanted, fromSeq));
            }
        }
        return tasks.iterator();
    }

    private InOrder.Task<List<LogRecord>> task(
            SegmentFile segment, List<BlockRef> blocks, BlockLines.Wanted wanted, long fromSeq) {
        return () -> {
            List<LogRecord> records = new ArrayList<>();
            try (SegmentFile file = segment.reopened()) {
                SegmentContent content = new SegmentContent(file, tenant.keys());
                for (BlockRef block : blocks) {
                    byte[] plain = content.lines(block);
                    records.addAll(new BlockLines(file.path(), plain, 0, plain.length, block.firstSeq(), block.count())
                            .events(wanted, fromSeq));
                }
            }
            return records;
        };
    }

    private EntryKey tailKey() {
        return new EntryKey(tenant.logId(), tenant.directory().path(), 0, Part.TAIL);
    }

    private JournalTail tail() throws IOException {
        return cache.get(tailKey(), JournalTail.class, TAIL_BYTES, tenant::tail);
    }

    private void resizeTail(JournalTail tail) {
        cache.resize(tailKey(), TAIL_BYTES + tail.bytes());
    }

    /** Records that match a query. */
    private record Matching(QueryPlan plan) implements BlockLines.Wanted {
        @Override
        public boolean mayBe(byte[] source, int from, int to) {
            return plan.lines().mayMatch(source, from, to);
        }

        @Override
        public boolean is(LogRecord record) {
            return plan.matches(record);
        }
    }

    /** Records whose line holds a text. */
    private record Holding(ByteSearch text) implements BlockLines.Wanted {
        Holding(String text) {
            this(new ByteSearch(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean mayBe(byte[] source, int from, int to) {
            return text.find(source, from, to) >= 0;
        }

        @Override
        public boolean is(LogRecord record) {
            return true;
        }
    }
}
