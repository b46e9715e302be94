package dev.evidencevault;

import dev.evidencevault.crypto.note.SignedNote;
import dev.evidencevault.sink.CheckpointSink;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings checkpoints to the sinks, in a thread of its own, so that nobody waits for one. Only the latest counts: one that
 * was overtaken is not delivered any more. What fails is tried again with the next checkpoint, and once a minute.
 */
final class CheckpointDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDelivery.class);
    private static final long RETRY_MILLIS = Duration.ofMinutes(1).toMillis();

    private final List<CheckpointSink> sinks;
    private final @Nullable VaultObserver observer;
    private final Object lock = new Object();

    // Guarded by the lock.
    private @Nullable SignedNote latest;
    private boolean fresh;
    private boolean closing;
    private @Nullable Thread thread;

    CheckpointDelivery(List<CheckpointSink> sinks, @Nullable VaultObserver observer) {
        this.sinks = sinks;
        this.observer = observer;
    }

    /** Hands a checkpoint over that follows all before it. */
    void offer(SignedNote checkpoint) {
        if (sinks.isEmpty()) {
            return;
        }
        synchronized (lock) {
            latest = checkpoint;
            fresh = true;
            if (thread == null) {
                thread = Daemon.start("evault-deliver", this::run);
            }
            lock.notifyAll();
        }
    }

    private void run() {
        Set<CheckpointSink> behind = new HashSet<>();
        while (true) {
            SignedNote checkpoint;
            synchronized (lock) {
                if (!fresh && !closing) {
                    Daemon.await(lock, behind.isEmpty() ? 0 : RETRY_MILLIS);
                }
                if (!fresh && closing || latest == null) {
                    return;
                }
                if (fresh) {
                    behind.addAll(sinks);
                }
                fresh = false;
                checkpoint = latest;
            }
            behind.removeIf(sink -> deliver(sink, checkpoint));
        }
    }

    private boolean deliver(CheckpointSink sink, SignedNote checkpoint) {
        try {
            sink.deliver(checkpoint);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("a checkpoint was not delivered to {}; it will be tried again", sink.name(), e);
            if (observer != null) {
                observer.deliveryFailed(sink.name());
            }
            return false;
        }
    }

    /** Delivers what waits, once, and ends the thread. */
    void close() {
        Thread delivering;
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
            delivering = thread;
        }
        if (delivering != null) {
            Daemon.join(delivering);
        }
    }
}
