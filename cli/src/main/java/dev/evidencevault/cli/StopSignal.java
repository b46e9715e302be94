package dev.evidencevault.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether the user asked the process to stop (Ctrl-C, SIGTERM). Safe for use by several threads. */
final class StopSignal {
    private static final long WAIT_SECONDS_MAX = 60;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final AtomicBoolean graceful = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Says whether the user asked. */
    boolean requested() {
        return requested.get();
    }

    /** Announces that the command looks at this signal and ends by itself; without it, it is cut off. */
    void willFinish() {
        graceful.set(true);
    }

    /** Says that the command has ended. */
    void ended() {
        ended.countDown();
    }

    /** Asks the command to stop, and waits for its end if it announced one. */
    void request() {
        requested.set(true);
        if (!graceful.get()) {
            return;
        }
        try {
            if (!ended.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                System.err.println("evault: the command did not end in time; the vault recovers when it is opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
