package dev.evidencevault;

import dev.evidencevault.retention.RetentionPlan;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of applying the rules of retention. Immutable.
 *
 * @param destroyed the tenants of which records were destroyed, and which
 * @param held the tenants of which nothing was destroyed since it is held, and what would have been
 * @param rotated the tenants that got new keys, so that what comes next can go without what follows that; their epochs
 * @param failures the tenants of which nothing could be destroyed, and why; nothing of theirs has changed
 */
public record RetentionRun(
        SortedMap<String, RetentionPlan> destroyed,
        SortedMap<String, RetentionPlan> held,
        SortedMap<String, Integer> rotated,
        SortedMap<String, IOException> failures) {
    /** Copies the maps. */
    public RetentionRun {
        destroyed = Collections.unmodifiableSortedMap(new TreeMap<>(destroyed));
        held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
        rotated = Collections.unmodifiableSortedMap(new TreeMap<>(rotated));
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    }
}
