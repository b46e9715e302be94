package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Into which spans of time events are divided, in UTC, by when they happened. */
public enum Interval {
    /** Hours. */
    HOUR(TimeUnit.HOURS.toNanos(1)),
    /** Days. */
    DAY(TimeUnit.DAYS.toNanos(1)),
    /** All time as one. */
    ALL(0);

    private final long nanos;

    Interval(long nanos) {
        this.nanos = nanos;
    }

    /** Returns when the interval of a time begins, both in nanoseconds since 1970; 0 for all time. */
    public long begin(long time) {
        return nanos == 0 ? 0 : Math.floorDiv(time, nanos) * nanos;
    }

    EventCounter.Grouping<Long> grouping() {
        return new EventCounter.Grouping<>() {
            @Override
            public @Nullable String field() {
                return null;
            }

            @Override
            public Long ofTerm(BytesRef term) {
                throw new IllegalStateException("times are no terms");
            }

            @Override
            public @Nullable Long ofTimes(long first, long last) {
                return begin(first) == begin(last) ? begin(first) : null;
            }

            @Override
            public List<Long> of(LogRecord event) {
                return List.of(begin(event.occurredAt()));
            }
        };
    }
}
