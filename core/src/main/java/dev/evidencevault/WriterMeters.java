package dev.evidencevault;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the parts of the writer count, for {@link VaultStatus} and {@link VaultObserver}. Safe for use by several threads. */
final class WriterMeters {
    private final @Nullable VaultObserver observer;
    private final LongAdder events = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicLong unsealedBytes = new AtomicLong();

    WriterMeters(@Nullable VaultObserver observer) {
        this.observer = observer;
    }

    void committed(List<CommitWriter.Group> groups, long bytes, long beginNanos) {
        long now = System.nanoTime();
        long count = 0;
        long oldest = 0;
        for (CommitWriter.Group group : groups) {
            count += group.records();
            oldest = Math.max(oldest, now - group.oldestNanos());
        }
        events.add(count);
        if (observer != null) {
            observer.committed(count, bytes, Duration.ofNanos(now - beginNanos), Duration.ofNanos(oldest));
        }
    }

    void sealed(int logs, long records, long tookNanos) {
        if (observer != null) {
            observer.sealed(logs, records, Duration.ofNanos(tookNanos));
        }
    }

    void refused(AppendRefusedException.Reason reason, long count) {
        refused.add(count);
        if (observer != null) {
            observer.refused(reason, count);
        }
    }

    void addUnsealed(long bytes) {
        unsealedBytes.addAndGet(bytes);
    }

    long unsealedBytes() {
        return unsealedBytes.get();
    }

    long events() {
        return events.sum();
    }

    long refusedEvents() {
        return refused.sum();
    }
}
