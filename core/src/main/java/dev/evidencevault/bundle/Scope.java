package dev.evidencevault.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evidencevault.crypto.note.CheckpointKeys;
import dev.evidencevault.crypto.note.CosignatureVerifier;
import dev.evidencevault.crypto.note.NoteVerifier;
import dev.evidencevault.format.Json;
import dev.evidencevault.format.LeafHeader.Tag;
import dev.evidencevault.format.LogId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which log a bundle is from, and under which pseudonyms the order's actors and services stand in its leaves. Immutable.
 *
 * @param logId the log
 * @param actors the pseudonyms of the order's actors, by their ids
 * @param services the pseudonyms of the order's services, by their names
 * @param keys the public keys of checkpoints, the first also of the bundle
 */
public record Scope(LogId logId, Map<String, Tag> actors, Map<String, Tag> services, CheckpointKeys keys) {
    private static final String FORMAT = "evidence-vault-scope/1";

    /** With a second public key. */
    private static final String FORMAT_2 = "evidence-vault-scope/2";

    /** Copies the maps and checks that no two names share a pseudonym. */
    public Scope {
        actors = Map.copyOf(actors);
        services = Map.copyOf(services);
        Set<Tag> tags = new HashSet<>(actors.values());
        tags.addAll(services.values());
        if (tags.size() != actors.size() + services.size()) {
            throw new IllegalArgumentException("two names have the same pseudonym");
        }
        if (services.containsValue(Tag.NONE)) {
            throw new IllegalArgumentException("the pseudonym of a service is not that of none");
        }
    }

    /** Returns the bytes of the file. */
    public byte[] format() {
        ObjectNode json = Json.object();
        json.put("format", keys.postQuantum() == null ? FORMAT : FORMAT_2).put("logId", logId.toString());
        put(json.putObject("actors"), actors);
        put(json.putObject("services"), services);
        json.put("verifierKey", keys.verifier().format());
        CosignatureVerifier second = keys.postQuantum();
        if (second != null) {
            json.put("postQuantumKey", second.format());
        }
        return Json.bytes(json);
    }

    /** Returns the Ed25519 key. */
    public NoteVerifier verifier() {
        return keys.verifier();
    }

    private static void put(ObjectNode object, Map<String, Tag> tags) {
        new TreeMap<>(tags).forEach((name, tag) -> object.put(name, tag.toString()));
    }

    /**
     * Parses the bytes of the file.
     *
     * @throws IllegalArgumentException if they are not spelled as {@link #format()} does
     */
    public static Scope parse(byte[] bytes) {
        ObjectNode json = Json.parseObject(bytes, "the scope");
        Json.requireOnly(
                json, Set.of("format", "logId", "actors", "services", "verifierKey", "postQuantumKey"), "the scope");
        String format = Json.text(json, "format");
        if (!format.equals(FORMAT) && !format.equals(FORMAT_2)) {
            throw new IllegalArgumentException(
                    "expected the format " + FORMAT + " or " + FORMAT_2 + ", found " + json.path("format"));
        }
        Scope scope = new Scope(
                LogId.parse(Json.text(json, "logId")),
                tags(json.path("actors")),
                tags(json.path("services")),
                new CheckpointKeys(
                        NoteVerifier.parse(Json.text(json, "verifierKey")),
                        format.equals(FORMAT_2) ? CosignatureVerifier.parse(Json.text(json, "postQuantumKey")) : null));
        if (!Arrays.equals(scope.format(), bytes)) {
            throw new IllegalArgumentException("the file is not spelled as it was written");
        }
        return scope;
    }

    private static Map<String, Tag> tags(JsonNode object) {
        Map<String, Tag> tags = new TreeMap<>();
        object.properties()
                .forEach(entry ->
                        tags.put(entry.getKey(), Tag.parse(entry.getValue().asText())));
        return tags;
    }
}
