package dev.evidencevault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be committed, in stripes, so that callers seldom meet: a thread always uses the same stripe, and so its
 * appends keep their order. Bounded by bytes over all stripes. Many threads put, one takes.
 */
final class AppendQueue {
    private static final int STRIPES = 4;

    private final long bytesMax;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong queuedRecords = new AtomicLong();

    /** Guards {@link #waiting}, and is notified when there is room again or never will be. */
    private final Object room = new Object();

    private volatile int waiting;
    private volatile @Nullable Thread sleeper;
    private volatile boolean closed;

    private static final class Stripe {
        Append[] appends = new Append[64];
        int count;
        long oldestNanos;
    }

    /** How a put ended. */
    enum Outcome {
        DONE,
        FULL,
        CLOSED
    }

    /**
     * What was taken.
     *
     * @param appends in the order of their threads
     * @param oldestNanos when the first of them was put, as {@link System#nanoTime} tells it
     * @param bytes how many bytes
     */
    record Taken(List<Append> appends, long oldestNanos, long bytes) {}

    AppendQueue(long bytesMax) {
        this.bytesMax = bytesMax;
        Arrays.setAll(stripes, i -> new Stripe());
    }

    /** Puts an append into the queue; waits for room if there is none and {@code block} says so. */
    Outcome put(Append append, boolean block) {
        long bytes = append.bytes();
        while (queuedBytes.get() >= bytesMax) {
            if (!block) {
                return closed ? Outcome.CLOSED : Outcome.FULL;
            }
            awaitRoom();
            if (closed) {
                return Outcome.CLOSED;
            }
        }
        Stripe stripe = stripes[(int) Thread.currentThread().threadId() & STRIPES - 1];
        synchronized (stripe) {
            if (closed) {
                return Outcome.CLOSED;
            }
            if (stripe.count == stripe.appends.length) {
                stripe.appends = Arrays.copyOf(stripe.appends, 2 * stripe.count);
            }
            if (stripe.count == 0) {
                stripe.oldestNanos = System.nanoTime();
            }
            stripe.appends[stripe.count++] = append;
            queuedBytes.getAndAdd(bytes);
            queuedRecords.getAndAdd(append.count());
        }
        wake();
        return Outcome.DONE;
    }

    /** Wakes the taking thread if it sleeps. */
    void wake() {
        Thread thread = sleeper;
        if (thread != null) {
            sleeper = null;
            LockSupport.unpark(thread);
        }
    }

    private void awaitRoom() {
        boolean interrupted = false;
        synchronized (room) {
            waiting++;
            try {
                while (queuedBytes.get() >= bytesMax && !closed) {
                    try {
                        room.wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                waiting--;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets the taking thread sleep until something is put, {@link #wake} is called, or time has passed.
     *
     * @param more says, once it is known that calls of wake will be heard, whether there is something to do already
     */
    void sleep(long nanos, java.util.function.BooleanSupplier more) {
        sleeper = Thread.currentThread();
        if (queuedBytes.get() == 0 && queuedRecords.get() == 0 && !more.getAsBoolean()) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }

    boolean isEmpty() {
        return queuedRecords.get() == 0;
    }

    long bytes() {
        return queuedBytes.get();
    }

    long records() {
        return queuedRecords.get();
    }

    /** Takes all that waits. */
    Taken take() {
        List<Append> taken = new ArrayList<>();
        long oldest = Long.MAX_VALUE;
        long now = System.nanoTime();
        long bytes = 0;
        long records = 0;
        for (Stripe stripe : stripes) {
            Append[] appends;
            int count;
            synchronized (stripe) {
                count = stripe.count;
                if (count == 0) {
                    continue;
                }
                appends = stripe.appends;
                oldest = Math.min(oldest, stripe.oldestNanos - now);
                stripe.appends =
                        new Append[appends.length > 4 * count ? Math.max(64, appends.length / 2) : appends.length];
                stripe.count = 0;
            }
            List<Append> list = Arrays.asList(appends).subList(0, count);
            taken = taken.isEmpty() ? list : join(taken, list);
            for (Append append : list) {
                bytes += append.bytes();
                records += append.count();
            }
        }
        if (records > 0) {
            queuedRecords.getAndAdd(-records);
            queuedBytes.getAndAdd(-bytes);
            if (waiting > 0) {
                synchronized (room) {
                    room.notifyAll();
                }
            }
        }
        return new Taken(taken, oldest == Long.MAX_VALUE ? now : now + oldest, bytes);
    }

    private static List<Append> join(List<Append> first, List<Append> second) {
        List<Append> joined = new ArrayList<>(first.size() + second.size());
        joined.addAll(first);
        joined.addAll(second);
        return joined;
    }

    /** Lets nothing more in; who waits for room is told. What is in the queue stays. */
    void close() {
        closed = true;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                // Whoever was about to put has put.
            }
        }
        synchronized (room) {
            room.notifyAll();
        }
        wake();
    }
}
