package dev.evidencevault.cli;

import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The events of the demo: always the same, but for their ids. */
final class DemoEvents {
    static final String ORDERED = "yamada-clinic";
    static final List<String> TENANTS = List.of(ORDERED, "north-bank", "tanaka-retail");

    static final String ORDER = """
            {
              "order": "2026 (So) 417",
              "issuer": "Tokyo District Court",
              "legalBasis": "Code of Criminal Procedure, Article 99",
              "tenant": "yamada-clinic",
              "privilegedOnly": true,
              "from": "2026-04-10T00:00:00+09:00",
              "to": "2026-04-20T00:00:00+09:00",
              "requestedBy": "A. Mori",
              "approvedBy": "K. Sato"
            }
            """;

    private static final int EVENTS = 3000;
    private static final Instant START = Instant.parse("2026-04-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(14);

    private DemoEvents() {}

    static int append(Vault vault) throws IOException {
        Random random = new Random(417);
        for (int from = 0; from < EVENTS; from += EVENTS / 3) {
            Map<String, List<Event>> batches = new HashMap<>();
            for (int i = from; i < from + EVENTS / 3; i++) {
                String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
                batches.computeIfAbsent(tenant, name -> new ArrayList<>())
                        .add(event(random, tenant, START.plus(STEP.multipliedBy(i))));
            }
            for (Map.Entry<String, List<Event>> batch : batches.entrySet()) {
                vault.tenant(batch.getKey()).appendAllAndWait(batch.getValue());
            }
            vault.seal();
        }
        return EVENTS;
    }

    private static Event event(Random random, String tenant, Instant time) {
        boolean operator = random.nextInt(25) == 0;
        boolean refused = random.nextInt(12) == 0;
        String user = "user" + random.nextInt(20) + "@" + tenant + ".example";
        Event.Builder event = Event.of(
                        operator || random.nextBoolean()
                                ? "document.read"
                                : List.of("document.write", "session.login", "member.add")
                                        .get(random.nextInt(3)))
                .occurredAt(time)
                .service(random.nextInt(4) == 0 ? "billing" : "documents")
                .outcome(refused ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS)
                .target("document", "record-" + random.nextInt(500))
                .sourceIp("198.51.100." + random.nextInt(250));
        if (operator) {
            event.actor(Actor.provider("operator" + random.nextInt(3)).privileged())
                    .role("support")
                    .ticket("T-" + (1000 + random.nextInt(9000)));
        } else {
            event.actor(Actor.tenant(user));
        }
        return event.build();
    }
}
