package dev.evidencevault.importer;

import dev.evidencevault.format.Timestamps;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time as logs write it, read. Three spellings are known:
 *
 * <ul>
 *   <li>RFC 3339 with any fraction; a space may stand for the T, and the zone may be missing
 *   <li>a number since 1970: seconds below 10<sup>11</sup>, milliseconds below 10<sup>14</sup>, microseconds below
 *       10<sup>17</sup>, else nanoseconds; with or without a decimal fraction
 *   <li>RFC 3164: {@code Feb 12 14:10:21}, or with a year {@code Feb 12 2024 14:10:21}
 * </ul>
 *
 * <p>A missing year is the latest that puts the time no more than a day after now. Digits beyond nanoseconds are cut. A
 * leap second is the first second of the next minute.
 *
 * @param instant the time, from the year 1678 to 2262
 * @param assumed what the text did not say: {@code zone}, {@code year}
 */
public record TimeText(Instant instant, List<String> assumed) {
    private static final int CHARS_MAX = 64;

    private static final Pattern RFC_3339 = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt ](\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d+))? ?(Z|z|UTC|[+-]\\d\\d:?\\d\\d)?");
    private static final Pattern RFC_3164 =
            Pattern.compile("([A-Z][a-z]{2}) {1,2}(\\d{1,2})(?: (\\d{4}))? (\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d+))?");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,30}(?:\\.\\d+)?(?:[eE][+-]?\\d{1,2})?");

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    /** Copies the list. */
    public TimeText {
        assumed = List.copyOf(assumed);
    }

    /**
     * Reads a time.
     *
     * @param zone of times without one
     * @param now by which a missing year is found
     * @throws IllegalArgumentException if the text is no time that is known, or outside the years 1678 to 2262
     */
    public static TimeText parse(String text, ZoneId zone, Instant now) {
        String trimmed = text.length() > CHARS_MAX ? "" : text.strip();
        try {
            TimeText time = dateAndTime(trimmed, zone);
            if (time == null) {
                time = sinceEpoch(trimmed);
            }
            if (time == null) {
                time = rfc3164(trimmed, zone, now);
            }
            if (time != null) {
                Timestamps.nanos(time.instant());
                return time;
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "unreadable time: there is no " + Excerpt.quoted(text) + " (" + e.getMessage() + ")", e);
        }
        throw new IllegalArgumentException(
                "unreadable time: expected RFC 3339, a number since 1970 or RFC 3164, found " + Excerpt.quoted(text));
    }

    private static @Nullable TimeText dateAndTime(String text, ZoneId zone) {
        Matcher m = RFC_3339.matcher(text);
        if (!m.matches()) {
            return null;
        }
        LocalDateTime local = local(number(m, 1), number(m, 2), m, 3, 7);
        String offset = m.group(8);
        if (offset == null) {
            return new TimeText(plusLeap(local.atZone(zone).toInstant(), m, 6), List.of("zone"));
        }
        ZoneOffset at = Character.isLetter(offset.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(offset);
        return new TimeText(plusLeap(local.toInstant(at), m, 6), List.of());
    }

    private static @Nullable TimeText rfc3164(String text, ZoneId zone, Instant now) {
        Matcher m = RFC_3164.matcher(text);
        if (!m.matches() || !MONTHS.contains(m.group(1))) {
            return null;
        }
        int month = MONTHS.indexOf(m.group(1)) + 1;
        // Day, then time: the groups of the time stand one later than in RFC 3339, behind the year.
        if (m.group(3) != null) {
            return new TimeText(
                    plusLeap(atYear(number(m, 3), month, m).atZone(zone).toInstant(), m, 6), List.of("zone"));
        }
        Instant latest = now.plus(Duration.ofDays(1));
        int year = latest.atZone(zone).getYear();
        boolean leapDay = month == 2 && number(m, 2) == 29;
        for (int y = year; y > year - 10; y--) {
            if (leapDay && !java.time.Year.isLeap(y)) {
                continue;
            }
            Instant instant = plusLeap(atYear(y, month, m).atZone(zone).toInstant(), m, 6);
            if (!instant.isAfter(latest)) {
                List<String> assumed = new ArrayList<>(List.of("year", "zone"));
                return new TimeText(instant, assumed);
            }
        }
        return null;
    }

    private static LocalDateTime atYear(int year, int month, Matcher m) {
        return LocalDateTime.of(
                year,
                month,
                number(m, 2),
                number(m, 4),
                number(m, 5),
                Math.min(59, requireSecond(number(m, 6))),
                nanos(m.group(7)));
    }

    private static LocalDateTime local(int year, int month, Matcher m, int dayGroup, int fractionGroup) {
        return LocalDateTime.of(
                year,
                month,
                number(m, dayGroup),
                number(m, dayGroup + 1),
                number(m, dayGroup + 2),
                Math.min(59, requireSecond(number(m, dayGroup + 3))),
                nanos(m.group(fractionGroup)));
    }

    private static int requireSecond(int second) {
        if (second > 60) {
            throw new DateTimeException("second " + second);
        }
        return second;
    }

    private static Instant plusLeap(Instant instant, Matcher m, int secondGroup) {
        return number(m, secondGroup) == 60 ? instant.plusSeconds(1) : instant;
    }

    private static @Nullable TimeText sinceEpoch(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        BigDecimal value = new BigDecimal(text);
        BigDecimal size = value.abs();
        int powerOfNano = size.compareTo(BigDecimal.TEN.pow(11)) < 0
                ? 9
                : size.compareTo(BigDecimal.TEN.pow(14)) < 0 ? 6 : size.compareTo(BigDecimal.TEN.pow(17)) < 0 ? 3 : 0;
        BigInteger nanos = value.movePointRight(powerOfNano)
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger();
        if (nanos.bitLength() > 63) {
            throw new DateTimeException("outside the years 1678 to 2262");
        }
        return new TimeText(Timestamps.instant(nanos.longValue()), List.of());
    }

    private static int number(Matcher m, int group) {
        return Integer.parseInt(m.group(group));
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }
}
