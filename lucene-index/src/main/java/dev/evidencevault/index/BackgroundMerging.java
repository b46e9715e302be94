package dev.evidencevault.index;

import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedLog;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and merges fragments of logs one after the other, in one thread for all that has the lowest priority and ends when
 * there is nothing to do. What fails is logged; a later merge makes up for it. Safe for use by several threads.
 */
final class BackgroundMerging {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundMerging.class);
    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), BackgroundMerging::ofLowestPriority);

    private final Consumer<GatheredSegments.Run> written;

    /** Logs whose fragments wait to be merged or are being merged. */
    private final Set<LogId> merging = new HashSet<>();

    /** How many tasks wait or are being done. */
    private int begun;

    /** Whether what is written is left unmerged. */
    private boolean settling;

    /**
     * Creates the thread.
     *
     * @param written is told of each run that was handed over when it is not used any more, whether it could be written or not
     */
    BackgroundMerging(Consumer<GatheredSegments.Run> written) {
        this.written = written;
        thread.allowCoreThreadTimeOut(true);
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static Thread ofLowestPriority(Runnable task) {
        Thread made = new Thread(task, "evault-merge");
        made.setDaemon(true);
        made.setPriority(Thread.MIN_PRIORITY);
        return made;
    }

    /**
     * Merges what of a log is alike, soon.
     *
     * @param last the last segment that may be merged
     */
    synchronized void merge(SealedLog log, long last) {
        if (!settling && merging.add(log.logId())) {
            begun++;
            thread.execute(new Merge(this, log, last));
        }
    }

    /** Writes the fragment of segments, and merges what is alike then, soon. */
    synchronized void write(GatheredSegments.Run run) {
        begun++;
        thread.execute(new Write(this, run));
    }

    private static FragmentMerger merger(SealedLog log) {
        return new FragmentMerger(log, warning -> LOG.warn("log {}: {}", log.logId(), warning));
    }

    /** Merges fragments of one log. */
    private record Merge(BackgroundMerging owner, SealedLog log, long last) implements Runnable {
        @Override
        public void run() {
            try {
                merger(log).mergeAlike(last);
            } catch (IOException | RuntimeException e) {
                LOG.warn("the index fragments of log {} are not merged", log.logId(), e);
            } finally {
                owner.merged(log);
            }
        }
    }

    /** Writes one fragment. */
    private record Write(BackgroundMerging owner, GatheredSegments.Run segments) implements Runnable {
        @Override
        public void run() {
            try {
                merger(segments.log()).write(segments);
                owner.merge(segments.log(), segments.range().last());
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "segments {} to {} of log {} get no search index",
                        segments.range().from(),
                        segments.range().last(),
                        segments.log().logId(),
                        e);
            } finally {
                owner.written.accept(segments);
                owner.done();
            }
        }
    }

    private synchronized void merged(SealedLog log) {
        merging.remove(log.logId());
        done();
    }

    private synchronized void done() {
        begun--;
        notifyAll();
    }

    /** Leaves merges that wait for later, writes these runs and what waits, and returns when nothing is being done any more. */
    void settle(List<GatheredSegments.Run> runs) {
        synchronized (this) {
            settling = true;
        }
        try {
            for (Runnable each : List.copyOf(thread.getQueue())) {
                if (each instanceof Merge merge && thread.remove(merge)) {
                    merged(merge.log());
                }
            }
            runs.forEach(this::write);
            awaitAll();
        } finally {
            synchronized (this) {
                settling = false;
            }
        }
    }

    /** Waits until nothing is being done any more; an interrupt is kept for later. */
    @SuppressWarnings("WaitNotInLoop")
    synchronized void awaitAll() {
        boolean interrupted = false;
        while (begun > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
