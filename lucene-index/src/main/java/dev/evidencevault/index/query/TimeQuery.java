package dev.evidencevault.index.query;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the time at which an event happened. One end at least is given.
 *
 * @param from the earliest time, in nanoseconds since 1970
 * @param to the first time that is too late, in nanoseconds since 1970
 */
public record TimeQuery(@Nullable Long from, @Nullable Long to) implements EventQuery {
    static final String LABEL = "time";
    static final String BETWEEN = "..";

    /** Checks the ends. */
    public TimeQuery {
        if (from == null && to == null) {
            throw new IllegalArgumentException("expected a time from or to which it happened");
        }
        if (from != null && to != null && from >= to) {
            throw new IllegalArgumentException("expected a range of time that ends after it begins, found "
                    + Timestamps.format(from) + BETWEEN + Timestamps.format(to));
        }
    }

    @Override
    public boolean matches(LogRecord record) {
        return coversAnyOf(record.occurredAt(), record.occurredAt());
    }

    @Override
    public boolean coversAnyOf(long first, long last) {
        return (from == null || last >= from) && (to == null || first < to);
    }

    @Override
    public boolean coversAllOf(long first, long last) {
        return (from == null || first >= from) && (to == null || last < to);
    }

    @Override
    public String toString() {
        return LABEL + ":" + (from == null ? "" : Timestamps.format(from)) + BETWEEN
                + (to == null ? "" : Timestamps.format(to));
    }
}
