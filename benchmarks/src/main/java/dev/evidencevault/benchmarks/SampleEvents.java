package dev.evidencevault.benchmarks;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Event.Outcome;
import dev.evidencevault.format.JsonLineWriter;
import dev.evidencevault.format.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Events as a document service writes them, the same in every run: 50 actors, 10,000 documents, and details of words
 * that compress about as well as text does. Immutable.
 */
final class SampleEvents {
    private static final int SAMPLES = 4096;
    private static final List<String> ACTIONS =
            List.of("document.read", "document.read", "document.read", "document.write", "document.delete");

    private final List<Sample> samples;

    /** What varies from event to event. */
    record Sample(String action, String actor, String document, String details) {

        /** Returns it as the vault takes it. */
        Event event() {
            return Event.of(action)
                    .actor(Actor.tenant(actor))
                    .service("documents")
                    .target("document", document)
                    .outcome(Outcome.SUCCESS)
                    .sourceIp("203.0.113.7")
                    .details(details)
                    .build();
        }

        /**
         * Returns it as the vault's record is, made by the same encoder, with a line feed. Number and time of recording
         * are the caller's, as no vault is there to set them.
         */
        byte[] line(String tenant, long seq) {
            long now = Timestamps.nanos(Instant.now());
            JsonLineWriter line = new JsonLineWriter(400 + details.length());
            line.beginObject()
                    .member("v", 1)
                    .member("seq", seq)
                    .time("recordedAt", now)
                    .member("type", "event")
                    .member("id", UUID.randomUUID().toString())
                    .member("tenant", tenant)
                    .member("service", "documents")
                    .time("occurredAt", now)
                    .member("action", action)
                    .member("outcome", "success");
            line.name("actor")
                    .beginObject()
                    .member("side", "tenant")
                    .member("id", actor)
                    .member("privileged", false)
                    .endObject();
            line.name("targets")
                    .beginArray()
                    .element()
                    .beginObject()
                    .member("type", "document")
                    .member("id", document)
                    .endObject()
                    .endArray();
            line.name("source").beginObject().member("ip", "203.0.113.7").endObject();
            line.name("details")
                    .raw(details.getBytes(StandardCharsets.UTF_8))
                    .endObject()
                    .raw(new byte[] {'\n'});
            return line.toByteArray();
        }
    }

    private SampleEvents(List<Sample> samples) {
        this.samples = samples;
    }

    /** Returns events whose lines have about this many bytes each, and never fewer than they need. */
    static SampleEvents ofBytes(int eventBytes) {
        Random random = new Random(20260101);
        int bare =
                new Sample("document.write", "user-00", "document-0000", "{\"note\":\"\"}").line("tenant-00", 0).length;
        return new SampleEvents(IntStream.range(0, SAMPLES)
                .mapToObj(i -> new Sample(
                        ACTIONS.get(random.nextInt(ACTIONS.size())),
                        "user-" + random.nextInt(50),
                        "document-" + random.nextInt(10_000),
                        "{\"note\":\"" + words(random, Math.max(0, eventBytes - bare)) + "\"}"))
                .toList());
    }

    /** Returns the event at a position; they come again after a while. */
    Sample at(long position) {
        return samples.get((int) (position % SAMPLES));
    }

    /** Words of two to nine letters, out of two thousand. */
    private static String words(Random random, int chars) {
        StringBuilder text = new StringBuilder(chars + 10);
        while (text.length() < chars) {
            Random word = new Random(random.nextInt(2000));
            for (int letters = 2 + word.nextInt(8); letters > 0; letters--) {
                text.append((char) ('a' + word.nextInt(26)));
            }
            text.append(' ');
        }
        return text.substring(0, chars);
    }
}
