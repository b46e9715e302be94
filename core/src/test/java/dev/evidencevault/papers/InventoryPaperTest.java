package dev.evidencevault.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evidencevault.format.Timestamps;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InventoryPaperTest {
    private static final DateTimeFormatter JAPAN = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.ofHours(9));

    @Property
    void timesAreThoseOfClocksInJapan(@ForAll long nanos) {
        assertEquals(JAPAN.format(Timestamps.instant(nanos)), InventoryPaper.japan(nanos));
    }

    @Test
    void soAreTheFirstAndTheLast() {
        timesAreThoseOfClocksInJapan(Long.MIN_VALUE);
        timesAreThoseOfClocksInJapan(Long.MAX_VALUE);
        assertEquals("1970-01-01 09:00:00.000000000", InventoryPaper.japan(0));
    }
}
