package dev.evidencevault;

import dev.evidencevault.anchor.AnchorWriter;
import dev.evidencevault.crypto.merkle.CompactRange;
import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.RecordBlock;
import dev.evidencevault.segment.SealingBuffers;
import dev.evidencevault.segment.SegmentIndexer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns runs of records into segments, anchors them, and lets the journal go, in this order: whatever a crash leaves, a
 * record is in the journal, or in a segment, or in both. Jobs are done one after the other; within a job segments of
 * different logs are written side by side, since most of the time of a small one goes into its syncs.
 *
 * <p>Jobs are handed over by one thread. A job that fails ends it: every later one fails, too.
 */
final class Sealer {
    private static final long IDLE_SECONDS = 5;

    private static final int BATCH_LOGS_MAX = 32;
    private static final int BATCHES_PER_THREAD = 8;

    private static final int CALM_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    private final AnchorWriter anchors;
    private final @Nullable SegmentIndexer indexer;
    private final int threads;
    private final WriterMeters meters;
    private Consumer<Throwable> failed = cause -> {};
    private final ThreadPoolExecutor jobs = pool("evault-seal", 1);
    private final ThreadPoolExecutor helpers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder records = new LongAdder();
    private final BlockPool pool;
    private final CheckpointDelivery delivery;
    private volatile boolean broken;
    private volatile long lastTime = Long.MIN_VALUE;

    /** A step that waits until something is durable, or makes it so. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * What is to be sealed.
     *
     * @param runs the runs of each log, in their order
     * @param alsoAnchor where logs without runs end whose segments are not anchored yet
     * @param always says whether an anchor is made though no log has grown
     * @param time the anchor's time
     * @param durable returns when all records of the runs are in the journal for good
     * @param letGo removes what of the journal holds nothing else
     * @param pace how fast
     */
    record Job(
            Map<LogState, List<LogState.Run>> runs,
            Map<LogId, CompactRange> alsoAnchor,
            boolean always,
            long time,
            Step durable,
            Step letGo,
            SealingPace.Pace pace) {}

    Sealer(
            AnchorWriter anchors,
            @Nullable SegmentIndexer indexer,
            int threads,
            WriterMeters meters,
            BlockPool pool,
            CheckpointDelivery delivery) {
        this.anchors = anchors;
        this.delivery = delivery;
        this.indexer = indexer;
        this.threads = threads;
        this.helpers = pool("evault-work", Math.max(2, threads));
        this.meters = meters;
        this.pool = pool;
        anchors.latestTime().ifPresent(time -> lastTime = time);
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Daemon.of(name, task));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Says who is told what went wrong; before the first job. */
    void start(Consumer<Throwable> onFailure) {
        failed = onFailure;
    }

    /** Hands a job over. What it returns is done when the job is. */
    CompletableFuture<Void> submit(Job job) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.incrementAndGet();
        jobs.execute(() -> {
            try {
                if (broken) {
                    throw new IOException("sealing has failed before");
                }
                seal(job);
                waiting.decrementAndGet();
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                broken = true;
                waiting.decrementAndGet();
                failed.accept(e);
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** Says whether no job waits or is being done. */
    boolean isIdle() {
        return waiting.get() == 0;
    }

    /** Returns the time of the latest anchor, in nanoseconds since 1970; {@link Long#MIN_VALUE} if there is none. */
    long lastAnchorTime() {
        return lastTime;
    }

    private void seal(Job job) throws IOException {
        long begin = System.nanoTime();
        job.durable().run();
        writeAll(job);
        Map<LogId, CompactRange> heads = new HashMap<>(job.alsoAnchor());
        for (LogState log : job.runs().keySet()) {
            heads.put(log.logId(), log.segments().end().tree());
        }
        if (!heads.isEmpty() || job.always()) {
            delivery.offer(anchors.write(heads, job.time()));
            lastTime = Math.max(lastTime, job.time());
        }
        job.letGo().run();
        meters.sealed(job.runs().size(), records.sumThenReset(), System.nanoTime() - begin);
    }

    /**
     * Writes the segments of all logs: one after the other for a log, several logs at once. Logs are taken in batches,
     * since their directories are synced faster together.
     */
    private void writeAll(Job job) throws IOException {
        List<Map.Entry<LogState, List<LogState.Run>>> logs =
                List.copyOf(job.runs().entrySet());
        int size = Math.clamp(logs.size() / (BATCHES_PER_THREAD * threads), 1, BATCH_LOGS_MAX);
        List<List<Map.Entry<LogState, List<LogState.Run>>>> batches = new ArrayList<>();
        for (int i = 0; i < logs.size(); i += size) {
            batches.add(logs.subList(i, Math.min(logs.size(), i + size)));
        }
        Queue<SealingBuffers> spare = new ConcurrentLinkedQueue<>();
        try {
            SideBySide.run(Math.min(threads, CALM_THREADS), threads, job.pace()::isUrgent, batches, batch -> {
                SealingBuffers free = spare.poll();
                SealingBuffers buffers = free == null ? new SealingBuffers() : free;
                for (Map.Entry<LogState, List<LogState.Run>> entry : batch) {
                    write(entry.getKey(), entry.getValue(), job, buffers);
                }
                spare.add(buffers);
                for (Map.Entry<LogState, List<LogState.Run>> entry : batch) {
                    entry.getKey().segments().name();
                }
                for (Map.Entry<LogState, List<LogState.Run>> entry : batch) {
                    entry.getKey().segments().syncNames();
                    tellIndexer(entry.getKey());
                }
            });
        } finally {
            spare.forEach(SealingBuffers::close);
        }
    }

    private void write(LogState log, List<LogState.Run> runs, Job job, SealingBuffers buffers) throws IOException {
        // With many logs all threads have work without it.
        ExecutorService helping = job.runs().size() < threads && job.pace().isUrgent() ? helpers : null;
        for (LogState.Run run : runs) {
            log.segments()
                    .write(
                            run.opened().keys(),
                            run.blocks(),
                            run.sealedAt(),
                            run.opened().keyFile(),
                            indexer,
                            job.pace()::giveWay,
                            buffers,
                            helping);
            meters.addUnsealed(-run.bytes());
            records.add(run.blocks().stream().mapToInt(RecordBlock::count).sum());
            run.blocks().forEach(pool::give);
        }
    }

    private void tellIndexer(LogState log) throws IOException {
        if (indexer != null) {
            indexer.sealed(
                    log.segments().sealedLog(log.open().keys()), log.segments().end());
        }
    }

    /** Ends the threads when the jobs that were handed over are done, and the last checkpoint is delivered. */
    void close() {
        jobs.shutdown();
        helpers.shutdown();
        delivery.close();
    }
}
