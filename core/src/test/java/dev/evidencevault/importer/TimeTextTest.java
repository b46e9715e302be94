package dev.evidencevault.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeTextTest {
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    static void assertReads(String expected, String text, String... assumed) {
        TimeText time = TimeText.parse(text, ZoneOffset.UTC, NOW);
        assertEquals(Instant.parse(expected), time.instant(), text);
        assertEquals(List.of(assumed), time.assumed(), text);
    }

    static void assertUnreadable(String text) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> TimeText.parse(text, ZoneOffset.UTC, NOW), text);
        assertTrue(String.valueOf(e.getMessage()).length() < 200, e.getMessage());
    }

    @Test
    void rfc3339() {
        assertReads("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z");
        assertReads("2026-01-01T18:04:05.5Z", "2026-01-02T03:04:05.5+09:00");
        assertReads("2026-01-02T03:04:05.123456789Z", "2026-01-02t03:04:05.1234567899z");
        assertReads("2026-01-02T03:04:05.120Z", "2026-01-02 03:04:05.120", "zone");
        assertReads("2026-01-02T03:04:05Z", "2026-01-02 03:04:05 UTC");
        assertReads("2026-01-02T03:04:05Z", "2026-01-02T05:04:05,000+0200");
        assertReads("2017-01-01T00:00:00Z", "2016-12-31T23:59:60Z");
    }

    @Test
    void zoneOfTheMapping() {
        ZoneId tokyo = ZoneId.of("Asia/Tokyo");
        assertEquals(
                Instant.parse("2026-01-01T18:04:05Z"),
                TimeText.parse("2026-01-02T03:04:05", tokyo, NOW).instant());
        assertEquals(
                Instant.parse("2026-01-01T18:04:05Z"),
                TimeText.parse("Jan  2 03:04:05", tokyo, NOW).instant());
        assertEquals(
                Instant.parse("2026-01-02T03:04:05Z"),
                TimeText.parse("2026-01-02T03:04:05Z", tokyo, NOW).instant());
    }

    @Test
    void numbersSince1970() {
        assertReads("2021-05-18T02:31:58Z", "1621305118");
        assertReads("2021-05-18T02:31:58.553Z", "1621305118553");
        assertReads("2021-05-18T02:31:58.553123Z", "1621305118553123");
        assertReads("2021-05-18T02:31:58.553123456Z", "1621305118553123456");
        assertReads("2021-05-18T02:31:58.553Z", "1621305118.553");
        assertReads("2021-05-18T02:31:58.553Z", "1.621305118553E12");
        assertReads("1970-01-01T00:00:00Z", "0");
        assertReads("1969-12-31T23:59:59.5Z", "-0.5");
        assertReads("2262-04-11T23:47:16.854775807Z", "9223372036854775807");
    }

    @Test
    void aMissingYearIsTheLatestThatIsNotInTheFuture() {
        assertReads("2026-02-12T14:10:21Z", "Feb 12 14:10:21", "year", "zone");
        assertReads("2025-12-24T14:10:21Z", "Dec 24 14:10:21", "year", "zone");
        assertReads("2026-06-01T20:00:00Z", "Jun  1 20:00:00", "year", "zone");
        assertReads("2025-06-03T00:00:00Z", "Jun 3 00:00:00", "year", "zone");
        assertReads("2024-02-29T00:00:00Z", "Feb 29 00:00:00", "year", "zone");
        assertReads("2020-02-12T14:10:21.5Z", "Feb 12 2020 14:10:21.5", "zone");
    }

    @Test
    void everythingElseIsUnreadable() {
        for (String text : List.of(
                "",
                "redacted",
                "2024-12-17 00:00:00000000",
                "2024-13-01T00:00:00Z",
                "2024-02-30T00:00:00Z",
                "2024-02-28T24:00:00Z",
                "2024-02-28T00:00:61Z",
                "2024-02-28T00:00:00+19:00",
                "2024-02-28",
                "Foo 12 14:10:21",
                "Feb 30 14:10:21",
                "1e99",
                "1e999999999",
                "9223372036854775808",
                "99999999999",
                "1677-01-01T00:00:00Z",
                "2262-12-31T00:00:00Z",
                "9".repeat(1000),
                "1.".concat("0".repeat(1000)),
                "NaN")) {
            assertUnreadable(text);
        }
    }
}
