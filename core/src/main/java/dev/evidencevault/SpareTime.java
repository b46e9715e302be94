package dev.evidencevault;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * The processor time that this process leaves unused, for work that can wait. Other processes are not seen: what they use
 * counts as unused. Safe for use by several threads.
 */
final class SpareTime {
    /** No more than this is saved up: what stood idle a while ago says nothing about now. */
    private static final long SAVED_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * Of so many idle nanoseconds one is spent. What is spent is no longer idle, so that four fifths of the time that
     * others leave is used in the end.
     */
    private static final int SPENT_SHARE = 4;

    private final int processors = Runtime.getRuntime().availableProcessors();
    private long wall = Long.MIN_VALUE;
    private long used;
    private long saved;

    /** Takes so much time if there is so much; says whether there was. */
    synchronized boolean take(long nanos) {
        long now = System.nanoTime();
        long usedNow = processNanos();
        if (wall == Long.MIN_VALUE) {
            wall = now;
            used = usedNow;
            return false;
        }
        long idle = processors * (now - wall) - (usedNow - used);
        wall = now;
        used = usedNow;
        saved = Math.clamp(saved + idle, 0, SAVED_NANOS_MAX);
        long cost = nanos / SPENT_SHARE;
        if (saved < cost) {
            return false;
        }
        saved -= cost;
        return true;
    }

    private static long processNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : Long.MAX_VALUE / 2;
    }
}
