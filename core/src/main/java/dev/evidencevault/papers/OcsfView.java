package dev.evidencevault.papers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.evidencevault.crypto.merkle.Digest;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LogRecord;
import dev.evidencevault.format.RecordKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code data/views/ocsf.jsonl}: the records as events of the Open Cybersecurity Schema Framework, one on a line, for
 * convenience. The mapping is {@code docs/ocsf.md}. Not safe for use by several threads at once.
 */
final class OcsfView implements StreamedPaper {
    static final String VERSION = "1.9.0-dev";

    private static final int API_ACTIVITY = 6003;
    private static final int APPLICATION_ACTIVITY = 6;
    private static final int SHA_256 = 3;
    private static final int OTHER = 99;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String NOT_RECORDED = "not recorded";

    private static final Map<String, Integer> ACTIVITIES = Map.ofEntries(
            Map.entry("create", 1),
            Map.entry("add", 1),
            Map.entry("read", 2),
            Map.entry("get", 2),
            Map.entry("list", 2),
            Map.entry("view", 2),
            Map.entry("update", 3),
            Map.entry("edit", 3),
            Map.entry("modify", 3),
            Map.entry("delete", 4),
            Map.entry("remove", 4));

    /** The members of a record that have no place in the class of the event. */
    private static final Set<String> UNMAPPED = Set.of("privilege", "assumed", "original", "gap", "change");

    private final OutputStream out;
    private final Holdings holdings;

    OcsfView(OutputStream out, Holdings holdings) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.holdings = holdings;
    }

    @Override
    public void record(ShownRecord shown) throws IOException {
        out.write(JsonText.bytes(event(shown)));
        out.write('\n');
    }

    private ObjectNode event(ShownRecord shown) {
        LogRecord record = shown.record();
        ObjectNode event = Json.object();
        event.put("message", "Convenience copy; the evidence is " + shown.place());
        if (record.kind() == RecordKind.EVENT) {
            classify(event, API_ACTIVITY, APPLICATION_ACTIVITY, activity(record.action()));
            if (activity(record.action()) == OTHER) {
                event.put("activity_name", record.action());
            }
            putOutcome(event, shown);
            putActor(event.putObject("actor"), shown);
            putApi(event.putObject("api"), shown);
            putSource(event.putObject("src_endpoint"), shown.text("source", "ip"));
            putResources(event, shown);
        } else {
            classify(event, 0, 0, OTHER);
            event.put("activity_name", record.kind().label());
        }
        event.put("severity_id", 1);
        event.put("time", Math.floorDiv(record.occurredAt(), NANOS_PER_MILLI));
        putMetadata(event.putObject("metadata"), shown);
        putFingerprint(event.putObject("raw_data_hash"), shown.digest());
        putAttestation(event.putObject("attestation"), shown);
        putUnmapped(event.putObject("unmapped"), shown);
        return event;
    }

    private static void classify(ObjectNode event, int type, int category, int activity) {
        event.put("class_uid", type)
                .put("category_uid", category)
                .put("activity_id", activity)
                .put("type_uid", type * 100 + activity);
    }

    private static int activity(String action) {
        String verb = action.substring(action.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return ACTIVITIES.getOrDefault(verb, OTHER);
    }

    private static void putOutcome(ObjectNode event, ShownRecord shown) {
        switch (shown.record().outcome()) {
            case "success" -> event.put("status_id", 1);
            case "failure" -> event.put("status_id", 2);
            default -> event.put("status_id", 0);
        }
        putText(event, "status_detail", shown.text("reason"));
    }

    private static void putActor(ObjectNode actor, ShownRecord shown) {
        ObjectNode user = actor.putObject("user");
        String id = shown.text("actor", "id");
        if (id.isEmpty()) {
            user.put("name", NOT_RECORDED);
            return;
        }
        user.put("uid", id);
        putText(user, "type", shown.text("actor", "type"));
        String session = shown.text("actor", "session");
        if (!session.isEmpty()) {
            actor.putObject("session").put("uid", session);
        }
    }

    private static void putApi(ObjectNode api, ShownRecord shown) {
        api.put("operation", shown.record().action());
        String service = shown.text("service");
        if (!service.isEmpty()) {
            api.putObject("service").put("name", service);
        }
    }

    /** What the source calls an address may be anything; only what is spelled as one is one. */
    private static void putSource(ObjectNode endpoint, String address) {
        if (address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")) {
            endpoint.put("ip", address);
        } else {
            endpoint.put("name", address.isEmpty() ? NOT_RECORDED : address);
        }
    }

    private static void putResources(ObjectNode event, ShownRecord shown) {
        List<JsonNode> targets = shown.eachTarget();
        if (targets.isEmpty()) {
            return;
        }
        ArrayNode resources = event.putArray("resources");
        for (JsonNode target : targets) {
            // Of a target that is withheld there is only a text that says so.
            ObjectNode resource =
                    resources.addObject().put("uid", (target.isTextual() ? target : target.path("id")).asText());
            putText(resource, "type", target.path("type").asText());
        }
    }

    private void putMetadata(ObjectNode metadata, ShownRecord shown) {
        LogRecord record = shown.record();
        metadata.put("version", VERSION);
        metadata.putObject("product").put("name", "Evidence Vault").put("vendor_name", "Evidence Vault");
        metadata.putArray("profiles").add("record_integrity");
        putText(metadata, "uid", record.id());
        metadata.put("sequence", record.seq());
        metadata.put("logged_time", Math.floorDiv(record.recordedAt(), NANOS_PER_MILLI));
        metadata.put("tenant_uid", record.tenant());
        putText(metadata, "correlation_uid", shown.text("sharedEventId"));
    }

    private static void putFingerprint(ObjectNode fingerprint, Digest digest) {
        fingerprint.put("algorithm_id", SHA_256).put("value", digest.hex());
    }

    private void putAttestation(ObjectNode attestation, ShownRecord shown) {
        attestation
                .put("authority_uid", holdings.scope().verifier().name())
                .put("chain_uid", holdings.scope().logId().toString());
        putFingerprint(attestation.putObject("fingerprint"), shown.leafHash());
    }

    private static void putUnmapped(ObjectNode unmapped, ShownRecord shown) {
        LogRecord record = shown.record();
        unmapped.put("occurredAt", record.json().path("occurredAt").asText());
        unmapped.put("recordedAt", record.json().path("recordedAt").asText());
        JsonNode actor = shown.at("actor");
        if (!actor.isMissingNode()) {
            putText(unmapped, "side", actor.path("side").asText());
            unmapped.put("privileged", record.privileged());
            putText(unmapped, "onBehalfOf", actor.path("onBehalfOf").asText());
        }
        record.json().properties().forEach(member -> {
            if (UNMAPPED.contains(member.getKey())) {
                unmapped.set(member.getKey(), member.getValue());
            }
        });
        String details = shown.details();
        if (!details.isEmpty()) {
            unmapped.putRawValue("details", new RawValue(details));
        }
    }

    private static void putText(ObjectNode object, String name, String text) {
        if (!text.isEmpty()) {
            object.put(name, text);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
