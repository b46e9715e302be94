package dev.evidencevault;

import static dev.evidencevault.docs.FormatVectors.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events become the lines of {@code docs/formats/vectors/record.json}. */
class EventVectorsTest {
    private static List<Event> events(JsonNode vector) {
        Event.Builder every = Event.of("invoice.delete")
                .id("e-2")
                .service("billing")
                .outcome(Event.Outcome.FAILURE)
                .reason("locked")
                .actor(Actor.provider("operator")
                        .type("user")
                        .privileged()
                        .onBehalfOf("alice")
                        .session("s-1"))
                .role("admin")
                .ticket("T-7")
                .approval("A-9")
                .justification("asked by phone")
                .target("invoice", "1\n\"2\"\\\u007f\u6771\u4eac\ud83d\udcc4")
                .target("untyped")
                .sourceIp("192.0.2.1")
                .sharedEventId("shared-2")
                .assumed("zone")
                .assumed("action");
        Event.Builder imported = Event.of("unknown")
                .id("e-3")
                .details("{\"n\":12345678901234567890, \"x\":1.50}")
                .original("{\"old\":\"caf\\u00e9 \\u0000\"}\ttab");
        Event.Builder plain = Event.of("document.read")
                .id("018f3a5e-8000-7000-8000-000000000001")
                .service("files")
                .outcome(Event.Outcome.SUCCESS)
                .actor(Actor.tenant("alice"))
                .target("document", "q3-report");
        List<Event.Builder> builders = List.of(plain, every, imported);
        for (int i = 0; i < builders.size(); i++) {
            long occurredAt = vector.path("events").path(i).path("occurredAt").longValue();
            builders.get(i).occurredAt(Timestamps.instant(occurredAt));
        }
        return builders.stream().map(Event.Builder::build).toList();
    }

    @Test
    void eventsBecomeTheirLines() throws Exception {
        JsonNode vector = read("record.json");
        List<Event> events = events(vector);
        assertEquals(vector.path("events").size(), events.size());
        for (int i = 0; i < events.size(); i++) {
            JsonNode expected = vector.path("events").path(i);
            byte[] line = events.get(i)
                    .toBody("acme")
                    .line(
                            expected.path("seq").longValue(),
                            expected.path("recordedAt").longValue());
            assertEquals(expected.path("line").textValue(), new String(line, StandardCharsets.UTF_8));
        }
    }
}
