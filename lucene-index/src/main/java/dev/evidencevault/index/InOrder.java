package dev.evidencevault.index;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does tasks side by side and gives their results in order. Threads are as many as processors for all queries together, and
 * end when there is nothing to do; a result that is due and that nobody has begun with is made by whoever waits for it.
 */
final class InOrder {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int AHEAD = 2 * THREADS;
    private static final long IDLE_SECONDS = 5;

    private static final ThreadPoolExecutor POOL = pool();

    private InOrder() {}

    /** Makes a result. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws IOException;
    }

    /** Takes results one by one. */
    @FunctionalInterface
    interface Taker<T> {
        /** Takes a result; says whether to go on. */
        boolean take(T result) throws IOException;
    }

    private static ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "evault-search");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Gives the results of tasks in their order until the taker has enough; says whether it took all. */
    static <T> boolean run(Iterator<? extends Task<T>> tasks, Taker<T> taker) throws IOException {
        // Who wants only the first has it without work that is done for nothing.
        if (tasks.hasNext() && !taker.take(tasks.next().run())) {
            return false;
        }
        Deque<FutureTask<T>> begun = new ArrayDeque<>();
        try {
            while (tasks.hasNext() || !begun.isEmpty()) {
                while (begun.size() < AHEAD && tasks.hasNext()) {
                    Task<T> task = tasks.next();
                    FutureTask<T> future = new FutureTask<>(task::run);
                    begun.add(future);
                    if (begun.size() > 1 || tasks.hasNext()) {
                        POOL.execute(future);
                    }
                }
                FutureTask<T> due = begun.remove();
                due.run();
                if (!taker.take(result(due))) {
                    return false;
                }
            }
            return true;
        } finally {
            begun.forEach(future -> {
                future.cancel(false);
                POOL.remove(future);
            });
        }
    }

    private static <T> T result(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while searching");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failed) {
                throw failed;
            }
            if (cause instanceof RuntimeException failed) {
                throw failed;
            }
            if (cause instanceof Error failed) {
                throw failed;
            }
            throw new IllegalStateException(e);
        }
    }
}
