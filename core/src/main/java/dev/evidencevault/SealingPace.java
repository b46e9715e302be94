package dev.evidencevault;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * When records are sealed, and how much of the machine that takes: while commits come fast and there is room for what is
 * not sealed, sealing lives on the processor time that nobody else uses; when a seal is due, or asked for, or room gets
 * scarce, it takes what it gets. Methods that say so belong to the committer, the others to everybody.
 */
final class SealingPace {
    /** From so much on records are sealed, for each log that has some: smaller segments cost more for each record. */
    private static final long BYTES_PER_LOG = 4 << 20;

    private static final long BYTES_MIN = 32 << 20;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What a block takes to seal, roughly. */
    private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final VaultOptions options;
    private final WriterMeters meters;
    private final AppendQueue queue;
    private final BooleanSupplier failed;
    private final SpareTime spare = new SpareTime();
    private final AtomicInteger urgentJobs = new AtomicInteger();
    private volatile long oldestNanos = Long.MAX_VALUE;

    // The committer's.
    private long bytes;
    private long deadline = Long.MAX_VALUE;

    /** How the sealing of one job is to proceed. */
    interface Pace {
        /** Waits until there is time for another block. */
        void giveWay();

        /** Says whether all threads are to be used; else one processor is left to whoever appends. */
        boolean isUrgent();

        /** As fast as it goes. */
        Pace AT_ONCE = new Pace() {
            @Override
            public void giveWay() {}

            @Override
            public boolean isUrgent() {
                return true;
            }
        };
    }

    SealingPace(VaultOptions options, WriterMeters meters, AppendQueue queue, BooleanSupplier failed) {
        this.options = options;
        this.meters = meters;
        this.queue = queue;
        this.failed = failed;
    }

    /** Notes records that wait to be sealed now. The committer's. */
    void add(long recordBytes, long appendedNanos) {
        bytes += recordBytes;
        if (deadline == Long.MAX_VALUE) {
            deadline = System.nanoTime() + options.sealAfter().toNanos();
            oldestNanos = appendedNanos;
        }
    }

    /** Says when the seal of what waits is due, as {@link System#nanoTime} tells it. The committer's. */
    long deadline() {
        return deadline;
    }

    /** Says whether the seal of what waits is due. The committer's. */
    boolean isDue() {
        return deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0;
    }

    /** Says whether anything waits to be cut. The committer's. */
    boolean hasUncut() {
        return bytes > 0;
    }

    /**
     * Says whether what waits, of so many logs, is to be handed to the sealer. The committer's.
     *
     * @param idle whether the sealer has nothing to do
     */
    boolean cutIsDue(int logs, boolean idle) {
        if (bytes == 0) {
            return false;
        }
        long half = options.unsealedBytesMax() / 2;
        long enough = Math.min(Math.max(BYTES_MIN, logs * BYTES_PER_LOG), half);
        return isDue() || bytes >= half || bytes >= enough && idle;
    }

    /** Notes that all that waited was handed to the sealer; returns the pace for it. The committer's. */
    Pace cut() {
        long due = deadline;
        bytes = 0;
        deadline = Long.MAX_VALUE;
        return new Pace() {
            @Override
            public void giveWay() {
                SealingPace.this.giveWay(due);
            }

            @Override
            public boolean isUrgent() {
                return urgentJobs.get() > 0 || meters.unsealedBytes() >= options.unsealedBytesMax() / 2;
            }
        };
    }

    /** Makes everything that waits urgent, until {@link #calmDown} was called as often. */
    void hurry() {
        urgentJobs.incrementAndGet();
    }

    void calmDown() {
        urgentJobs.decrementAndGet();
    }

    /** How long ago the oldest record that is not sealed was appended, in nanoseconds; 0 if all are. */
    long lagNanos() {
        long oldest = oldestNanos;
        return oldest == Long.MAX_VALUE || meters.unsealedBytes() == 0 ? 0 : Math.max(0, System.nanoTime() - oldest);
    }

    private void giveWay(long due) {
        while (queue.bytes() >= CommitWriter.LARGE_BYTES
                && meters.unsealedBytes() < options.unsealedBytesMax() / 4 * 3
                && System.nanoTime() - due < 0
                && urgentJobs.get() == 0
                && !spare.take(BLOCK_NANOS)
                && !failed.getAsBoolean()) {
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }
}
