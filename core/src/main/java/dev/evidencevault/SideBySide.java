package dev.evidencevault;

import java.io.IOException;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Does one thing for many, several at a time. */
final class SideBySide {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private SideBySide() {}

    /** What is done for each. */
    @FunctionalInterface
    interface Task<T> {
        void run(T each) throws IOException;
    }

    /**
     * Does it for all, and returns when it is done.
     *
     * @param threads how many at a time, the caller's among them
     * @throws IOException if it failed for one; what was not begun then is not done
     */
    static <T> void run(int threads, Collection<T> all, Task<T> task) throws IOException {
        run(threads, threads, () -> true, all, task);
    }

    /**
     * Does it for all, and returns when it is done.
     *
     * @param threads how many at a time, the caller's among them
     * @param threadsMax how many while {@code urgent} says so
     * @throws IOException if it failed for one; what was not begun then is not done
     */
    static <T> void run(int threads, int threadsMax, BooleanSupplier urgent, Collection<T> all, Task<T> task)
            throws IOException {
        Queue<T> left = new ConcurrentLinkedQueue<>(all);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        IntConsumer work = number -> {
            while (number >= threads && !urgent.getAsBoolean() && !left.isEmpty()) {
                LockSupport.parkNanos(left, POLL_NANOS);
            }
            for (T each = left.poll(); each != null; each = left.poll()) {
                try {
                    task.run(each);
                } catch (IOException | RuntimeException e) {
                    failure.compareAndSet(null, e);
                    left.clear();
                }
            }
        };
        Thread[] others = new Thread[Math.max(0, Math.min(threadsMax, all.size()) - 1)];
        for (int i = 0; i < others.length; i++) {
            int number = i + 1;
            others[i] = Daemon.start("evault-work", () -> work.accept(number));
        }
        work.accept(0);
        for (Thread other : others) {
            Daemon.join(other);
        }
        Exception failed = failure.get();
        if (failed instanceof IOException e) {
            throw e;
        } else if (failed instanceof RuntimeException e) {
            throw e;
        }
    }
}
