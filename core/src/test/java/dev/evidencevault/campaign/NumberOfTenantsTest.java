package dev.evidencevault.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.Actor;
import dev.evidencevault.Event;
import dev.evidencevault.SmallVault;
import dev.evidencevault.Vault;
import dev.evidencevault.VaultOptions;
import dev.evidencevault.bundle.BundleFiles;
import dev.evidencevault.bundle.BundleLayout;
import dev.evidencevault.cases.Order;
import dev.evidencevault.evidence.EvidenceExport;
import dev.evidencevault.evidence.RecordProofs;
import dev.evidencevault.format.Json;
import dev.evidencevault.reader.VaultReader;
import dev.evidencevault.segment.Pseudonyms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two vaults, one with a single tenant and one with many, the same clock and the same events of that tenant: what is handed
 * over for it has the same files, of the same lengths, with the same structure. Nobody learns from it how many others
 * there are, or that there are any.
 */
class NumberOfTenantsTest {
    private static final int OTHERS = Campaign.length("tenants", 300);
    private static final int EVENTS = 40;
    private static final int EVENTS_PER_SEAL = 8;
    private static final String TENANT = "acme";
    private static final String ORDER = """
            {"order":"1","issuer":"court","legalBasis":"law","tenant":"acme","actors":["alice"],\
            "from":"2026-05-01T00:00:00Z","to":"2026-06-01T00:00:00Z","requestedBy":"Mori","approvedBy":"Sato"}""";

    @TempDir
    private Path directory;

    private Path write(String name, int others) throws Exception {
        Path vault = directory.resolve(name);
        Instant start = Instant.parse("2026-05-01T12:00:00Z");
        VaultOptions options = SmallVault.options()
                .withClock(Clock.fixed(start, ZoneOffset.UTC))
                .withSealAfter(Duration.ofHours(1))
                .withAnchorEvery(Duration.ZERO);
        try (Vault open = Vault.create(vault, SmallVault.SECRET, options)) {
            open.tenants(IntStream.range(0, others).mapToObj(i -> "other-" + i).toList());
            for (int i = 0; i < EVENTS; i++) {
                for (int other = i % 7; other < others; other += 7) {
                    open.tenant("other-" + other).append(event("other", i, start));
                }
                open.tenant(TENANT).appendAndWait(event(i % 3 == 0 ? "alice" : "bob", i, start));
                if (i % EVENTS_PER_SEAL == 0) {
                    open.seal();
                }
            }
        }
        return vault;
    }

    private static Event event(String actor, int number, Instant start) {
        return Event.of("document.read")
                .id("event-" + number)
                .occurredAt(start.plusSeconds(number))
                .actor(Actor.tenant(actor))
                .target("document", "doc-" + number)
                .build();
    }

    /** The files of a bundle: their lengths, and the structure of the proof of the anchor. */
    private Map<String, Object> shape(Path vault) throws Exception {
        VaultReader reader = VaultReader.open(vault, SmallVault.SECRET);
        Path bundle = directory.resolve(vault.getFileName() + ".zip");
        new EvidenceExport(reader, Clock.fixed(Instant.parse("2026-07-01T00:00:00Z"), ZoneOffset.UTC))
                .export(Order.parse(ORDER.getBytes(StandardCharsets.UTF_8)), bundle);
        Map<String, Object> shape = new TreeMap<>();
        try (BundleFiles files = BundleFiles.open(bundle)) {
            ObjectNode anchor = Json.parseObject(files.read(BundleLayout.ANCHOR, 1 << 20), "anchor");
            shape.putAll(files.sizes());
            shape.put(BundleLayout.ANCHOR, shape(anchor));
            // The report carries the proof of the anchor, with the slot in it.
            shape.put(
                    BundleLayout.REPORT,
                    files.sizes().get(BundleLayout.REPORT)
                            - anchor.path("slot").asText().length());
        }
        ObjectNode proof = Json.parseObject(
                new RecordProofs(reader)
                        .of(reader.tenant(TENANT).orElseThrow(), 3)
                        .orElseThrow()
                        .format(),
                "proof");
        shape.put("record proof", shape(proof));
        return shape;
    }

    /** Every value by its length, but the slot: it is random in both, and so is how many digits it has. */
    private static JsonNode shape(ObjectNode json) {
        ObjectNode shape = Json.object();
        json.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value instanceof ObjectNode object) {
                shape.set(entry.getKey(), shape(object));
            } else if (value.isArray()) {
                shape.put(entry.getKey(), value.size());
            } else if (!entry.getKey().equals("slot")) {
                shape.put(entry.getKey(), value.asText().length());
            }
        });
        return shape;
    }

    @Test
    void doesNotShowInWhatIsHandedOverForOne() throws Exception {
        Path many = write("among-many", OTHERS);
        // Where a pseudonym stands in an index is random in both, and decides how many subtrees are beside it.
        Path alone = write("alone-0", 0);
        for (int attempt = 1; order(alone) != order(many); attempt++) {
            alone = write("alone-" + attempt, 0);
        }
        assertEquals(shape(alone), shape(many));
    }

    /** Says which of the tenant's two actors has the pseudonym that sorts first. */
    private static boolean order(Path vault) throws Exception {
        Pseudonyms pseudonyms = new Pseudonyms(VaultReader.open(vault, SmallVault.SECRET)
                .tenant(TENANT)
                .orElseThrow()
                .keys());
        return pseudonyms.actor("alice").compareTo(pseudonyms.actor("bob")) < 0;
    }
}
