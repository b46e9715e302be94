package dev.evidencevault.index;

import dev.evidencevault.format.LogRecord;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a tenant are looked for. Conditions that are absent hold for all. Immutable.
 *
 * @param actor who acted, or on whose behalf; exact
 * @param privileged only acts under a privilege
 * @param action exact
 * @param service exact
 * @param outcome {@code success}, {@code failure} or {@code unknown}
 * @param from the earliest time at which it happened, in nanoseconds since 1970
 * @param to the first time that is too late
 * @param words words that a record has to hold anywhere, all of them
 */
public record EventQuery(
        @Nullable String actor,
        boolean privileged,
        @Nullable String action,
        @Nullable String service,
        @Nullable String outcome,
        @Nullable Long from,
        @Nullable Long to,
        Set<String> words) {

    /** Copies the words. */
    public EventQuery {
        words = Set.copyOf(words);
    }

    /** Returns the query that all events match. */
    public static EventQuery all() {
        return new EventQuery(null, false, null, null, null, null, null, Set.of());
    }

    /** Returns this query for one actor. */
    public EventQuery withActor(String value) {
        return new EventQuery(value, privileged, action, service, outcome, from, to, words);
    }

    /** Returns this query for acts under a privilege. */
    public EventQuery withPrivileged() {
        return new EventQuery(actor, true, action, service, outcome, from, to, words);
    }

    /** Returns this query for one action. */
    public EventQuery withAction(String value) {
        return new EventQuery(actor, privileged, value, service, outcome, from, to, words);
    }

    /** Returns this query for one service. */
    public EventQuery withService(String value) {
        return new EventQuery(actor, privileged, action, value, outcome, from, to, words);
    }

    /** Returns this query for one outcome. */
    public EventQuery withOutcome(String value) {
        return new EventQuery(actor, privileged, action, service, value, from, to, words);
    }

    /** Returns this query from a time on. */
    public EventQuery withFrom(long value) {
        return new EventQuery(actor, privileged, action, service, outcome, value, to, words);
    }

    /** Returns this query up to a time, which is not included. */
    public EventQuery withTo(long value) {
        return new EventQuery(actor, privileged, action, service, outcome, from, value, words);
    }

    /**
     * Returns this query for records that hold all words of a text. Case, width and punctuation do not count.
     *
     * @throws IllegalArgumentException if the text has no word
     */
    public EventQuery withText(String text) {
        Set<String> value = Words.ofQuery(text);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("expected a text with at least one letter or digit");
        }
        return new EventQuery(actor, privileged, action, service, outcome, from, to, value);
    }

    /** Says whether any time from the first to the last, both included, can match. */
    boolean coversAnyOf(long first, long last) {
        return (from == null || last >= from) && (to == null || first < to);
    }

    /** Says whether a record matches. */
    public boolean matches(LogRecord record) {
        return coversAnyOf(record.occurredAt(), record.occurredAt())
                && (!privileged || record.privileged())
                && (actor == null || record.actorIds().contains(actor))
                && (action == null || action.equals(record.action()))
                && (service == null || service.equals(record.service()))
                && (outcome == null || outcome.equals(record.outcome()))
                && (words.isEmpty() || Words.of(record).containsAll(words));
    }
}
