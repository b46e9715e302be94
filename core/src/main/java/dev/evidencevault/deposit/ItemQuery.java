package dev.evidencevault.deposit;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which items are looked for: those that fit all that is given. Immutable.
 *
 * @param text a part of the name, in any case; null for any
 * @param service the service; null for any
 * @param from not taken before this, in nanoseconds since 1970
 * @param to taken before this
 * @param labels labels that it has, with these values
 */
public record ItemQuery(
        @Nullable String text, @Nullable String service, long from, long to, SortedMap<String, String> labels) {
    /** Copies the labels. */
    public ItemQuery {
        labels = new TreeMap<>(labels);
    }

    /** Fits all items. */
    public static ItemQuery all() {
        return new ItemQuery(null, null, Long.MIN_VALUE, Long.MAX_VALUE, new TreeMap<>());
    }

    /** Returns the query for a service's items. */
    public ItemQuery withService(@Nullable String value) {
        return new ItemQuery(text, value, from, to, labels);
    }

    /** Returns the query for items taken before a time, in nanoseconds since 1970. */
    public ItemQuery withTo(long value) {
        return new ItemQuery(text, service, from, value, labels);
    }

    /** Says whether an item fits. */
    public boolean fits(Item item) {
        return (text == null || item.name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                && (service == null || item.service().equals(service))
                && item.takenAt() >= from
                && item.takenAt() < to
                && item.deposit().labels().entrySet().containsAll(labels.entrySet());
    }
}
