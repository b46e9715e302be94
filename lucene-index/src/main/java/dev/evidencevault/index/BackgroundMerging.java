package dev.evidencevault.index;

import dev.evidencevault.format.LogId;
import dev.evidencevault.segment.SealedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges fragments of logs one after the other, in one thread for all that has the lowest priority and ends when there is
 * nothing to do. A merge that fails is logged and done again when the log has grown. Safe for use by several threads.
 */
final class BackgroundMerging {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundMerging.class);
    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), BackgroundMerging::ofLowestPriority);

    /** Logs that wait or are being merged. */
    private final Set<LogId> begun = new HashSet<>();

    BackgroundMerging() {
        thread.allowCoreThreadTimeOut(true);
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static Thread ofLowestPriority(Runnable task) {
        Thread made = new Thread(task, "evault-merge");
        made.setDaemon(true);
        made.setPriority(Thread.MIN_PRIORITY);
        return made;
    }

    /** Merges what of a log is alike, soon. */
    void submit(SealedLog log) {
        synchronized (this) {
            if (!begun.add(log.logId())) {
                return;
            }
        }
        thread.execute(new Merge(this, log));
    }

    /** The work for one log. */
    private record Merge(BackgroundMerging merging, SealedLog log) implements Runnable {
        @Override
        public void run() {
            try {
                new FragmentMerger(log, warning -> LOG.warn("log {}: {}", log.logId(), warning)).mergeAlike();
            } catch (IOException | RuntimeException e) {
                LOG.warn("the index fragments of log {} are not merged", log.logId(), e);
            } finally {
                merging.done(log);
            }
        }
    }

    private synchronized void done(SealedLog log) {
        begun.remove(log.logId());
        notifyAll();
    }

    /** Leaves what waits for later, and waits until nothing is being merged. */
    void settle() {
        List<Runnable> waiting = new ArrayList<>();
        thread.getQueue().drainTo(waiting);
        for (Runnable each : waiting) {
            if (each instanceof Merge merge) {
                done(merge.log());
            }
        }
        awaitAll();
    }

    /** Waits until all is merged; an interrupt is kept for later. */
    @SuppressWarnings("WaitNotInLoop")
    synchronized void awaitAll() {
        boolean interrupted = false;
        while (!begun.isEmpty()) {
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
