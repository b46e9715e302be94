package dev.evidencevault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evidencevault.format.Gap;
import dev.evidencevault.format.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recovery reads of a line what parsing all of it gives, whichever way it reads. */
class RecordFactsTest {
    private static final long SEED = 3;

    private static Event event(Random random) {
        List<String> names = List.of("u", "a \"b\"", "x\\y", "\u6771\u4eac", "p,\"actor\":{", "\u0001", "5");
        Event.Builder event =
                Event.of(names.get(random.nextInt(names.size()))).id(names.get(random.nextInt(names.size())));
        if (random.nextBoolean()) {
            event.service(names.get(random.nextInt(names.size())));
        }
        if (random.nextInt(4) == 0) {
            event.reason(names.get(random.nextInt(names.size())));
        }
        if (random.nextInt(5) > 0) {
            Actor actor = Actor.of(Actor.Side.values()[random.nextInt(3)], names.get(random.nextInt(names.size())));
            actor = random.nextInt(3) == 0 ? actor.privileged() : actor;
            actor = random.nextInt(3) == 0 ? actor.type("user") : actor;
            actor = random.nextInt(3) == 0 ? actor.onBehalfOf(names.get(random.nextInt(names.size()))) : actor;
            event.actor(random.nextInt(3) == 0 ? actor.session("s") : actor);
        }
        if (random.nextBoolean()) {
            event.target("t", "id");
        }
        return random.nextBoolean()
                ? event.details("{\"actor\":{\"id\":\"no\"}}").build()
                : event.build();
    }

    @Test
    void factsAreThoseOfTheWholeRecord() {
        Random random = new Random(SEED);
        int quick = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] line = event(random).toBody("acme").line(random.nextInt(1 << 20), 1_700_000_000_000_000_000L + i);
            RecordFacts expected = RecordFacts.of(LogRecord.parse(line));
            RecordFacts found = RecordFacts.of(line);
            // Whether the second actor is the first is a matter of the pseudonyms.
            RecordFacts same = found.onBehalfOf() != null && found.onBehalfOf().equals(found.actor())
                    ? new RecordFacts(
                            found.seq(),
                            found.recordedAt(),
                            found.occurredAt(),
                            found.kind(),
                            found.privileged(),
                            found.service(),
                            found.actor(),
                            null)
                    : found;
            assertEquals(expected, same, new String(line, StandardCharsets.UTF_8));
            assertEquals(found, RecordFacts.parsed(line));
            quick += QuickFacts.of(line) == null ? 0 : 1;
        }
        assertTrue(quick > 100 && quick < 4900, "both ways were taken, the quick one " + quick + " times");
    }

    @Test
    void whatIsSpelledOtherwiseIsParsed() {
        byte[] line =
                Event.of("act").actor(Actor.tenant("u")).build().toBody("acme").line(7, 0);
        assertNotNull(QuickFacts.of(line));
        String text = new String(line, StandardCharsets.UTF_8);
        for (int length = 0; length < text.indexOf("\"privileged\""); length++) {
            byte[] cut = text.substring(0, length).getBytes(StandardCharsets.UTF_8);
            // A line without an actor ends behind its outcome, or goes on with what nobody asks for.
            if (length < text.indexOf(",\"actor\"")) {
                assertNull(QuickFacts.of(cut), "cut to " + length);
            }
        }
        assertNull(QuickFacts.of(text.replace("\"seq\":7", "\"seq\":07").getBytes(StandardCharsets.UTF_8)));
        assertNull(QuickFacts.of(text.replace("\"v\":1", "\"v\": 1").getBytes(StandardCharsets.UTF_8)));
        byte[] gap = new Gap("acme", 1, 2, 3, 0, 0).toBody().line(9, 5);
        assertNull(QuickFacts.of(gap));
        assertEquals(RecordFacts.of(LogRecord.parse(gap)), RecordFacts.of(gap));
        assertThrows(IllegalArgumentException.class, () -> RecordFacts.of("[]".getBytes(StandardCharsets.UTF_8)));
        assertThrows(
                IllegalArgumentException.class,
                () -> RecordFacts.of(text.replace("1970-01-01", "1970-13-01").getBytes(StandardCharsets.UTF_8)));
    }
}
