package dev.evidencevault.retention;

import java.util.concurrent.TimeUnit;

/**
 * How long a record is kept after it was recorded. Immutable.
 *
 * @param days so many days of 24 hours, 1 to {@value #DAYS_MAX}; 0 for ever
 */
public record RetentionPeriod(int days) implements Comparable<RetentionPeriod> {
    /** The longest period that ends: a hundred years. */
    public static final int DAYS_MAX = 36_525;

    private static final String EVER = "ever";

    /** Checks the number. */
    public RetentionPeriod {
        if (days < 0 || days > DAYS_MAX) {
            throw new IllegalArgumentException("records are kept for 1 to " + DAYS_MAX + " days, found " + days);
        }
    }

    /** Returns a period of days, 1 to {@value #DAYS_MAX}. */
    public static RetentionPeriod ofDays(int days) {
        if (days == 0) {
            throw new IllegalArgumentException("records are kept for 1 day at least");
        }
        return new RetentionPeriod(days);
    }

    /** Returns the period that has no end. */
    public static RetentionPeriod forEver() {
        return new RetentionPeriod(0);
    }

    /** Says whether it has no end. */
    public boolean isForEver() {
        return days == 0;
    }

    /** Returns its length in nanoseconds. One that has no end is longer than all others. */
    public long nanos() {
        return isForEver() ? Long.MAX_VALUE : TimeUnit.DAYS.toNanos(days);
    }

    /**
     * Says whether it is over.
     *
     * @param recordedAt when the record was made, in nanoseconds since 1970
     * @param now likewise
     */
    public boolean isOver(long recordedAt, long now) {
        return !isForEver() && recordedAt <= now - nanos();
    }

    /** Returns the longer one of two. */
    public static RetentionPeriod longer(RetentionPeriod one, RetentionPeriod other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public int compareTo(RetentionPeriod other) {
        return Long.compare(nanos(), other.nanos());
    }

    /** Returns the spelling in files: the days, or {@code ever}. */
    public String format() {
        return isForEver() ? EVER : Integer.toString(days);
    }

    /**
     * Reads the spelling in files.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static RetentionPeriod parse(String text) {
        if (text.equals(EVER)) {
            return forEver();
        }
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("expected a number of days, or ever, found " + text);
        }
        return ofDays(Integer.parseInt(text));
    }

    /** Returns it in words. */
    @Override
    public String toString() {
        return isForEver() ? "for ever" : days == 1 ? "for 1 day" : "for " + days + " days";
    }
}
