package dev.evidencevault;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waiting, for threads that nobody but the vault may stop. */
final class Uninterrupted {
    private static final Logger LOG = LoggerFactory.getLogger(Uninterrupted.class);

    private Uninterrupted() {}

    /**
     * Waits for the end of a task.
     *
     * @throws IOException if it failed, with its message and with what it threw as the cause
     */
    static void get(Future<?> task) throws IOException {
        while (true) {
            try {
                task.get();
                return;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new IOException(String.valueOf(cause.getMessage()), cause);
            } catch (InterruptedException e) {
                LOG.warn(
                        "the thread {} was interrupted, which has no effect",
                        Thread.currentThread().getName());
            }
        }
    }
}
