package dev.evidencevault.retention;

import dev.evidencevault.cases.Hold;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a log loses if its rules are applied now. Immutable.
 *
 * @param tenant whose log
 * @param segments the last segment that goes, and all before it that are still there; 0 if none goes
 * @param from the first segment that goes, or would
 * @param leaves how many leaves the log has up to there, seals included
 * @param oldestKeys how many of its keys go
 * @param bytes the length of the segments that go: they stay as files that nobody can read
 * @param services what goes of each service; under "" what names none
 * @param waitingSegments how many more are over and stay until all that is under the same key is
 * @param holds what keeps it; if there is any, nothing goes
 * @param rotationDue whether the log is to get new keys, so that what comes next can go without what follows that
 */
public record RetentionPlan(
        String tenant,
        long from,
        long segments,
        long leaves,
        int oldestKeys,
        long bytes,
        SortedMap<String, OfService> services,
        long waitingSegments,
        List<Hold> holds,
        boolean rotationDue) {

    /** Copies the collections. */
    public RetentionPlan {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        holds = List.copyOf(holds);
    }

    /**
     * What goes of a service.
     *
     * @param records how many records
     * @param oldest when the first was recorded, in nanoseconds since 1970
     * @param newest when the last was recorded, likewise
     * @param rule what they are under; null for what tells of the log and is kept as what stands beside it
     */
    public record OfService(
            long records,
            long oldest,
            long newest,
            @Nullable RetentionRule rule) {}

    /** Says whether there is something that has to go, held or not. */
    public boolean isOver() {
        return oldestKeys > 0;
    }

    /** Says whether something goes. */
    public boolean isDue() {
        return isOver() && holds.isEmpty();
    }

    /** Returns how many records go, or would. */
    public long records() {
        return services.values().stream().mapToLong(OfService::records).sum();
    }

    /** Returns when the oldest record that goes, or would, was recorded, in nanoseconds since 1970. */
    public long oldest() {
        return services.values().stream().mapToLong(OfService::oldest).min().orElse(Long.MAX_VALUE);
    }

    /** Returns why it goes, for the record that tells of it. */
    public String reason() {
        StringBuilder text = new StringBuilder("retention:");
        services.values().stream()
                .map(OfService::rule)
                .filter(rule -> rule != null)
                .distinct()
                .limit(16)
                .forEach(rule -> text.append(' ').append(rule.told()).append(';'));
        return text.append(" records of segments ")
                .append(from)
                .append(" to ")
                .append(segments)
                .append(" destroyed")
                .toString();
    }
}
