package dev.evidencevault.format;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/**
 * Points in time as nanoseconds since 1970-01-01T00:00:00Z, from the year 1678 to 2262, and their one spelling in
 * records: RFC 3339 in UTC with nine digits of fraction, {@code 2026-11-23T02:19:23.000000000Z}.
 */
public final class Timestamps {
    /** Length of the spelling. */
    public static final int CHARS = 30;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_DAY = 86_400;

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** RFC 3339 section 5.6, where seconds may be left out. The platform reads more than that. */
    private static final Pattern WITH_ZONE = Pattern.compile(
            DATE.pattern() + "[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private static final String EXPECTED =
            "expected a time with its zone, as 2026-11-23T09:00:00+09:00, or a date, found ";

    private Timestamps() {}

    /**
     * Returns the nanoseconds of an instant.
     *
     * @throws IllegalArgumentException if it lies outside the years 1678 to 2262
     */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("expected a time from the year 1678 to 2262, found " + instant, e);
        }
    }

    /** Returns the instant of nanoseconds. */
    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** Returns the spelling. */
    public static String format(long nanos) {
        byte[] text = new byte[CHARS];
        write(nanos, text, 0);
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** Writes the spelling, {@value #CHARS} bytes. Dates by H. Hinnant's days-to-civil algorithm. */
    static void write(long nanos, byte[] target, int offset) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        int fraction = (int) Math.floorMod(nanos, NANOS_PER_SECOND);
        long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
        int ofDay = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        long z = days + 719_468;
        long era = Math.floorDiv(z, 146_097);
        int dayOfEra = (int) (z - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        digits(year, 4, target, offset);
        target[offset + 4] = '-';
        digits(month, 2, target, offset + 5);
        target[offset + 7] = '-';
        digits(day, 2, target, offset + 8);
        target[offset + 10] = 'T';
        digits(ofDay / 3600, 2, target, offset + 11);
        target[offset + 13] = ':';
        digits(ofDay / 60 % 60, 2, target, offset + 14);
        target[offset + 16] = ':';
        digits(ofDay % 60, 2, target, offset + 17);
        target[offset + 19] = '.';
        digits(fraction, 9, target, offset + 20);
        target[offset + 29] = 'Z';
    }

    private static void digits(int value, int count, byte[] target, int offset) {
        int rest = value;
        for (int i = count - 1; i >= 0; i--) {
            target[offset + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /**
     * Parses the spelling, and no other.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static long parse(String text) {
        if (text.length() == CHARS) {
            try {
                long nanos = read(text);
                if (format(nanos).equals(text)) {
                    return nanos;
                }
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("expected a time from the year 1678 to 2262, found " + text, e);
            }
        }
        throw new IllegalArgumentException("expected a time as 2026-11-23T02:19:23.000000000Z, found " + text);
    }

    /** What the digits of a text say, whatever stands between them. */
    private static long read(String text) {
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        // Days since 1970 of a date of the Gregorian calendar, in years that begin in March.
        long shiftedYear = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(shiftedYear, 400);
        long yearOfEra = shiftedYear - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number(text, 8, 2) - 1;
        long days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
        long seconds =
                days * SECONDS_PER_DAY + number(text, 11, 2) * 3600L + number(text, 14, 2) * 60L + number(text, 17, 2);
        return Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), number(text, 20, 9));
    }

    private static int number(String text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = 10 * value + (text.charAt(i) - '0');
        }
        return value;
    }

    /**
     * Parses what a person writes on a command line or in an order: RFC 3339 with a zone, or a date, which is its
     * midnight in UTC.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static long parseLoosely(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return nanos(Instant.parse(text + "T00:00:00Z"));
            }
            if (WITH_ZONE.matcher(text).matches()) {
                return nanos(OffsetDateTime.parse(text).toInstant());
            }
            throw new IllegalArgumentException(EXPECTED + text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(EXPECTED + text, e);
        }
    }
}
