package dev.evidencevault.cli;

import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.Timestamps;
import dev.evidencevault.index.query.QueryField;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Counts events by what they have: when they happened, or a value. For one thread. */
final class EventTally {
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);

    /** So many different values fit into a heap of some hundred megabytes. */
    private static final int VALUES_MAX = 1_000_000;

    private final Function<LogRecord, List<String>> values;
    private final Map<String, Long> counts = new HashMap<>();

    private EventTally(Function<LogRecord, List<String>> values) {
        this.values = values;
    }

    /** Counts by the hour or day in which events happened. */
    static EventTally ofTimes(Duration width) {
        long nanos = width.toNanos();
        int chars = width.equals(DAY) ? "2026-05-01".length() : "2026-05-01T09".length();
        String rest = width.equals(DAY) ? "" : ":00Z";
        return new EventTally(record -> {
            long from = record.occurredAt() - Math.floorMod(record.occurredAt(), nanos);
            return List.of(Timestamps.format(from).substring(0, chars) + rest);
        });
    }

    /** Counts by the values of a field; an event with several counts for each. */
    static EventTally ofValues(QueryField field) {
        return new EventTally(record -> field.in(record).stream().distinct().toList());
    }

    /** Counts an event; says that there can be more. */
    boolean add(LogRecord record) {
        for (String value : values.apply(record)) {
            counts.merge(value, 1L, Long::sum);
        }
        if (counts.size() > VALUES_MAX) {
            throw new UsageException("there are more than " + VALUES_MAX
                    + " different values; narrow the search, as with --from and --to");
        }
        return true;
    }

    /** Returns values and their counts, in the order of the values. */
    List<Map.Entry<String, Long>> ascending() {
        return counts.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    /** Returns the most frequent values and their counts, the most frequent first, those of one count by their order. */
    List<Map.Entry<String, Long>> mostFrequent(long most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .toList();
    }
}
